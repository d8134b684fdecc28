# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import html2plaintext

from ..hc_dunning_core.guardrails.stop_words import CERTAIN, find_stop

_WRITTEN = ("sms", "email", "portal")


class HcContact(models.Model):
    """Answers of the parties: a word that means stop is honored before anybody reads it."""

    _inherit = "hc.contact"

    @api.model
    def _record(self, vals_list):
        contacts = super()._record(vals_list)
        for contact in contacts.sudo().filtered(
            lambda each: (
                each.direction == "in" and each.channel in _WRITTEN and each.state == "queued"
            )
        ):
            contact._take_reply()
        return contacts

    def _take_reply(self):
        """Opt out at once where the answer says so; let a person read any other."""
        self.ensure_one()
        found = find_stop(html2plaintext(self.body or self.subject or "")[:2000])
        if found == CERTAIN:
            self.env["hc.contact.consent"]._record(
                self.account_id,
                [self.channel],
                "revoked",
                "message",
                self.env._("contact %s", self.id),
                self,
            )
        else:
            self.env["hc.work.item"]._open(
                [
                    {
                        **self._prepare_item_vals(),
                        "kind": "contact_reply",
                        "dedup_key": f"contact_reply:{self.id}",
                        "severity": "error" if found else "warning",
                    }
                ]
            )
        self._transition("done")
