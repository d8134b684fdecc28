# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_dunning_core import cadence_policy as core
from .hc_contact import CHANNELS

_CONSENTS = [
    ("unless_opted_out", "Unless Opted Out"),
    ("opted_in", "Only Opted In"),
]


class HcCadenceChannel(models.Model):
    """When a policy may use a channel; a channel without a rule is never used."""

    _name = "hc.cadence.channel"
    _description = "Cadence Channel Rule"
    _inherit = ["hc.cadence.line.mixin"]
    _order = "policy_id, channel"

    channel = fields.Selection(CHANNELS, required=True)
    consent = fields.Selection(
        _CONSENTS,
        required=True,
        default="unless_opted_out",
        help="Whoever opted out of a channel is not reached by it, whatever the rule. Required "
        "notices go by letter all the same.",
    )
    spacing_days = fields.Integer(
        "Least Days Apart", help="From the last contact by this channel; 0: no such rule."
    )

    _channel_unique = models.UniqueIndex(
        "(policy_id, channel)", "The policy has a rule for this channel."
    )
    _spacing_positive = models.Constraint(
        "CHECK (spacing_days BETWEEN 0 AND 365)", "Spacings are 0 to 365 days."
    )

    @api.depends("channel")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for rule in self:
            rule.display_name = labels.get(rule.channel, "")

    def _to_core(self):
        """The rule as the pure package knows it."""
        return core.ChannelRule(self.channel, self.consent, self.spacing_days)

    @api.model
    def _prepare_vals(self, rule):
        """Values of a rule of the pure package."""
        return {
            "channel": rule.channel,
            "consent": rule.consent,
            "spacing_days": rule.spacing_days,
        }
