# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcCollectionAccount(models.Model):
    """What the party of an account wants to receive, and by which channel."""

    _inherit = "hc.collection.account"

    consent_ids = fields.One2many("hc.contact.consent", "account_id", "Consents", readonly=True)
    consent_summary = fields.Char("Preferences", compute="_compute_consent_summary")

    def _compute_consent_summary(self):
        consents = self.env["hc.contact.consent"]
        labels = {
            name: dict(consents._fields[name]._description_selection(self.env))
            for name in ("channel", "verdict")
        }
        verdicts = consents._get_verdicts(self)
        for account in self:
            account.consent_summary = " · ".join(
                f"{labels['channel'][channel]}: {labels['verdict'][verdict].lower()}"
                for (account_id, channel), verdict in verdicts.items()
                if account_id == account.id
            )

    def _record_consent(self, channels, verdict, source, evidence=""):
        """Record that the parties agreed to channels, or opted out of them.

        :param channels: codes of channels
        :param str verdict: ``granted`` or ``revoked``
        :param str source: where it was said, as in ``hc.contact.consent``
        :param str evidence: where it can be looked up
        """
        return self.env["hc.contact.consent"]._record(self, channels, verdict, source, evidence)

    def action_open_consent_wizard(self):
        """Ask which channel the party agreed to, or opted out of."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What They Want to Receive"),
            "res_model": "hc.contact.consent.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_account_id": self.id},
        }
