# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The ways out for an answer that is held because posting it would create a credit.

*Settled elsewhere*: people posted the payment before the file came. The answer is linked to their
postings, which agree to the cent, and only what is missing is posted. *Taken in as credit*: the
payer paid too much; its money becomes its credit on the case, to be refunded or taken back. Both
are controlled actions that a person asks for after a look.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from ..hc_claim_core.adjudication import plan_missing, plan_posting

_DECIDERS = ("hc_revenue_base.group_hc_manager", "hc_revenue_base.group_hc_finance_manager")
SETTLEMENTS = [("elsewhere", "Settled Elsewhere"), ("credit", "Taken In as Credit")]


class HcRemittanceClaim(models.Model):
    _inherit = "hc.remittance.claim"

    settlement = fields.Selection(SETTLEMENTS, "Way Out", readonly=True, copy=False)
    settlement_item_ids = fields.Many2many(
        "account.move.line",
        "hc_remittance_claim_settlement_rel",
        "answer_id",
        "line_id",
        "Settled By",
        readonly=True,
        copy=False,
    )
    settlement_action_id = fields.Many2one("hc.controlled.action", readonly=True, copy=False)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "settlement",
            "settlement_item_ids",
            "settlement_action_id",
        }

    def _get_settlement_items(self):
        """What people posted against the receivable of this answer's payer on its case.

        :return: ``{item: amount that it settles here}``; items that stand for another answer, or
            were posted by one, are not among them
        """
        self.ensure_one()
        owed = self.case_id._get_party_items(self.claim_id._responsibility)
        taken = (
            self.case_id.claim_ids.answer_ids.filtered(
                lambda answer: answer.state == "posted" and answer != self
            )
            .sudo()
            .settlement_item_ids
        )
        amounts = defaultdict(float)
        for partial in owed.matched_credit_ids:
            item = partial.credit_move_id
            if not item.hc_remittance_claim_id and item not in taken:
                amounts[item] += partial.amount
        return dict(amounts)

    def _split_settlement(self, items):
        """``(payments, allowances)`` of items, each ``{item: amount}``.

        :raise UserError: an item settles nothing of this payer and case, or stands for another
        """
        known = self.sudo()._get_settlement_items()
        if items - self.env["account.move.line"].union(*known):
            raise UserError(
                self.env._("Choose postings that settle what this payer owes on this case.")
            )
        payments, allowances = {}, {}
        for item in items:
            move = item.move_id
            is_payment = move.origin_payment_id or item.statement_line_id
            (payments if is_payment else allowances)[item] = known[item]
        return payments, allowances

    def _plan_missing(self, items):
        """What settling elsewhere still posts; its ``hold`` says why it is not possible."""
        payments, allowances = self._split_settlement(items)
        open_amount = sum(self._get_open_items()[self.id].mapped("amount_residual"))
        return plan_missing(
            self._get_answer(),
            self._to_decimal(open_amount),
            cash_posted=self._to_decimal(sum(payments.values())),
            allowance_posted=self._to_decimal(sum(allowances.values())),
            has_next_party=bool(self._get_next_party()),
        )

    def _check_settlement(self, settlement, items):
        """Whether the answer may be settled this way, as things are now.

        :raise UserError: why not
        """
        self.ensure_one()
        if self.state != "held" or self.hold_code != "credit":
            raise UserError(
                self.env._(
                    "Only an answer that is held because it would create a credit is settled so."
                )
            )
        if settlement == "credit":
            # Something may be open, a part that was denied or an earlier credit: what the payer
            # pays on top of it is too much all the same.
            fits = self._plan(self._get_open_items()[self.id]).hold != "credit"
            if fits or self.amount_paid <= 0:
                raise UserError(
                    self.env._(
                        "The answer fits what the payer owes on this case by now, or pays "
                        "nothing: there is no credit to take in. Try to post it again."
                    )
                )
            return
        if not items:
            raise UserError(self.env._("Choose the postings that stand for this answer."))
        reasons = {
            "cash_differs": self.env._(
                "The payments chosen do not come to the %(amount)s that the payer says it paid. "
                "Choose others, or correct the payment first.",
                amount=self.currency_id.format(self.amount_paid),
            ),
            "allowance_differs": self.env._(
                "The adjustments chosen do not come to the allowances of the answer."
            ),
            "credit": self.env._(
                "What is missing is still more than the payer owes on the case: choose what "
                "stands for it."
            ),
        }
        hold = self._plan_missing(items).hold
        if hold:
            labels = dict(self._fields["hold_code"]._description_selection(self.env))
            raise UserError(reasons.get(hold) or labels.get(hold, hold))

    def _request_settlement(self, settlement, items, *, idempotency_key, **values):
        """Request that the answer leaves the list of those that wait.

        :param str settlement: a key of ``SETTLEMENTS``
        :param items: receivable items that stand for it; none where it is taken in as credit
        :return: the controlled action
        """
        self.ensure_one()
        return self.env["hc.controlled.action"]._request(
            "answer_settlement",
            self,
            idempotency_key=idempotency_key,
            amount=self.amount_paid,
            case_id=self.case_id.id,
            parameters={"settlement": settlement, "item_ids": sorted(items.ids)},
            **values,
        )

    def _settle_by(self, action):
        """Do what was agreed to."""
        self.ensure_one()
        self._lock_for_transition(["state", "claim_id"])
        self.case_id.lock_for_update(allow_referencing=True)
        settlement, items = action._get_settlement()
        self._check_settlement(settlement, items)
        self._transition("matched", reason=action.justification, facts={"action": action.id})
        self._write_guarded(
            {
                "settlement": settlement,
                "settlement_item_ids": [(6, 0, items.ids)],
                "settlement_action_id": action.id,
            }
        )
        if settlement == "credit":
            self._take_in_as_credit()
        else:
            self._post_missing(items)
        self._invoice_patients()
        self._resolve_waiting_item()

    def _take_in_as_credit(self):
        """The whole payment becomes the payer's credit on the case."""
        accounts = self._get_accounts()
        partner = self.claim_id.payer_id.partner_id
        receivable = partner.with_company(self.company_id).property_account_receivable_id
        common = self._prepare_settlement_vals()
        move = self.remittance_id._create_entry(
            accounts["remittance_clearing"].journal_id,
            [
                common
                | {
                    "account_id": accounts["remittance_clearing"].account_id.id,
                    "balance": self.amount_paid,
                    "amount_currency": self.amount_paid,
                },
                common
                | {
                    "account_id": receivable.id,
                    "balance": -self.amount_paid,
                    "amount_currency": -self.amount_paid,
                },
            ],
            self.env._("Credit"),
        )
        self._write_guarded(
            {
                "amount_allowed_off": 0.0,
                "amount_moved": 0.0,
                "next_party": False,
                "amount_denied": 0.0,
                "amount_pended": 0.0,
                "move_id": move.id,
                "hold_code": False,
                "hold_note": False,
            }
        )
        self._transition("posted", facts={"entry": move.id, "settlement": "credit"})

    def _post_missing(self, items):
        """Post what nobody has posted, and let the postings that exist stand for the rest."""
        payments, _allowances = self._split_settlement(items)
        rest = self._plan_missing(items)
        owed = self._get_open_items()
        accounts = self._get_accounts()
        lines = self._prepare_lines(rest, owed[self.id], accounts)
        if payments:
            lines += self._prepare_cash_lines(payments, accounts)
        move = self.env["account.move"]
        if lines:
            move = self.remittance_id._create_entry(
                accounts["remittance_clearing"].journal_id, lines, self.env._("Settled elsewhere")
            )
        whole = plan_posting(
            self._get_answer(),
            self._to_decimal(self.amount_charged),
            has_next_party=bool(self._get_next_party()),
        )
        self._record({self: whole}, move.id)
        self._settle(move, owed)
        self._settle_transit(move)
        self._claim_from_next_payer()
        self.case_id._close_if_settled()

    def _prepare_settlement_vals(self):
        return {
            "name": self.claim_id.name,
            "partner_id": self.claim_id.payer_id.partner_id.id,
            "hc_case_id": self.case_id.id,
            "hc_responsibility": self.claim_id._responsibility,
            "hc_remittance_claim_id": self.id,
            "analytic_distribution": False,
        }

    def _prepare_cash_lines(self, payments, accounts):
        """The money came once: what the remittance expects is what the payments brought."""
        receipts = self.env["hc.ledger.account"]._get_for(self.company_id, "remittance_receipts")
        common = self._prepare_settlement_vals()
        lines = [
            common
            | {
                "account_id": accounts["remittance_clearing"].account_id.id,
                "balance": self.amount_paid,
                "amount_currency": self.amount_paid,
            }
        ]
        for item, amount in payments.items():
            transit = item._get_transit_item()
            account = transit.account_id or receipts.account_id
            # On no case: it settles what is in transit, and that is the bank's and no case's.
            of_none = {"hc_case_id": False, "hc_responsibility": False}
            posted = {"balance": -amount, "amount_currency": -amount}
            lines.append(common | of_none | posted | {"account_id": account.id})
        return lines

    def _settle_transit(self, move):
        """Settle the payments in transit, of people or of the remittance, by the cash lines."""
        waiting = self.env["account.move.line"].union(
            *(item._get_transit_item() for item in self.settlement_item_ids),
            self.remittance_id._get_receipt_items().filtered(lambda line: not line.reconciled),
        )
        plan = []
        for line in move.line_ids.filtered(lambda line: line._is_cash_leg()):
            partners = waiting.filtered(
                lambda item, account=line.account_id: item.account_id == account
            )
            if partners:
                plan.append(line | partners)
        self.env["account.move.line"]._reconcile_plan(plan)

    def _mirror(self, cause=None):
        """What other postings stood for is owed again, where the payer itself takes it back."""
        move = super()._mirror(cause)
        linked = cause and cause != self and self.settlement == "elsewhere"
        allowed_off = self._get_linked_allowance() if linked else 0.0
        if allowed_off:
            common = self._prepare_settlement_vals() | {"hc_remittance_claim_id": cause.id}
            use = self.env["hc.ledger.account"]._get_for(self.company_id, "contractual_allowance")
            partner = self.claim_id.payer_id.partner_id.with_company(self.company_id)
            cause.remittance_id._create_entry(
                use.journal_id,
                [
                    common
                    | {
                        "account_id": partner.property_account_receivable_id.id,
                        "balance": allowed_off,
                        "amount_currency": allowed_off,
                    },
                    *[
                        common
                        | {
                            "account_id": account.id,
                            "balance": -amount,
                            "amount_currency": -amount,
                        }
                        for account, amount in self._get_linked_accounts(allowed_off).items()
                    ],
                ],
                self.env._("Reversal"),
            )
        return move

    def _get_linked_accounts(self, allowed_off):
        """``{account: amount}``: what the postings that stood for the allowances were booked on."""
        known = self._get_settlement_items()
        amounts = defaultdict(float)
        for item in self.settlement_item_ids:
            others = item.move_id.line_ids.filtered(
                lambda line: line.account_type not in ("asset_receivable", "asset_cash")
            )
            is_payment = item.move_id.origin_payment_id or item.statement_line_id
            if not is_payment and len(others.account_id) == 1:
                amounts[others.account_id] += known.get(item, 0.0)
        if self.currency_id.compare_amounts(sum(amounts.values()), allowed_off):
            use = self.env["hc.ledger.account"]._get_for(self.company_id, "contractual_allowance")
            return {use.account_id: allowed_off}
        return amounts

    def _get_linked_allowance(self):
        """Allowances that other postings stood for: the whole, or nothing."""
        posted = sum(
            self.line_ids.filtered(
                lambda line: (
                    line.account_id == self._get_accounts()["contractual_allowance"].account_id
                )
            ).mapped("balance")
        )
        return self.currency_id.round(self.amount_allowed_off - posted)

    def action_open_settlement(self):
        """Ask what the answer's money is: too much, where nobody posted anything by hand."""
        self.ensure_one()
        way = "elsewhere" if self.sudo()._get_settlement_items() else "credit"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settle the Answer to %(claim)s", claim=self.claim_id.name),
            "res_model": "hc.remittance.settlement.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_answer_id": self.id,
                "default_settlement": way,
                "dialog_size": "large",
            },
        }


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _is_cash_leg(self):
        """An item of an answer that took money out of transit, rather than to a receivable."""
        self.ensure_one()
        return bool(
            self.hc_remittance_claim_id
            and self.account_id.reconcile
            and self.account_type != "asset_receivable"
        )

    def _get_transit_item(self):
        """The item that waits for the bank, of the payment that this item belongs to, if any."""
        others = self.move_id.line_ids.filtered(
            lambda line: (
                line.account_id.reconcile
                and not line.reconciled
                and line.account_type not in ("asset_receivable", "asset_cash")
            )
        )
        return others if len(others) == 1 else others.browse()

    def _prepare_mirror_vals(self, cause):
        vals = super()._prepare_mirror_vals(cause)
        answer = self.hc_remittance_claim_id
        if answer.settlement == "elsewhere" and cause and cause != answer and self._is_cash_leg():
            # Money that was received and posted by people stays so; the payer is owed it again.
            partner = self.partner_id.with_company(self.company_id)
            vals |= {
                "account_id": partner.property_account_receivable_id.id,
                "hc_case_id": answer.case_id.id,
                "hc_responsibility": answer.claim_id._responsibility,
                "date_maturity": cause.remittance_id._get_today(),
            }
        return vals


class HcControlledAction(models.Model):
    """Settling a held answer is an act that somebody else may have to agree to."""

    _inherit = "hc.controlled.action"

    kind = fields.Selection(
        selection_add=[("answer_settlement", "Settle a Held Answer")],
        ondelete={"answer_settlement": "cascade"},
    )

    def _gate(self):
        if self.kind == "answer_settlement" and not any(
            map(self.requester_id.has_group, _DECIDERS)
        ):
            return GateDecision(
                "refuse",
                self.env._("Managers and finance managers settle held answers. Ask one of them."),
            )
        return super()._gate()

    def _get_related_kind(self):
        return "reversal" if self.kind == "answer_settlement" else super()._get_related_kind()

    def _get_settlement(self):
        """``(settlement, items)`` of the request."""
        parameters = self.parameters or {}
        items = self.env["account.move.line"].browse(parameters.get("item_ids", ())).exists()
        return parameters.get("settlement"), items

    def _check_request(self):
        result = super()._check_request()
        if self.kind == "answer_settlement":
            settlement, items = self._get_settlement()
            if settlement not in dict(SETTLEMENTS):
                raise UserError(self.env._("Choose what the money is."))
            self._get_subject()._check_settlement(settlement, items)
        return result

    def _get_reversed_action(self):
        original = super()._get_reversed_action()
        for entry in original.entry_ids:
            if entry._get_answer_stood_for():
                entry._refuse_undoing()
        return original

    def _apply_answer_settlement(self):
        self._get_subject().sudo()._settle_by(self)
