# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, time, timezone

from odoo import fields, models
from odoo.exceptions import UserError


class HcContact(models.Model):
    """Letters: laid out when they are due, printed in runs, sent when a person mailed them."""

    _inherit = "hc.contact"

    letter_run_id = fields.Many2one(
        "hc.letter.run",
        "Print Run",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    printed_at = fields.Datetime(
        "Printed", readonly=True, copy=False, help="When it was in the file of its print run last."
    )
    currency_id = fields.Many2one(related="account_id.currency_id", store=True)
    amount_told = fields.Monetary(readonly=True, copy=False, help="What the letter says is owed.")

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"letter_run_id", "printed_at", "amount_told"}

    def _deliver_letter(self):
        """Lay letters out; they wait in the print run until they are mailed."""
        laid_out = self.browse()
        for contact in self:
            try:
                contact._lay_out()
            except UserError as error:
                contact._fail(str(error))
                continue
            laid_out |= contact
        self.env["hc.letter.run"]._collect(laid_out)

    def _lay_out(self):
        self._keep_file(f"{self.account_id.name}-{self.id}.pdf", self._render_letter())
        self._write_guarded({"amount_told": self.account_id.amount_open})

    def _drop_stopped(self):
        """Withdraw what has been stopped since it was laid out; return what may go."""
        kept = self.browse()
        for (company, party), batch in self.grouped(
            lambda contact: (contact.company_id, contact.account_id.party)
        ).items():
            kept |= batch._withdraw_stopped(company, party)._withdraw_unlawful()
        return kept

    def _renew_amounts(self):
        """Lay out anew what tells an amount that is no longer owed.

        A statement says what was owed on its day, and stays as it was issued.
        """
        statements = self.env["hc.statement"].sudo().search([("contact_id", "in", self.ids)])
        for contact in self - statements.contact_id:
            account = contact.account_id
            if contact.level_id and account.currency_id.compare_amounts(
                contact.amount_told, account.amount_open
            ):
                contact._write_guarded({"body": False})
                contact._write_words()
                contact._lay_out()

    def _note_mailed(self, day):
        """They left the house on a day: contact, debts and accounts count from it."""
        today = fields.Date.context_today(self)
        moment = self.env.cr.now().replace(microsecond=0)
        if day < today:
            noon = datetime.combine(day, time(12), tzinfo=self.env.tz)
            moment = noon.astimezone(timezone.utc).replace(tzinfo=None)
        self._write_guarded({"happened_at": moment})
        self._transition("sent", reason=self.env._("mailed"))
        self.sudo().told_ids._write_guarded({"told_on": day})
        self.filtered("level_id").account_id._write_guarded({"last_level_on": day})

    def action_mail_returned(self):
        """The post brought letters back: nothing more is mailed there until somebody looks.

        Where the letter was a statement, the statement came back.
        """
        self.check_access("write")
        returned = self.filtered(lambda one: one.channel == "letter" and one.state == "sent")
        if not returned:
            raise UserError(self.env._("Only a letter that was mailed comes back."))
        self.env["hc.collection.account"].check_access("write")
        statements = self.env["hc.statement"].search(
            [("contact_id", "in", returned.ids), ("state", "=", "sent")]
        )
        if statements:
            statements.action_mail_returned()
        returned -= statements.sudo().contact_id.with_env(self.env)
        if returned:
            returned._note_returned()

    def _note_returned(self):
        returned = self
        accounts = returned.account_id.sudo()
        accounts._write_guarded({"mail_returned_on": fields.Date.context_today(self)})
        returned._transition("failed", reason=self.env._("mail returned"))
        returned._write_guarded({"outcome": "returned"})
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "mail_returned",
                    "queue_code": "patient_access",
                    "dedup_key": f"mail_returned:{account.id}",
                    "name": self.env._("Mail came back: %(account)s", account=account.name),
                    "description": self.env._(
                        "Find the right address, correct it on the patient, then press “Address "
                        "Corrected” on the account. Until then nothing is mailed there."
                    ),
                    "company_id": account.company_id.id,
                    "res_model": account._name,
                    "res_id": account.id,
                }
                for account in accounts
            ]
        )
