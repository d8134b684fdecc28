# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Taking an acceptance back: base's controlled action "reversal" with the takeback as subject."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .hc_remittance_posting import QUIET

ACCEPTANCE = ("takeback_accept", "hc.takeback")


class HcTakeback(models.Model):
    """An acceptance that was wrong is undone as it was agreed to: on request, as a whole, once."""

    _inherit = "hc.takeback"

    acceptance_id = fields.Many2one(
        "hc.controlled.action",
        "Acceptance in Force",
        compute="_compute_acceptance",
        compute_sudo=True,
        help="The last one that was applied and not undone.",
    )

    @api.depends("state", "amount_booked")
    def _compute_acceptance(self):
        for takeback in self:
            takeback.acceptance_id = takeback._get_standing_acceptances()[-1:]

    def _get_standing_acceptances(self):
        """Those that were applied and not undone, in order."""
        acceptances = self._get_acceptances()
        # Whether an action was reversed is known by another action, which no field follows.
        acceptances.invalidate_recordset(["reversal_id", "is_reversible"])
        return acceptances.filtered("is_reversible").sorted("id")

    def _request_undo(self, *, idempotency_key, **values):
        """Request that the acceptance in force is undone.

        :param values: ``reason_code_id``, ``justification``, ``evidence``
        :return: the controlled action
        :raise UserError: there is none, or something was built on it
        """
        self.ensure_one()
        self.check_access("write")
        acceptance = self.acceptance_id
        return self.env["hc.controlled.action"]._request(
            "reversal",
            self,
            idempotency_key=idempotency_key,
            amount=acceptance.amount,
            case_id=acceptance.case_id.id,
            facility_id=acceptance.facility_id.id,
            payer_type=self.payer_id.payer_type,
            parameters={"action_id": acceptance.id},
            **values,
        )

    def _check_undoable(self, acceptance):
        """Whether an acceptance can be undone without touching what came after it.

        :raise UserError: what must be done first
        """
        self.ensure_one()
        self.invalidate_recordset(["action_ids"])
        later = self._get_standing_acceptances().filtered(lambda act: act.id > acceptance.id)
        if later:
            raise UserError(
                self.env._(
                    "%(takeback)s was accepted again since. Undo that acceptance first.",
                    takeback=self.display_name,
                )
            )
        if self.state == "requested":
            raise UserError(
                self.env._(
                    "Another acceptance of %(takeback)s is requested. Wait for it, or withdraw it.",
                    takeback=self.display_name,
                )
            )
        owed = acceptance.entry_ids.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        partners = owed.matched_credit_ids.credit_move_id | owed.matched_debit_ids.debit_move_id
        settled = partners.move_id.filtered(lambda move: move.id > max(acceptance.entry_ids.ids))
        if settled:
            raise UserError(
                self.env._(
                    "%(entry)s settled what is owed since the acceptance. Take that back first.",
                    entry=settled[0].name,
                )
            )

    def _reverse_adjustment(self, action):
        """Undo exactly what an acceptance booked; the takeback stands as before it.

        :return: the reversing entries
        :raise UserError: something was built on it, or the period is closed
        """
        self.ensure_one()
        self._lock_for_transition(["state", "balance", "claim_id"])
        original = action._get_reversed_action()
        original._lock_for_transition(["state"])
        entries = original.entry_ids.filtered(lambda move: move.state == "posted")
        today = fields.Date.context_today(self)
        for journal in entries.journal_id:
            # Odoo refuses a closed period here, where posting would move the date to the next one.
            entries.new(
                {"move_type": "entry", "journal_id": journal.id, "date": today}
            )._check_fiscal_lock_dates()
        moves = entries.with_context(**QUIET)
        with moves._permit_undoing(), moves._permit_creation():
            reversals = moves._reverse_moves(
                [
                    {
                        "date": today,
                        "ref": self.env._("Reversal of %(entry)s", entry=entry.name),
                        "hc_action_id": action.id,
                        "hc_takeback_id": self.id,
                    }
                    for entry in entries
                ],
                cancel=True,
            )
        self._stand_as_before(original, action)
        self._refresh()
        case = original.case_id
        case._reopen_unsettled(action)
        case._close_if_settled()
        return reversals

    def _stand_as_before(self, original, action):
        """To be decided again; disputed again where it was accepted out of a dispute."""
        if self.state != "accepted":
            # Its documents moved since: it is to be decided already.
            return
        target = "new"
        if self.disputed_on and not self.currency_id.compare_amounts(
            (original.parameters or {}).get("balance", 0.0), self.disputed_balance
        ):
            target = "disputed"
        self._transition(
            target,
            reason=action.justification,
            facts={"action": action.id, "undone": original.id},
            on_behalf_of=action.requester_id,
        )


class HcControlledAction(models.Model):
    """An acceptance is reversed as adjustments and refunds are."""

    _inherit = "hc.controlled.action"

    @api.model
    def _get_reversible_acts(self):
        return super()._get_reversible_acts() | {ACCEPTANCE}

    def _get_reversed_action(self):
        original = super()._get_reversed_action()
        if original.kind == "takeback_accept":
            original._get_subject().sudo()._check_undoable(original)
        return original

    def action_open_reversal(self):
        if self.kind == "takeback_accept":
            takeback = self._get_subject().with_context(default_decision="undo")
            return takeback.action_open_decision()
        return super().action_open_reversal()
