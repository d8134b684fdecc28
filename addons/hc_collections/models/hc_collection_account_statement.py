# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_dunning_core.guardrails.acts import STATEMENT
from ..hc_dunning_core.statement_words import words_of


class HcCollectionAccount(models.Model):
    """The statements of an account, and how they reach the guarantor."""

    _inherit = "hc.collection.account"

    statement_ids = fields.One2many("hc.statement", "account_id", "Statements", readonly=True)
    statement_count = fields.Integer("No. of Statements", compute="_compute_statement_count")
    last_statement_on = fields.Date("Last Statement", readonly=True, copy=False, index=True)
    mail_returned_on = fields.Date(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The post brought a letter back: nothing more is mailed until the address is put "
        "right.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"last_statement_on", "mail_returned_on"}

    def _compute_statement_count(self):
        counts = dict(
            self.env["hc.statement"]._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["__count"]
            )
        )
        for account in self:
            account.statement_count = counts.get(account, 0)

    def _get_guarantor_name(self):
        patient = self.sudo().patient_id
        return " ".join(filter(None, (patient.first_name, patient.last_name)))

    def _get_mail_lines(self):
        """The lines of the window of an envelope; empty where the address is incomplete."""
        patient = self.sudo().patient_id
        if not (patient.street and patient.city and patient.zip):
            return []
        place = " ".join(filter(None, (patient.city, patient.state_id.code, patient.zip)))
        lines = (self._get_guarantor_name(), patient.street, patient.street2, place)
        return [line for line in lines if line]

    def _get_statement_channel(self):
        """How the next statement goes out; False where there is no way."""
        self.ensure_one()
        return self._get_statement_channels()[self.id]

    def _get_statement_channels(self):
        """``{account id: channel, or False where there is no way}`` of the next statements."""
        told_of = self._get_portal_readers()
        channels = {}
        for account in self:
            readers = told_of[account.id]
            mail_works = not account.mail_returned_on and bool(account._get_mail_lines())
            if readers and (readers[0].is_paperless or not mail_works):
                channels[account.id] = "portal"
            else:
                channels[account.id] = "letter" if mail_works else False
        return channels

    def _get_portal_readers(self):
        """``{account id: portal accesses, as sudo}`` whose people an e-mail tells of a statement.

        Those who agreed to bills without paper; where nobody did, all who sign in. None where
        the account opted out of e-mail: a bill of which nothing tells is no bill that was provided.
        """
        verdicts = self.env["hc.contact.consent"]._get_verdicts(self)
        readers = {}
        for account in self.sudo():
            active = account.portal_access_ids.filtered(lambda one: one.state == "active")
            if verdicts.get((account.id, "email")) == "revoked":
                active = active.browse()
            readers[account.id] = active.filtered("is_paperless") or active
        return readers

    def _get_statement_address(self, channel):
        if channel == "letter":
            return ", ".join(self._get_mail_lines()[1:])
        return ", ".join(self._get_portal_readers()[self.id].mapped("email"))

    def _note_statement(self):
        for account in self:
            day = max(account.statement_ids.mapped("statement_date"), default=False)
            account._write_guarded({"last_statement_on": day})

    def action_send_statement(self):
        """Issue a statement for each of the accounts that may get one; say why others do not."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        # A person asks: neither the smallest amount nor the days since the last one count.
        made, skipped = self.env["hc.statement"]._make(self, today, minimum=0.0, days=0)
        made._issue()
        if len(self) == 1 and skipped.get(self.id) == "guardrail":
            self._require_lawful(STATEMENT)
        if len(self) == 1 and skipped:
            raise UserError(self._get_skip_message(skipped[self.id]))
        return self._notify_statements(made, skipped)

    @api.model
    def _cron_issue_statements(self):
        """Scheduled Action: start today's statements of the accounts in its scope."""
        self.env["hc.statement.run"]._issue_today()

    def _get_skip_message(self, reason):
        reasons = dict(self.env["hc.statement.run.line"]._get_skip_reasons())
        return self.env._(
            "%(account)s gets no statement: %(reason)s.", account=self.name, reason=reasons[reason]
        )

    def _notify_statements(self, made, skipped):
        reasons = dict(self.env["hc.statement.run.line"]._get_skip_reasons())
        counts = {}
        for reason in skipped.values():
            counts[reason] = counts.get(reason, 0) + 1
        lines = [self.env._("%(count)s statements issued.", count=len(made))]
        lines += [f"{reasons[reason]}: {count}" for reason, count in counts.items()]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if made else "warning",
                "message": " ".join(lines),
                "sticky": bool(skipped),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_open_statements(self):
        """Open the statements of the account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_collections.hc_statement_action")
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_address_corrected(self):
        """Letters may go out again: somebody has put the address right."""
        self.check_access("write")
        self._write_guarded({"mail_returned_on": False})
        items = self.env["hc.work.item"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("kind", "=", "mail_returned"),
                ("state", "in", ("open", "in_progress")),
            ]
        )
        items._resolve("fixed")

    def _get_words(self):
        """The words in the guarantor's language."""
        return words_of(self.sudo().patient_id.language)
