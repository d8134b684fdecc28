# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The clock of a credit that was listed before: the same money has the same last day."""

from odoo import api, fields, models

from ..hc_claim_core.adjudication import REVERSAL


class HcCreditBalance(models.Model):
    _inherit = "hc.credit.balance"

    @api.model
    def _find_listed_before(self, company, vals_list):
        """Resolved credits that may have been the same money as credits that are found now.

        :return: ``{source key: credits}``, the last one first
        """

        def get_party(vals):
            return vals["case_id"], vals["responsibility"], vals["partner_id"]

        found = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "resolved"),
                "|",
                ("source_key", "in", [vals["source_key"] for vals in vals_list]),
                ("case_id", "in", [vals["case_id"] for vals in vals_list if vals["case_id"]]),
            ]
        )
        by_key = found.grouped("source_key")
        by_party = found.filtered("case_id").grouped(
            lambda credit: (credit.case_id.id, credit.responsibility, credit.partner_id.id)
        )
        none = self.browse()
        return {
            vals["source_key"]: (
                by_key.get(vals["source_key"], none) | by_party.get(get_party(vals), none)
            ).sorted("id", reverse=True)
            for vals in vals_list
        }

    def _get_carried_clock(self, source_key, today):
        """The clock of money that was listed before and never returned; a new one for other money.

        Moving it from one list to another, or taking its refund back, starts no new period.

        :param self: what was listed before, see :meth:`_find_listed_before`
        :param str source_key: of the money
        """
        known = self.browse()
        for credit in self:
            if credit._is_kept_after_all():
                known |= credit
            elif credit.source == "balance" or credit.source_key == source_key:
                # Older ones were part of this one, which was returned or placed.
                break
        first = known.sorted("identified_on")[:1]
        return {
            "identified_on": first.identified_on or today,
            "suspended_on": first.suspended_on,
            "suspension_ended_on": first.suspension_ended_on,
        }

    def _is_kept_after_all(self):
        """Whether a resolved credit was only moved to the case, or its return was undone."""
        self.ensure_one()
        answer = self.answer_id
        self.action_ids.invalidate_recordset(["reversal_id"])
        return (
            (answer.settlement == "credit" and answer.state == "posted")
            or bool(self.action_ids.reversal_id)
            or self._is_offset_undone()
        )

    def _is_offset_undone(self):
        """Whether the payer had taken it back by what was undone since.

        A takeback is a remittance that announces it or reverses an answer of the case, or one
        that we accepted, while the credit was listed.
        """
        self.ensure_one()
        if self.adjustment_id.remittance_id.state == "undone":
            return True
        claims = self.case_id.claim_ids.filtered(
            lambda claim: claim.payer_id == self.payer_id or not self.payer_id
        )
        reversals = claims.answer_ids.filtered(
            lambda answer: answer.status_code == REVERSAL and answer.state == "undone"
        )
        takebacks = self.env["hc.takeback"].search([("claim_id", "in", claims.ids)])
        acceptances = takebacks._get_acceptances()
        acceptances.invalidate_recordset(["reversal_id"])
        entries = reversals.move_id | acceptances.filtered("reversal_id").entry_ids
        return any(
            self.create_date < entry.create_date
            and fields.Date.context_today(self, entry.create_date) <= self.resolved_on
            for entry in entries
        )
