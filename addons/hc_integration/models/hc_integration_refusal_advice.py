# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcIntegrationRefusal(models.Model):
    """What to do about a reason: the codes are for senders, the words for people."""

    _inherit = "hc.integration.refusal"

    advice = fields.Char("What to Do", compute="_compute_advice")

    @api.depends("reason")
    def _compute_advice(self):
        advice = self._get_advice()
        for refusal in self:
            refusal.advice = advice.get(refusal.reason, False)

    @api.model
    def _get_advice(self):
        """What people do about each reason: ``{code: text}``."""
        clock = self.env._("Their clock, or ours, is wrong by more than five minutes.")
        form = self.env._("Their program sends something malformed: give them the code.")
        return {
            "source_unknown": self.env._("Nobody has this address: a mistake, or somebody tries."),
            "source_paused": self.env._("Paused here. They send again; connect it to go on."),
            "signature_wrong": self.env._("Their secret is another: compare and set it anew."),
            "signature_missing": self.env._("They do not sign, or by another scheme."),
            "signature_malformed": self.env._("They do not sign, or by another scheme."),
            "secret_unusable": self.env._("Our secret has no value that is a key: set it anew."),
            "signature_old": clock,
            "signature_future": clock,
            "rate_exceeded": self.env._("More than it may send a minute: they wait, or raise it."),
            "body_too_large": self.env._("They send less at once, or raise Largest Document."),
            "event_type_not_allowed": self.env._("Add the type to May Send, if it is wanted."),
            "event_type_unknown": self.env._("We know no such event: give them the list."),
            "event_version_unknown": self.env._("We know no such version: give them the list."),
            "id_conflict": self.env._("One id for two messages: a work item says which."),
            "json_invalid": form,
            "json_name_twice": form,
            "json_too_deep": form,
            "envelope_invalid": form,
            "charset_unsupported": form,
            "media_type_unsupported": form,
            "content_encoding_unsupported": form,
        }
