# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_dunning_core import plan_state
from ..hc_dunning_core.plan_schedule import Instalment
from ..lifecycles import PAYMENT_PLAN

LIVE_STATES = ("proposed", "active")
PAY_BY = [
    ("link", "Payment Link"),
    ("token", "Saved Payment Method"),
    ("other", "Check, Cash or Transfer"),
]


class HcPaymentPlan(models.Model):
    """An agreement to pay what is owed in instalments.

    It covers open items of one account and is no debt of its own: what is paid of it is what the
    ledger says of those items. A plan that is rescheduled is followed by a new version.
    """

    _name = "hc.payment.plan"
    _description = "Payment Plan"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "hc.phi.mixin", "mail.thread"]
    _phi_patient_path = "account_id.patient_id"
    _order = "id desc"
    _check_company_auto = True
    _lifecycles = {"state": PAYMENT_PLAN}
    _guarded_line_models = ("hc.payment.plan.instalment",)
    _guarded_fields = frozenset(
        {
            "name",
            "account_id",
            "item_ids",
            "case_ids",
            "policy_id",
            "tier_note",
            "is_within_tier",
            "amount_total",
            "months",
            "first_due_on",
            "pay_by",
            "token_id",
            "version",
            "previous_id",
            "reason",
            "action_id",
            "settled_before",
            "activated_on",
            "ended_on",
            "user_id",
            "facility_id",
        }
    )

    name = fields.Char("Plan No.", required=True, readonly=True, copy=False)
    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    patient_id = fields.Many2one(related="account_id.patient_id", string="Guarantor")
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    item_ids = fields.Many2many(
        "account.move.line",
        "hc_payment_plan_item_rel",
        "plan_id",
        "item_id",
        string="Open Items Covered",
        readonly=True,
        groups="account.group_account_readonly",
    )
    case_ids = fields.Many2many("hc.billing.case", string="Cases", readonly=True)
    facility_id = fields.Many2one(
        "hc.facility", readonly=True, index="btree_not_null", help="Of the oldest case covered."
    )
    next_step = fields.Selection(
        [
            ("wait", "Wait for the Next Payment"),
            ("call", "Call the Party"),
            ("reschedule", "Reschedule"),
            ("assistance", "Offer Financial Assistance"),
        ],
        help="What whoever follows the plan means to do.",
    )
    policy_id = fields.Many2one(
        "hc.payment.plan.policy", required=True, readonly=True, ondelete="restrict"
    )
    is_within_tier = fields.Boolean("Within the Tier", readonly=True)
    tier_note = fields.Char("By Policy", readonly=True)
    amount_total = fields.Monetary("Agreed", required=True, readonly=True)
    months = fields.Integer("Instalments", required=True, readonly=True)
    first_due_on = fields.Date("First Due", required=True, readonly=True)
    instalment_ids = fields.One2many(
        "hc.payment.plan.instalment", "plan_id", "Schedule", readonly=True
    )
    pay_by = fields.Selection(PAY_BY, "Paid By", required=True, readonly=True, default="link")
    token_id = fields.Many2one(
        "payment.token",
        "Saved Payment Method",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="hc_revenue_base.group_hc_collector",
    )
    token_label = fields.Char("Saved Method", compute="_compute_token_label", compute_sudo=True)
    settled_before = fields.Monetary(
        "Settled Otherwise Before",
        readonly=True,
        help="What had been settled without a payment when the plan began.",
    )
    amount_left = fields.Monetary("Left", compute="_compute_progress", store=True)
    amount_paid = fields.Monetary("Paid", compute="_compute_progress", store=True)
    amount_forgiven = fields.Monetary(
        "Adjusted",
        compute="_compute_progress",
        store=True,
        help="Written off or granted since the plan began; it shortens the plan from its end.",
    )
    next_due_on = fields.Date("Next Due", compute="_compute_next_due", store=True, index=True)
    missed_count = fields.Integer("Missed", compute="_compute_standing")
    amount_overdue = fields.Monetary("Overdue", compute="_compute_standing")
    version = fields.Integer(required=True, readonly=True, default=1)
    previous_id = fields.Many2one(
        "hc.payment.plan", "Replaces", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    reason = fields.Char("Why", readonly=True)
    action_id = fields.Many2one(
        "hc.controlled.action", "Decision", readonly=True, index="btree_not_null"
    )
    is_decision_readable = fields.Boolean(
        "May Open the Decision", compute="_compute_is_decision_readable"
    )
    activated_on = fields.Date("Active Since", readonly=True)
    ended_on = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", "Agreed By", required=True, readonly=True, index=True)

    _name_unique = models.UniqueIndex(
        "(company_id, name, version)", "This plan number and version are taken."
    )
    _amount_positive = models.Constraint(
        "CHECK (amount_total > 0 AND months > 0)", "A plan is of an amount above zero."
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for plan in self:
            version = f" v{plan.version}" if plan.version > 1 else ""
            plan.display_name = f"{plan.name or ''}{version}"

    @api.depends("token_id")
    def _compute_token_label(self):
        for plan in self:
            plan.token_label = plan.token_id.display_name

    @api.depends(
        "amount_total",
        "settled_before",
        "activated_on",
        "item_ids.amount_residual",
        "item_ids.matched_credit_ids.amount",
    )
    def _compute_progress(self):
        for plan in self:
            items = plan.sudo().item_ids
            if not plan.activated_on:
                plan.update(
                    {"amount_left": plan.amount_total, "amount_paid": 0.0, "amount_forgiven": 0.0}
                )
                continue
            round_ = plan.currency_id.round
            open_amount = sum(max(0.0, item.amount_residual) for item in items)
            left = min(plan.amount_total, round_(open_amount))
            otherwise = plan._get_settled_otherwise() - plan.settled_before
            forgiven = min(max(0.0, round_(otherwise)), round_(plan.amount_total - left))
            plan.amount_left = left
            plan.amount_forgiven = forgiven
            plan.amount_paid = round_(plan.amount_total - left - forgiven)

    def _get_settled_otherwise(self):
        """What settles the covered items and is no payment: write-offs, assistance, credits."""
        partials = self.sudo().item_ids.matched_credit_ids
        others = partials.filtered(
            lambda partial: (
                not partial.credit_move_id.move_id.origin_payment_id
                and not partial.credit_move_id.statement_line_id
            )
        )
        return self.currency_id.round(sum(others.mapped("amount")))

    @api.depends("instalment_ids.amount_open", "instalment_ids.due_on", "state")
    def _compute_next_due(self):
        for plan in self:
            unpaid = plan.instalment_ids.filtered("amount_open") if plan.state == "active" else []
            plan.next_due_on = min((part.due_on for part in unpaid), default=False)

    @api.depends("instalment_ids.amount_open", "state")
    def _compute_standing(self):
        today = fields.Date.context_today(self)
        for plan in self:
            standing = plan._judge(today) if plan.state == "active" else None
            plan.missed_count = standing.missed if standing else 0
            plan.amount_overdue = float(standing.overdue_amount) if standing else 0.0

    def _get_instalments(self):
        """The schedule as the pure core reads it, without what was adjusted, from its end."""
        self.ensure_one()
        places = self.currency_id.decimal_places
        parts = (
            Instalment(part.number, part.due_on, to_decimal(part.amount, places))
            for part in self.instalment_ids.sorted("number")
        )
        return plan_state.shorten(parts, to_decimal(self.amount_forgiven, places))

    def _judge(self, as_of):
        """Where the plan stands on a day, ``plan_state.PlanState``."""
        self.ensure_one()
        paid = to_decimal(self.amount_paid, self.currency_id.decimal_places)
        payments = [plan_state.Payment(as_of, paid)]
        policy = self.policy_id.sudo()._get_core()
        return plan_state.judge(policy, self._get_instalments(), payments, as_of)


class HcPaymentPlanInstalment(models.Model):
    """One part of a plan: when it is due and how much of it the ledger's payments cover."""

    _name = "hc.payment.plan.instalment"
    _description = "Instalment"
    _inherit = ["hc.guarded.mixin", "hc.batch.mixin"]
    _order = "plan_id, number"
    _guarded_fields = frozenset({"plan_id", "number", "due_on", "amount"})

    plan_id = fields.Many2one(
        "hc.payment.plan", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id", store=True)
    plan_state = fields.Selection(related="plan_id.state")
    transaction_ids = fields.One2many(
        "payment.transaction",
        "hc_instalment_id",
        "Payments Online",
        readonly=True,
        groups="base.group_system",
    )
    has_unknown_charge = fields.Boolean(
        compute="_compute_has_unknown_charge",
        compute_sudo=True,
        help="A charge was sent and its answer did not come.",
    )
    number = fields.Integer("No.", required=True, readonly=True)
    due_on = fields.Date("Due", required=True, readonly=True, index=True)
    amount = fields.Monetary(required=True, readonly=True)
    amount_paid = fields.Monetary("Paid", compute="_compute_paid", store=True)
    amount_open = fields.Monetary("Open", compute="_compute_paid", store=True)
    status = fields.Selection(
        [
            ("upcoming", "Upcoming"),
            ("due", "Due"),
            ("overdue", "Overdue"),
            ("partly", "Partly Paid"),
            ("paid", "Paid"),
        ],
        compute="_compute_status",
    )

    _number_unique = models.UniqueIndex("(plan_id, number)", "The instalment is there already.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "An instalment is above zero.")

    @api.depends("transaction_ids.state", "transaction_ids.hc_sent_at")
    def _compute_has_unknown_charge(self):
        for part in self:
            part.has_unknown_charge = bool(part._get_unanswered_charge())

    def _get_unanswered_charge(self):
        """The charge that was sent and of which nothing is known yet."""
        return self.sudo().transaction_ids.filtered(
            lambda charge: (
                charge.operation == "offline" and charge.state == "draft" and charge.hc_sent_at
            )
        )

    @api.depends("plan_id.name", "number")
    def _compute_display_name(self):
        for part in self:
            part.display_name = f"{part.plan_id.display_name}-{part.number}"

    @api.depends("amount", "plan_id.amount_paid", "plan_id.amount_forgiven")
    def _compute_paid(self):
        for plan, parts in self.grouped("plan_id").items():
            paid = to_decimal(plan.amount_paid, plan.currency_id.decimal_places)
            day = fields.Date.context_today(self)
            shares, _rest = plan_state.allocate(
                plan._get_instalments(), [plan_state.Payment(day, paid)], day
            )
            by_number = {share.instalment.number: share for share in shares}
            for part in parts:
                share = by_number.get(part.number)
                part.amount_paid = float(share.paid) if share else 0.0
                part.amount_open = float(share.open_amount) if share else part.amount

    @api.depends("amount_open", "due_on")
    def _compute_status(self):
        today = fields.Date.context_today(self)
        for part in self:
            if not part.amount_open:
                part.status = "paid"
            elif part.due_on < today:
                part.status = "overdue"
            elif part.due_on == today:
                part.status = "due"
            else:
                part.status = "partly" if part.amount_paid else "upcoming"
