# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError


class HcControlledAction(models.Model):
    _inherit = "hc.controlled.action"

    def _apply_billing_override(self):
        """Let the case pass in spite of one finding until the override expires."""
        self.ensure_one()
        finding = self.env["hc.readiness.finding"].browse(self.parameters["finding_id"]).exists()
        if (
            finding.case_id != self._get_subject()
            or finding.state != "open"
            or finding.message != self.parameters["message"]
        ):
            raise UserError(
                self.env._(
                    "The finding has changed since the override was requested. "
                    "Look at it again and request a new override."
                )
            )
        expires_on = fields.Date.to_date(self.parameters["expires_on"])
        finding._write_guarded(
            {
                "state": "overridden",
                "override_action_id": self.id,
                "override_expires_on": expires_on,
            }
        )
        finding._resolve_work_items("overridden")
        case = finding.case_id
        case._log_decision(
            reason=self.justification,
            facts={
                "rule": finding.rule_code,
                "finding": finding.id,
                "action": self.id,
                "reason_code": self.reason_code_id.code or "",
                "expires_on": self.parameters["expires_on"],
            },
            kind="override",
            on_behalf_of=self.requester_id,
        )
        case._run_readiness()
