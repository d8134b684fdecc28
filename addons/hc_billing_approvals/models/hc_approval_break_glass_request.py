# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

JUSTIFICATION_MIN = 20
_BREAKING_GROUPS = (
    "hc_revenue_base.group_hc_director",
    "hc_revenue_base.group_hc_cfo",
    "hc_revenue_base.group_hc_compliance",
)
_TOLD_GROUPS = ("hc_revenue_base.group_hc_compliance", "hc_revenue_base.group_hc_finance_manager")


class HcApprovalRequest(models.Model):
    """Breaking the glass: who may ask, what is asked for, and what the request shows of it."""

    _inherit = "hc.approval.request"

    break_glass_ids = fields.One2many("hc.approval.break.glass", "request_id", readonly=True)
    can_break_glass = fields.Boolean(compute="_compute_break_glass")
    break_glass_text = fields.Char(compute="_compute_break_glass")

    @api.depends_context("uid")
    @api.depends("state", "break_glass_ids.state")
    def _compute_break_glass(self):
        may_ask = self._is_breaker(self.env.user)
        now = self.env.cr.now()
        for request in self:
            active = request.sudo().break_glass_ids.filtered(
                lambda grant: grant.state == "active" and grant.expires_at > now
            )
            request.can_break_glass = (
                may_ask
                and request.state == "waiting"
                and request.kind != "break_glass"
                and request.requester_id != self.env.user
                and self.env.user not in active.user_id
                and not request.is_mine_to_decide
            )
            request.break_glass_text = "; ".join(map(self._describe_grant, active))

    @api.model
    def _describe_grant(self, grant):
        return self.env._(
            "%(user)s may decide it until %(until)s",
            user=grant.user_id.name,
            until=format_datetime(self.env, grant.expires_at, dt_format="short"),
        )

    @api.model
    def _is_breaker(self, user):
        return any(map(user.has_group, _BREAKING_GROUPS))

    def action_open_break_glass(self):
        """Ask why the rules cannot be waited for."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Break Glass"),
            "res_model": "hc.approval.break.glass.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_request_id": self.id},
        }

    def _break_glass(self, justification):
        """Request leave to decide the request although its rules name others.

        :param str justification: why, in at least 20 characters
        :return: the controlled action; applied at once where the approval matrix says so
        :raise AccessError: the role may not, or a duty rule speaks against it
        :raise UserError: the request waits for nobody, or the justification says too little
        """
        self.ensure_one()
        self.check_access("read")
        earlier = self.sudo().break_glass_ids.filtered(lambda each: each.user_id == self.env.user)
        return self.env["hc.controlled.action"]._request(
            "break_glass",
            self,
            idempotency_key=f"break_glass:{self.id}:{self.env.uid}:{len(earlier)}",
            amount=self.amount,
            case_id=self.case_id.id,
            justification=(justification or "").strip(),
        )

    def _get_break_glass(self, user):
        """The grant by which a user may decide the request now, or none."""
        self.ensure_one()
        return self.env["hc.approval.break.glass"]._get_active_for(user, self)

    def _check_may_break(self, user):
        """Refuse a role, a person or a moment to which breaking the glass is not open."""
        self.ensure_one()
        if not self._is_breaker(user):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "break_glass",
                self.env._("Directors, the CFO and compliance break the glass. Call one of them."),
                reason="role",
            )
        if self.kind == "break_glass":
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "break_glass",
                self.env._("A break-glass request waits for its own approvers."),
                reason="break_glass",
            )
        if self.state != "waiting":
            raise UserError(
                self.env._("“%(request)s” waits for no decision. Reload it.", request=self.name)
            )
        codes = self._get_refusals(user, self.env["res.users"])
        if codes:
            raise self._refuse_decision(codes)
        if self._get_break_glass(user):
            raise UserError(self.env._("You may decide “%(request)s” already.", request=self.name))


class HcControlledAction(models.Model):
    _inherit = "hc.controlled.action"

    kind = fields.Selection(
        selection_add=[("break_glass", "Break-Glass")], ondelete={"break_glass": "cascade"}
    )

    def _check_request(self):
        result = super()._check_request()
        if self.kind == "break_glass":
            request = self._get_subject()
            request._check_may_break(self.requester_id)
            if len((self.justification or "").strip()) < JUSTIFICATION_MIN:
                raise UserError(
                    self.env._(
                        "Say in at least %(count)s characters why this cannot wait for those "
                        "whom the rules name.",
                        count=JUSTIFICATION_MIN,
                    )
                )
        return result

    def _apply_break_glass(self):
        """Give the requester the grant, and tell everybody who must know."""
        request = self._get_subject().sudo()
        request._check_may_break(self.requester_id)
        now = self.env.cr.now().replace(microsecond=0)
        hours = self.env["ir.config_parameter"]._get_break_glass_hours()
        grant = (
            self.env["hc.approval.break.glass"]
            .sudo()
            ._create_guarded(
                [
                    {
                        "action_id": self.id,
                        "request_id": request.id,
                        "user_id": self.requester_id.id,
                        "granted_at": now,
                        "expires_at": now + timedelta(hours=hours),
                    }
                ]
            )
        )
        grant._announce()


class HcApprovalBreakGlass(models.Model):
    _inherit = "hc.approval.break.glass"

    def _announce(self):
        """Log the grant on its request, tell compliance and finance, open the review."""
        self.ensure_one()
        self.request_id._log_decision(
            reason=self.justification,
            facts={"event": "break_glass", "grant": self.id, "user": self.user_id.id},
            kind="override",
            on_behalf_of=self.user_id,
        )
        self._tell(
            self.env._(
                "%(user)s broke the glass on “%(request)s” and may decide it until %(until)s UTC, "
                "although its rules name others.",
                user=self.user_id.name,
                request=self.request_id.name,
                until=fields.Datetime.to_string(self.expires_at),
            )
        )
        self.env["hc.work.item"]._open([self._prepare_review_item()])

    def _announce_use(self):
        for grant in self:
            grant._tell(
                self.env._(
                    "%(user)s has decided “%(request)s” under break-glass.",
                    user=grant.user_id.name,
                    request=grant.request_id.name,
                )
            )

    def _tell(self, message):
        """Leave a message on the request and the grant, and send it to those who must know."""
        self.ensure_one()
        self.request_id.message_post(body=message, subtype_xmlid="mail.mt_note")
        self.message_post(
            body=message,
            subject=self.env._("Break-glass: %s", self.request_id.name),
            partner_ids=self._get_told_users().partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def _get_told_users(self):
        groups = self.env["res.groups"].union(*map(self.env.ref, _TOLD_GROUPS))
        return groups.sudo().all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )


class HcApprovalStep(models.Model):
    _inherit = "hc.approval.step"

    @api.model
    def _get_approver_domain(self, user, meant=False):
        """Steps of requests for which the user holds a grant, too."""
        domain = super()._get_approver_domain(user, meant)
        # A grant is not passed on: those of a delegator are nothing to the delegate.
        if user != self.env.user:
            return domain
        grants = self.env["hc.approval.break.glass"]._get_active_for(user)
        return domain | fields.Domain("request_id", "in", grants.request_id.ids)

    def _get_most_urgent(self):
        """Of open steps, the one that is due first."""
        return self.sorted(lambda step: (not step.due_at, step.due_at, step.sequence, step.id))[:1]

    def _describe(self):
        described = super()._describe()
        return described | {"is_broken": bool(self.decision_ids.break_glass_id)}
