# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcContact(models.Model):
    """A level that sends a statement issues one, as the office would by hand."""

    _inherit = "hc.contact"

    def _issue_statements(self):
        """Issue a statement for each contact that may have one; return the others.

        An account that had its statement of the month, or that owes for no visit, gets the words
        of the level.
        """
        asked = self.filtered(
            lambda one: (
                one.purpose == "statement"
                and one.level_id
                and one.channel in ("letter", "portal")
                and one.account_id.party == "patient"
            )
        )
        if not asked:
            return self
        statements, today = self.env["hc.statement"].sudo(), fields.Date.context_today(self)
        by_account = {one.account_id: one for one in asked}
        figures = statements._read_open(asked.account_id, today)
        of_visits = asked.account_id.filtered(lambda account: figures[account.id].cases)
        made, _skipped = statements._make(of_visits, today, minimum=0.0, days=0)
        for statement in made:
            contact = by_account[statement.account_id]
            statement._write_guarded({"cadence_contact_id": contact.id})
            vals = statement._prepare_contact()
            contact._write_guarded(
                {name: vals[name] for name in ("channel", "subject", "language", "address")}
            )
        made._issue()
        issued = made.cadence_contact_id
        for statement in made:
            statement.cadence_contact_id._write_guarded(
                {
                    "attachment_id": statement.attachment_id.id,
                    "checksum": statement.checksum,
                    "amount_told": statement.amount_due,
                }
            )
        self.env["hc.letter.run"]._collect(issued.filtered(lambda one: one.channel == "letter"))
        return self - issued

    def _withdraw(self, code, words, **values):
        result = super()._withdraw(code, words, **values)
        self._void_statements()
        return result

    def _get_issued_statements(self):
        """The statements of levels that have not gone out yet."""
        return (
            self.env["hc.statement"]
            .sudo()
            .search([("cadence_contact_id", "in", self.ids), ("state", "=", "issued")])
        )

    def _void_statements(self):
        """A statement that did not go out is none."""
        statements = self._get_issued_statements()
        if statements:
            statements._transition("void", reason=self.env._("its letter was withdrawn"))

    def _note_mailed(self, day):
        result = super()._note_mailed(day)
        statements = self._get_issued_statements()
        if statements:
            statements._mark_sent()
        return result
