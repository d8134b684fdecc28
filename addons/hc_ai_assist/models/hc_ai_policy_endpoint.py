# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

# A model chooses among so many; beyond that a question is too long.
MOST_CHOICES = 200
_CLOSED_TYPES = ("choice", "record")


class HcAiPolicy(models.Model):
    """A second opinion by a provider: asked later, by a job, and never instead of own advice."""

    _inherit = "hc.ai.policy"

    provider_id = fields.Many2one(
        "hc.ai.provider",
        "Second Opinion By",
        check_company=True,
        domain="[('state', '=', 'active'), ('company_id', '=', company_id)]",
        tracking=True,
        ondelete="restrict",
        help="Asked after our own advice is there. Where it disagrees, confidence falls.",
    )

    def write(self, vals):
        if "provider_id" in vals:
            self._check_provider_change(vals["provider_id"])
        return super().write(vals)

    def _check_provider_change(self, provider_id):
        """What people see comes from what did well in shadow."""
        live = self.filtered(lambda policy: policy.mode == "live")
        if provider_id and any(policy.provider_id.id != provider_id for policy in live):
            raise UserError(
                self.env._(
                    "%(policy)s is live. Take it back to shadow, choose the provider there, and "
                    "see how it does before it goes live again.",
                    policy=live[0].display_name,
                )
            )

    @api.model
    def _is_closed(self, field):
        """Whether a value of the field is one of few."""
        return field.type in _CLOSED_TYPES and len(field.choices) <= MOST_CHOICES

    def _may_be_asked(self, field):
        """Whether a provider is asked about the field: its answer can be checked here."""
        return self._is_closed(field)

    def _advise(self, records):
        suggestions = super()._advise(records)
        self._ask_later(records, suggestions)
        return suggestions

    def _ask_later(self, records, suggestions):
        """Enter one job for each suggestion, as the person whose rights the records carry."""
        policy_sudo = self.sudo()
        if not suggestions or policy_sudo.provider_id.state != "active":
            return
        closed = {
            record.id
            for record in records
            if self._may_be_asked(record._review_fields()[self.field_name])
        }
        requests = [
            {
                "records": suggestion.with_env(records.env),
                "method": "_job_ask_provider",
                "key": f"ai_second_opinion:{suggestion.id}",
                "priority": 20,
            }
            for suggestion in suggestions
            if suggestion.sudo().res_id in closed
        ]
        records.env["hc.job"]._enqueue(requests)
