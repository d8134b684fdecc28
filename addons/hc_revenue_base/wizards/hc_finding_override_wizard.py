# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import ValidationError

MAXIMUM_OVERRIDE_DAYS = 90
MINIMUM_JUSTIFICATION_LENGTH = 20


class HcFindingOverrideWizard(models.TransientModel):
    """Asks for what an override needs: a reason, a justification and an end."""

    _name = "hc.finding.override.wizard"
    _description = "Override a Finding"
    _inherit = ["hc.guarded.mixin"]

    finding_id = fields.Many2one("hc.readiness.finding", required=True, readonly=True)
    message = fields.Char(related="finding_id.message")
    reason_code_id = fields.Many2one(
        "hc.reason.code", "Reason", required=True, domain=[("usage", "=", "override")]
    )
    justification = fields.Text(required=True)
    expires_on = fields.Date("Valid Until", required=True)

    def action_request(self):
        """Request the override; it takes effect when the controlled action is applied."""
        self.ensure_one()
        finding = self.finding_id
        finding._check_overridable()
        case = finding.case_id
        case.check_access("write")
        self._check_request()
        expires_on = fields.Date.to_string(self.expires_on)
        self.env["hc.controlled.action"]._request(
            "billing_override",
            case,
            idempotency_key=f"override:{finding.id}:{self.id}",
            evidence=[{"evidence_type": "justification", "text": self.justification}],
            case_id=case.id,
            reason_code_id=self.reason_code_id.id,
            justification=self.justification,
            exception_category=finding.category,
            amount=case.amount_charged,
            parameters={
                "finding_id": finding.id,
                "rule_code": finding.rule_code,
                "message": finding.message,
                "expires_on": expires_on,
            },
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_request(self):
        today = fields.Date.context_today(self)
        latest = today + timedelta(days=MAXIMUM_OVERRIDE_DAYS)
        if not today <= self.expires_on <= latest:
            raise ValidationError(
                self.env._(
                    "Choose a last day between today and %(latest)s: an override lasts at most "
                    "%(days)s days.",
                    latest=latest,
                    days=MAXIMUM_OVERRIDE_DAYS,
                )
            )
        if len((self.justification or "").strip()) < MINIMUM_JUSTIFICATION_LENGTH:
            raise ValidationError(
                self.env._(
                    "Say in at least %(length)s characters why the case may be billed as it is.",
                    length=MINIMUM_JUSTIFICATION_LENGTH,
                )
            )
        if self.reason_code_id.usage != "override":
            raise ValidationError(self.env._("Choose a reason code for overrides."))
