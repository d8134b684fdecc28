# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError

from .hc_approval_request import OPEN_STATES

_WITHDRAWERS = (
    "hc_revenue_base.group_hc_compliance",
    "hc_revenue_base.group_hc_administrator",
)
_WITHDRAWAL = "withdrawal"


class HcApprovalPolicy(models.Model):
    """A published version that must not be used any more: asked for, agreed to, rolled back.

    The version before it is in force again, or the shared one where a company's own goes. What
    waits is routed anew by that version (``hc_approval_rerouting``).
    """

    _inherit = "hc.approval.policy"

    def action_open_withdrawal(self):
        """Ask why a published version is to be withdrawn."""
        self.ensure_one()
        self._check_may_withdraw()
        self.sudo()._check_withdrawable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Withdraw %s", self.display_name),
            "res_model": "hc.approval.withdrawal.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_policy_id": self.id},
        }

    def _check_may_withdraw(self):
        if not any(map(self.env.user.has_group, _WITHDRAWERS)):
            raise UserError(
                self.env._("Compliance officers and billing administrators withdraw policies.")
            )

    def _request_withdrawal(self, reason):
        """Ask for the withdrawal: the version in force says who decides about it.

        :param str reason: why, for those who decide
        :return: the controlled action
        :raise UserError: it is not published, or nothing would be in force without it
        """
        self.ensure_one()
        self._check_may_withdraw()
        policy_sudo = self.sudo()
        policy_sudo._lock_for_transition(["state"])
        policy_sudo._check_withdrawable()
        return self.env["hc.controlled.action"]._request(
            "approval_policy_change",
            self,
            idempotency_key=f"approval_policy_{_WITHDRAWAL}:{self.id}:{self.env.cr.now()}",
            justification=reason,
            company_id=(self.company_id or self.env.company).id,
            parameters={"policy": self.id, "operation": _WITHDRAWAL},
            evidence=[
                {
                    "evidence_type": "justification",
                    "type_id": self.env.ref("hc_billing_approvals.evidence_backtest").id,
                    "text": policy_sudo._describe_withdrawal(),
                }
            ],
        )

    def _check_withdrawable(self):
        self.ensure_one()
        if self.state != "published":
            raise UserError(
                self.env._("%s is not published: there is nothing to withdraw.", self.display_name)
            )
        if not self._get_stand_in():
            raise UserError(
                self.env._(
                    "Without %(policy)s no version would be in force, and nothing could be "
                    "approved. Publish another version instead: it takes over.",
                    policy=self.display_name,
                )
            )

    def _get_predecessor(self):
        """The version that this one took over from."""
        self.ensure_one()
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "superseded"),
                ("version", "<", self.version),
            ],
            order="version desc",
            limit=1,
        )

    def _get_stand_in(self):
        """The version that decides once this one is gone; empty for none."""
        today = self.env.cr.now().date()
        shared = self.search(
            [
                ("company_id", "=", False),
                ("id", "!=", self.id),
                ("state", "=", "published"),
                ("valid_from", "<=", today),
            ],
            order="version desc",
            limit=1,
        )
        return self._get_predecessor() or shared

    def _describe_withdrawal(self):
        waiting = self.env["hc.approval.request"].search_count(
            [("policy_id", "=", self.id), ("state", "in", OPEN_STATES)]
        )
        return self.env._(
            "%(policy)s stands in. %(count)s open requests are routed again by it; what was "
            "decided about them is void.",
            policy=self._get_stand_in().display_name,
            count=waiting,
        )

    def _withdraw(self, reason):
        """Take the version out of force at once, and the one before it back into force."""
        self.ensure_one()
        self._lock_for_transition(["state"])
        self._check_withdrawable()
        predecessor = self._get_predecessor()
        if predecessor:
            predecessor._lock_for_transition(["state"])
            predecessor._write_guarded({"valid_to": self.valid_to})
            predecessor._transition("published", reason=self.display_name)
        today = fields.Date.to_date(self.env.cr.now())
        self._write_guarded({"valid_to": max(self.valid_from, today)})
        self._transition("withdrawn", reason=reason)
        self.env.registry.clear_cache()
        self.env.ref("hc_billing_approvals.ir_cron_route_again").sudo()._trigger()


class HcControlledAction(models.Model):
    _inherit = "hc.controlled.action"

    def _apply_approval_policy_change(self):
        if (self.parameters or {}).get("operation") != _WITHDRAWAL:
            return super()._apply_approval_policy_change()
        self._get_subject().sudo()._withdraw(self.justification)
        return None
