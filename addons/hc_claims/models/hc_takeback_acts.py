# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the office does about a takeback: accept it, which books it, or dispute it."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .hc_remittance_posting import QUIET
from .hc_takeback import RECOUPMENT

_DECIDERS = ("hc_revenue_base.group_hc_manager", "hc_revenue_base.group_hc_finance_manager")
_REFUSED_STATES = ("rejected", "void", "expired")


class HcTakeback(models.Model):
    _inherit = "hc.takeback"

    booking_ids = fields.One2many(
        "account.move",
        "hc_takeback_id",
        "Bookings",
        readonly=True,
        groups="account.group_account_readonly",
    )

    @api.model
    def _propose_claim(self, company_id, payer_id, reference):
        """The claim whose number, or whose payer's number, the payer gives as reference."""
        claims = self.env["hc.claim"].sudo()
        if not reference:
            return claims
        found = claims.search(
            [
                ("company_id", "=", company_id),
                ("payer_id", "=", payer_id),
                "|",
                ("name", "=", reference),
                ("payer_claim_number", "=", reference),
            ],
            limit=2,
        )
        return found if len(found) == 1 else claims

    def _get_booked_items(self):
        """Our own items on the account: what acceptances booked."""
        use = self.env["hc.ledger.account"]._get_for(self.company_id, RECOUPMENT)
        return (
            self.sudo()
            .booking_ids.filtered(lambda move: move.state == "posted")
            .line_ids.filtered(lambda line: line.account_id == use.account_id)
        )

    def _get_bookable(self):
        """What accepting books now.

        Above zero: money that was taken and that nothing explains. Below zero: a refund of ours
        that the payer acknowledges (code 72), or an earlier booking that its own reversal made
        needless. Money that it only announces is booked by its own documents.
        """
        self.ensure_one()
        if self.currency_id.compare_amounts(self.balance, 0) >= 0:
            return self.balance
        ours = min(0.0, self.amount_booked) + self.amount_returned
        return max(self.balance, ours) if ours < 0 else 0.0

    def _pick_claim(self, claim):
        """Say which claim the payer takes money of."""
        self.ensure_one()
        self.check_access("write")
        claim.check_access("read")
        takeback = self.sudo()
        takeback._lock_for_transition(["state", "claim_id"])
        if takeback.state in ("requested", "accepted"):
            raise UserError(
                self.env._(
                    "The acceptance of %(takeback)s is requested or done: it is of the claim that "
                    "was asked for.",
                    takeback=takeback.display_name,
                )
            )
        if claim.sudo().payer_id != takeback.payer_id:
            raise UserError(self.env._("This claim is another payer's."))
        takeback._write_guarded({"claim_id": claim.id})
        takeback._log_decision(
            reason=self.env._("claim picked by a person"), facts={"claim": claim.id}
        )

    def _request_acceptance(self, *, idempotency_key, **values):
        """Request that the takeback is accepted: booked, or agreed to where it is announced.

        :return: the controlled action
        :raise UserError: there is nothing to accept, or it is asked for already
        """
        self.ensure_one()
        self.check_access("write")
        takeback = self.sudo()
        takeback._lock_for_transition(["state", "balance", "claim_id"])
        if not takeback._transition("requested"):
            raise UserError(
                self.env._(
                    "The acceptance of %(takeback)s is requested already. Wait for it, or "
                    "withdraw it.",
                    takeback=takeback.display_name,
                )
            )
        return self.env["hc.controlled.action"]._request(
            "takeback_accept",
            self,
            idempotency_key=idempotency_key,
            amount=abs(takeback.balance),
            case_id=takeback.case_id.id,
            facility_id=takeback.case_id.facility_id.id,
            payer_type=takeback.payer_id.payer_type,
            parameters={"claim_id": takeback.claim_id.id, "balance": takeback.balance},
            **values,
        )

    def _release_refused(self):
        """What was asked for and refused, or withdrawn, is to be decided again."""
        self.invalidate_recordset(["action_ids"])
        for takeback in self.filtered(lambda takeback: takeback.state == "requested"):
            asked = takeback._get_acceptances()
            if not asked.filtered(lambda action: action.state == "pending"):
                takeback._transition("new", reason=self.env._("acceptance refused or withdrawn"))

    def _get_acceptances(self):
        """All that were requested, whatever became of them."""
        return self.sudo().action_ids.filtered(lambda action: action.kind == "takeback_accept")

    def _check_acceptable(self, action):
        """Whether what was asked for still stands.

        :raise UserError: the account moved since, is of another claim, or comes to zero
        """
        self.ensure_one()
        parameters = action.parameters or {}
        asked = parameters.get("balance", 0.0)
        if self.currency_id.is_zero(self.balance):
            raise UserError(self.env._("%(takeback)s comes to zero.", takeback=self.display_name))
        if (parameters.get("claim_id") or False) != self.claim_id.id:
            raise UserError(
                self.env._(
                    "%(takeback)s was of another claim when it was asked for. Ask again.",
                    takeback=self.display_name,
                )
            )
        if self.currency_id.compare_amounts(asked, self.balance):
            raise UserError(
                self.env._(
                    "%(takeback)s came to %(asked)s when it was asked for and to %(now)s now. "
                    "Ask again.",
                    takeback=self.display_name,
                    asked=self.currency_id.format(asked),
                    now=self.currency_id.format(self.balance),
                )
            )

    def _accept(self, action):
        """Book what is to be booked: the claim is owed again, or the money is lost."""
        self.ensure_one()
        self._lock_for_transition(["state", "balance", "claim_id"])
        self._check_acceptable(action)
        amount = self._get_bookable()
        self._transition(
            "accepted",
            reason=action.justification,
            facts={"action": action.id, "claim": self.claim_id.id},
            on_behalf_of=action.requester_id,
        )
        if not self.currency_id.is_zero(amount):
            entry = self._book(amount, action)
            self._settle_booking(entry)
            self.case_id._reopen_unsettled(action)
        self._refresh()

    def _book(self, amount, action):
        """Take an amount off the account with the payer; above zero the payer owes it again."""
        uses = self.env["hc.ledger.account"]
        recoupment = uses._get_for(self.company_id, RECOUPMENT)
        settlement = uses._get_for(self.company_id, "payer_settlement")
        partner = self.payer_id.partner_id.with_company(self.company_id)
        claim = self.claim_id
        counter = partner.property_account_receivable_id if claim else settlement.account_id
        common = {"name": action.name, "partner_id": partner.id}
        sides = ("debit", "credit") if amount > 0 else ("credit", "debit")
        entry = (
            self.env["account.move"]
            .with_context(**QUIET)
            ._create_guarded(
                [
                    {
                        "move_type": "entry",
                        "company_id": self.company_id.id,
                        "journal_id": settlement.journal_id.id,
                        "date": fields.Date.context_today(self),
                        "ref": self.display_name,
                        "hc_action_id": action.id,
                        "hc_takeback_id": self.id,
                        "line_ids": [
                            Command.create(
                                common
                                | {
                                    "account_id": counter.id,
                                    "hc_case_id": claim.case_id.id,
                                    "hc_responsibility": claim._responsibility if claim else False,
                                    sides[0]: abs(amount),
                                }
                            ),
                            Command.create(
                                common
                                | {"account_id": recoupment.account_id.id, sides[1]: abs(amount)}
                            ),
                        ],
                    }
                ]
            )
        )
        entry._post(soft=False)
        return entry

    def _settle_booking(self, entry):
        """Settle what is owed again with what the payer overpaid, or our refund, on the case."""
        line = entry.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        if not line:
            return
        items = self.case_id._get_party_items(line.hc_responsibility)
        items |= self.case_id._get_credit_items(line.hc_responsibility)
        refunds = self.env["account.move.line"].search(
            [
                ("move_id.hc_action_id.case_id", "=", self.case_id.id),
                ("move_id.hc_action_id.kind", "=", "refund_payer"),
                ("account_id", "=", line.account_id.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        opposite = (items | refunds).filtered(
            lambda item: (
                item.account_id == line.account_id
                and not item.reconciled
                and item.amount_residual * line.balance < 0
            )
        )
        if opposite:
            (line | opposite)._reconcile_plan([line | opposite])

    def _dispute(self, note):
        """Record that the office objects: it goes to the payer in writing, nothing is booked."""
        self.ensure_one()
        self.check_access("write")
        if len((note or "").strip()) < 5:
            raise UserError(self.env._("Say in a sentence why: the payer and the log read it."))
        takeback = self.sudo()
        takeback._transition("disputed", reason=note)
        takeback._write_guarded(
            {
                "dispute_note": note,
                "disputed_on": fields.Date.context_today(self),
                "disputed_balance": takeback.balance,
            }
        )
        takeback._follow_balance()

    def action_open_decision(self):
        """Ask whether it is accepted or disputed, and of which claim it is."""
        self.ensure_one()
        self.check_access("write")
        title = (
            self.env._("Undo the Acceptance of %(name)s", name=self.reference or "–")
            if self.env.context.get("default_decision") == "undo"
            else self.env._("Decide About the Takeback %(name)s", name=self.reference or "–")
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "hc.takeback.decision.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {**self.env.context, "default_takeback_id": self.id},
        }

    def action_open_claim(self):
        """Open the claim that it is of."""
        self.ensure_one()
        return self.claim_id._get_records_action()

    def action_open_actions(self):
        """Open the acceptances that were requested."""
        self.ensure_one()
        return self.action_ids._get_records_action()


class AccountMove(models.Model):
    _inherit = "account.move"

    hc_takeback_id = fields.Many2one(
        "hc.takeback",
        "Takeback",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"hc_takeback_id"}


class HcControlledAction(models.Model):
    """Accepting a takeback gives money away: the matrix of approvals says who agrees."""

    _inherit = "hc.controlled.action"

    kind = fields.Selection(
        selection_add=[("takeback_accept", "Accepted Takeback")],
        ondelete={"takeback_accept": "cascade"},
    )

    def _gate(self):
        if self.kind == "takeback_accept" and not any(map(self.requester_id.has_group, _DECIDERS)):
            return GateDecision(
                "refuse",
                self.env._("Managers and finance managers accept takebacks. Ask one of them."),
            )
        return super()._gate()

    def _check_request(self):
        result = super()._check_request()
        if self.kind == "takeback_accept":
            self._get_subject()._check_acceptable(self)
        return result

    def _move(self, target, field_name, reason, facts, on_behalf_of):
        result = super()._move(target, field_name, reason, facts, on_behalf_of)
        if field_name == "state" and target in _REFUSED_STATES:
            asked = self.filtered(lambda action: action.kind == "takeback_accept")
            self.env["hc.takeback"].sudo().browse(asked.mapped("res_id"))._release_refused()
        return result

    def _apply_takeback_accept(self):
        self._get_subject().sudo()._accept(self)
