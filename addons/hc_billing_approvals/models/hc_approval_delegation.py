# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .. import lifecycles
from .hc_approval_presence import check_in_person


class HcApprovalDelegation(models.Model):
    """For some days somebody else decides in one's name: scoped, accepted, never passed on."""

    _name = "hc.approval.delegation"
    _description = "Approval Delegation"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "mail.thread"]
    _order = "date_from desc, id desc"
    _lifecycles = {"state": lifecycles.APPROVAL_DELEGATION}
    _guarded_fields = frozenset({"delegator_id"})

    delegator_id = fields.Many2one(
        "res.users",
        "From",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    delegate_id = fields.Many2one(
        "res.users", "To", required=True, index=True, tracking=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="proposed",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    date_from = fields.Date(
        "First Day", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date("Last Day", required=True, tracking=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["hc.controlled.action"]._fields["kind"]._description_selection(self.env)
        ),
        help="Empty: all kinds.",
        tracking=True,
    )
    amount_limit = fields.Monetary("Up To", help="0: as far as your own right goes.", tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    reason = fields.Char(required=True, help="Such as leave, training, illness.")
    scope_text = fields.Char("Reaches", compute="_compute_scope_text")
    is_active = fields.Boolean(compute="_compute_is_active")

    _days = models.Constraint("CHECK (date_from <= date_to)", "The last day comes after the first.")
    _two_people = models.Constraint(
        "CHECK (delegator_id <> delegate_id)", "Nobody delegates to themselves."
    )

    @api.depends("delegator_id", "delegate_id")
    def _compute_display_name(self):
        for delegation in self:
            delegation.display_name = self.env._(
                "%(delegator)s to %(delegate)s",
                delegator=delegation.delegator_id.name or "",
                delegate=delegation.delegate_id.name or "",
            )

    @api.depends("kind", "amount_limit")
    def _compute_scope_text(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for delegation in self:
            parts = [kinds.get(delegation.kind) or self.env._("All kinds")]
            if delegation.amount_limit:
                limit = delegation.currency_id.format(delegation.amount_limit)
                parts.append(self.env._("up to %s", limit))
            delegation.scope_text = ", ".join(parts)

    @api.depends("state", "date_from", "date_to")
    def _compute_is_active(self):
        for delegation in self:
            delegation.is_active = delegation.state == "accepted" and delegation._is_current()

    def _is_current(self):
        """Whether today, at the company, is one of the days of the delegation.

        Neither the time zone that a client claims nor the user's own moves the days.
        """
        self.ensure_one()
        calendar = self.company_id.sudo().resource_calendar_id
        local = self.with_context(tz=calendar.tz or "UTC")
        today = fields.Datetime.context_timestamp(local, self.env.cr.now()).date()
        return self.date_from <= today <= self.date_to

    @api.model_create_multi
    def create(self, vals_list):
        check_in_person(self, "delegate")
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) & {
            "delegate_id",
            "date_from",
            "date_to",
            "kind",
            "amount_limit",
            "company_id",
            "reason",
        }:
            # Supervisors see all delegations, and the delegate this one; its terms are not theirs.
            self._check_actor("delegator_id")
            for delegation in self:
                if delegation.state != "proposed":
                    raise UserError(
                        self.env._(
                            "%(delegation)s was accepted as it stands. Revoke it and propose "
                            "another.",
                            delegation=delegation.display_name,
                        )
                    )
        return super().write(vals)

    @api.constrains("amount_limit")
    def _check_amount_limit(self):
        for delegation in self:
            if delegation.amount_limit < 0:
                raise ValidationError(self.env._("The limit is not negative."))

    @api.model
    def _get_active_for(self, user):
        """Delegations by which a user decides for others today."""
        if not user:
            return self.sudo().browse()
        accepted = self.sudo().search(
            [
                ("delegate_id", "=", user.id),
                ("state", "=", "accepted"),
                ("delegator_id.active", "=", True),
            ]
        )
        return accepted.filtered(lambda delegation: delegation._is_current())

    def _covers(self, request):
        """Whether the delegation reaches a request."""
        self.ensure_one()
        if self.company_id != request.company_id or (self.kind and self.kind != request.kind):
            return False
        if not self.amount_limit:
            return True
        amount = request.currency_id._convert(
            request.amount, self.currency_id, self.company_id, request.create_date.date()
        )
        return self.currency_id.compare_amounts(amount, self.amount_limit) <= 0

    def _get_step_domain(self, meant=False):
        """Steps of the delegator that the delegate sees in the inbox."""
        self.ensure_one()
        domain = self.env["hc.approval.step"]._get_approver_domain(self.delegator_id, meant)
        domain &= Domain("company_id", "=", self.company_id.id)
        domain &= Domain("requester_id", "!=", self.delegator_id.id)
        if self.kind:
            domain &= Domain("request_id.kind", "=", self.kind)
        if self.amount_limit:
            domain &= Domain("request_id.amount", "<=", self.amount_limit)
        return domain

    def action_accept(self):
        """Accept to decide for somebody else."""
        self._check_actor("delegate_id")
        self.sudo()._transition("accepted")

    def action_decline(self):
        """Decline to decide for somebody else."""
        self._check_actor("delegate_id")
        self.sudo()._transition("declined")

    def action_revoke(self):
        """Take the delegation back at once."""
        if not self.env.user.has_group("hc_revenue_base.group_hc_compliance"):
            self._check_actor("delegator_id")
        self.sudo()._transition("revoked")

    def _check_actor(self, field_name):
        check_in_person(self, "delegate")
        for delegation in self:
            if delegation[field_name] != self.env.user:
                raise self.env["hc.refused.attempt"]._refuse(
                    delegation,
                    "delegate",
                    self.env._("Only %(user)s can do this.", user=delegation[field_name].name),
                    reason=field_name,
                )

    def _cron_end_delegations(self):
        """Scheduled Action: delegations whose last day has passed are over."""
        # A day later: somewhere the last day is not over yet.
        yesterday = self.env.cr.now().date() - timedelta(days=1)
        self._run_in_batches([("state", "=", "accepted"), ("date_to", "<", yesterday)], "_end")

    def _end(self):
        self._transition("ended")
