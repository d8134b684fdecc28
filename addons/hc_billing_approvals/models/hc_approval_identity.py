# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import time

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.base.models.res_users import check_identity

# As long as Odoo itself takes an identity for confirmed.
_FRESH_SECONDS = 10 * 60


class HcApprovalRequest(models.Model):
    """Steps that want the approver's password or passkey again, by Odoo's own check."""

    _inherit = "hc.approval.request"

    def action_approve(self):
        """Approve the step of each request that waits for the user."""
        if self._needs_identity_check() and not self._is_identity_fresh():
            return self._approve_after_identity_check()
        return super().action_approve()

    @check_identity
    def _approve_after_identity_check(self):
        return self.action_approve()

    def _needs_identity_check(self):
        opened = self.sudo().step_ids.filtered(lambda step: step.state == "open")
        return any(opened.rule_id.mapped("needs_identity_check"))

    def _is_identity_fresh(self):
        """Whether the user has just proved who they are; the session says so, nothing else."""
        if self.policy_id._is_being_shipped():
            return True  # demonstration data is installed: nobody is there to ask
        last = request.session.get("identity-check-last", 0) if request else 0
        now = time.time()  # tidy: allow clock - Odoo stamps the session by this clock
        return last > now - _FRESH_SECONDS


class HcApprovalStep(models.Model):
    _inherit = "hc.approval.step"

    def _check_evidence(self):
        result = super()._check_evidence()
        # Asked where the decision is recorded: buttons are not the only way there.
        if self.rule_id.needs_identity_check and not self.request_id._is_identity_fresh():
            raise UserError(
                self.env._(
                    "“%(step)s” wants your password again: approve it on the request's form.",
                    step=self.name,
                )
            )
        return result
