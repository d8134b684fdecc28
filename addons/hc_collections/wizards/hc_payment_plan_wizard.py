# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_dunning_core.errors import DunningError
from ..hc_dunning_core.plan_offers import MOST_MONTHS, offers
from ..hc_dunning_core.plan_schedule import Instalment, add_months, schedule
from ..models.hc_payment_plan import PAY_BY

_TIMES = "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}"


class HcPaymentPlanWizard(models.TransientModel):
    """Calculates a payment plan: what is offered, the schedule to the cent, who decides."""

    _name = "hc.payment.plan.wizard"
    _description = "Calculate a Payment Plan"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False
    _guarded_fields = frozenset({"plan_id"})

    account_id = fields.Many2one("hc.collection.account", required=True, readonly=True)
    previous_id = fields.Many2one("hc.payment.plan", "Replaces", readonly=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    currency_id = fields.Many2one(related="account_id.currency_id", store=True)
    available_case_ids = fields.Many2many(
        "hc.billing.case", compute="_compute_available_cases", string="Cases With a Balance"
    )
    case_ids = fields.Many2many(
        "hc.billing.case",
        "hc_payment_plan_wizard_case_rel",
        string="Cases Covered",
        compute="_compute_cases",
        store=True,
        readonly=False,
    )
    amount = fields.Monetary("To Pay", compute="_compute_amount")
    offers_text = fields.Text("Offered", compute="_compute_offers_text")
    months = fields.Integer(
        "Instalments", compute="_compute_months", store=True, readonly=False, required=True
    )
    first_due_on = fields.Date(
        "First Due",
        required=True,
        default=lambda self: add_months(fields.Date.context_today(self), 1),
    )
    line_ids = fields.One2many(
        "hc.payment.plan.wizard.line",
        "wizard_id",
        "Schedule",
        compute="_compute_lines",
        store=True,
        readonly=False,
    )
    difference = fields.Monetary(compute="_compute_standing")
    is_within_tier = fields.Boolean(compute="_compute_standing")
    tier_note = fields.Char(compute="_compute_standing")
    pay_by = fields.Selection(PAY_BY, "Paid By", required=True, default="link")
    token_id = fields.Many2one("payment.token", "Saved Payment Method")
    available_token_ids = fields.Many2many(
        "payment.token", compute="_compute_available_tokens", compute_sudo=True
    )
    reason = fields.Char("Why", help="Needed for a new version, and where somebody must decide.")
    attachment_ids = fields.Many2many("ir.attachment", string="Attach Files")
    plan_id = fields.Many2one("hc.payment.plan", readonly=True)

    @api.depends("account_id", "previous_id")
    def _compute_available_cases(self):
        for wizard in self:
            account = wizard.account_id
            cases = account._get_plannable_cases() if account else wizard.available_case_ids
            wizard.available_case_ids = cases | wizard.previous_id.case_ids

    @api.depends("available_case_ids")
    def _compute_cases(self):
        for wizard in self:
            wizard.case_ids = wizard.previous_id.case_ids or wizard.available_case_ids

    @api.depends("case_ids")
    def _compute_amount(self):
        for wizard in self:
            items = self.env["account.move.line"]
            if wizard.account_id:
                cases = wizard.case_ids._origin & wizard.available_case_ids._origin
                items = wizard.account_id.sudo()._search_plan_items(
                    [("hc_case_id", "in", cases.ids)]
                )
            wizard.amount = sum(items.mapped("amount_residual"))

    def _get_policy(self):
        return self.env["hc.payment.plan.policy"]._get_in_force(
            self.account_id.company_id, fields.Date.context_today(self)
        )

    def _get_whole(self):
        return to_decimal(self.amount, self.currency_id.decimal_places or 2)

    def _get_offers(self):
        """What the policy offers for the amount; none of nothing."""
        whole = self._get_whole()
        return offers(self._get_policy()._get_core(), whole) if whole > 0 else ()

    @api.depends("amount")
    def _compute_offers_text(self):
        for wizard in self:
            offered = wizard._get_offers()
            shown = {1: offered[:3], 2: offered[3:-1], 3: offered[-1:]}
            parts = [*shown[1], *shown[2][:: max(1, len(shown[2]) // 4)], *shown[3]]
            wizard.offers_text = " · ".join(
                _TIMES.join((str(offer.months), wizard.currency_id.format(float(offer.instalment))))
                for offer in dict.fromkeys(parts)
            ) or wizard.env._("The policy offers no plan for this balance; ask for a decision.")

    @api.depends("amount")
    def _compute_months(self):
        for wizard in self:
            offered = wizard._get_offers()
            wizard.months = offered[-1].months if offered else 2

    @api.depends("months", "first_due_on", "amount")
    def _compute_lines(self):
        for wizard in self:
            commands = [Command.clear()]
            whole = wizard._get_whole()
            if whole > 0 and wizard.first_due_on and 1 <= wizard.months <= MOST_MONTHS:
                commands += [
                    Command.create({"due_on": part.due_on, "amount": float(part.amount)})
                    for part in schedule(whole, wizard.months, wizard.first_due_on)
                ]
            wizard.line_ids = commands

    @api.depends("line_ids.amount", "line_ids.due_on", "amount")
    def _compute_standing(self):
        for wizard in self:
            lines = wizard.line_ids.filtered("due_on").sorted("due_on")
            rest = wizard.amount - sum(lines.mapped("amount"))
            wizard.difference = wizard.currency_id.round(rest) if wizard.currency_id else rest
            wizard.is_within_tier, wizard.tier_note = False, False
            if lines and not wizard.difference:
                try:
                    judged = wizard._judge(lines)
                except (DunningError, ValidationError) as error:
                    wizard.tier_note = str(error)
                    continue
                wizard.is_within_tier = not judged.needs_approval
                wizard.tier_note = judged.words

    def _judge(self, lines):
        places = self.currency_id.decimal_places
        parts = [
            Instalment(number, line.due_on, to_decimal(line.amount, places))
            for number, line in enumerate(lines, start=1)
        ]
        return self._get_policy()._judge(parts, fields.Date.context_today(self))

    @api.depends("account_id")
    def _compute_available_tokens(self):
        for wizard in self:
            account = wizard.account_id
            wizard.available_token_ids = self.env["payment.token"].search(
                [
                    ("partner_id", "child_of", account.partner_id.commercial_partner_id.id),
                    ("company_id", "=", account.company_id.id),
                    ("provider_id.state", "!=", "disabled"),
                ]
                if account
                else [("id", "=", False)]
            )

    def action_confirm(self):
        """Make the plan; within its tier it is active at once. Asked again, show what was made."""
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["plan_id"])
        if not self.plan_id:
            self._check_complete()
            plan = self.env["hc.payment.plan"]._propose(
                self.account_id,
                self.case_ids,
                self.months,
                self.first_due_on,
                instalments=[(line.due_on, line.amount) for line in self.line_ids],
                pay_by=self.pay_by,
                token_id=self.token_id.id if self.pay_by == "token" else False,
                previous=self.previous_id,
                reason=self.reason,
                request=self._prepare_request(),
            )
            self._write_guarded({"plan_id": plan.id})
        return self.plan_id._get_records_action()

    def _check_complete(self):
        if not self.line_ids:
            raise UserError(self.env._("Enter how many instalments, from 1 to %s.", MOST_MONTHS))
        if self.difference:
            raise UserError(
                self.env._(
                    "The instalments differ from the balance by %s. Correct them to the cent.",
                    self.currency_id.format(self.difference),
                )
            )
        needs_reason = self.previous_id or not self.is_within_tier
        if needs_reason and len((self.reason or "").strip()) < 10:
            raise UserError(self.env._("Say in a sentence why: whoever decides reads it."))
        foreign = self.attachment_ids.filtered(lambda file: file.create_uid != self.env.user)
        if foreign:
            raise UserError(self.env._("Upload the evidence yourself, do not link other files."))

    def _prepare_request(self):
        reason = (self.reason or "").strip()
        evidence = [
            {"evidence_type": "attachment", "attachment_id": file.id}
            for file in self.attachment_ids
        ]
        if reason:
            evidence.insert(0, {"evidence_type": "justification", "text": reason})
        return {"justification": reason, "evidence": evidence}


class HcPaymentPlanWizardLine(models.TransientModel):
    """One instalment that is being calculated."""

    _name = "hc.payment.plan.wizard.line"
    _description = "Instalment to Agree"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False
    _order = "due_on, id"

    wizard_id = fields.Many2one(
        "hc.payment.plan.wizard", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id", store=True)
    due_on = fields.Date("Due")
    amount = fields.Monetary()


class HcPaymentPlanEndWizard(models.TransientModel):
    """Why a plan ends by agreement."""

    _name = "hc.payment.plan.end.wizard"
    _description = "End a Payment Plan"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    plan_id = fields.Many2one("hc.payment.plan", required=True, readonly=True)
    reason = fields.Char("Why", required=True)

    def action_confirm(self):
        """End the plan."""
        self.ensure_one()
        self.plan_id._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
