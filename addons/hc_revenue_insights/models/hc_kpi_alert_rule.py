# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..hc_kpi_core import alerts
from ..hc_kpi_core.alerts import AlertCondition

_BOUNDED = ("above", "below")


class HcKpiAlertRule(models.Model):
    """Tells people when an indicator is not well: beyond a bound, off target, or getting worse."""

    _name = "hc.kpi.alert.rule"
    _description = "Indicator Alert Rule"
    _inherit = ["mail.thread"]
    _order = "name"

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    code = fields.Selection(
        selection=lambda self: self.env["hc.kpi.target"]._get_codes(),
        string="Indicator",
        required=True,
        index=True,
        tracking=True,
    )
    facility_id = fields.Many2one(
        "hc.facility", domain="[('company_id', '=', company_id)]", help="Empty: all together."
    )
    payer_id = fields.Many2one(
        "hc.payer", domain="[('company_id', '=', company_id)]", help="Empty: all together."
    )
    condition = fields.Selection(
        [
            ("above", "Is above"),
            ("below", "Is below"),
            ("off_target", "Misses its target"),
            ("worse_than_usual", "Is worse than usual"),
        ],
        required=True,
        default="off_target",
        tracking=True,
        help="Usual is the median of the four weeks before.",
    )
    bound = fields.Float(digits=(16, 2), tracking=True)
    worse_percent = fields.Float("Worse by %", digits=(5, 1), default=20, tracking=True)
    days_in_row = fields.Integer("Days in a Row", required=True, default=1, tracking=True)
    severity = fields.Selection(
        [("info", "Info"), ("warning", "Warning"), ("error", "Error"), ("critical", "Critical")],
        required=True,
        default="warning",
        tracking=True,
    )
    queue_id = fields.Many2one(
        "hc.work.queue", "Work Queue", help="A work item is opened there.", tracking=True
    )
    notified_user_ids = fields.Many2many(
        "res.users",
        "hc_kpi_alert_rule_notified_rel",
        string="Notified",
        help="Each gets an activity, and an e-mail where so chosen.",
    )
    is_emailed = fields.Boolean("By E-Mail Too", tracking=True)
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Not Outside Of",
        help="Activities and e-mails wait for these working hours. Empty: at any time.",
    )
    escalation_hours = fields.Integer(
        "Escalate After Hours", default=24, help="0: never.", tracking=True
    )
    escalation_user_ids = fields.Many2many(
        "res.users", "hc_kpi_alert_rule_escalation_rel", string="Escalated To"
    )
    alert_ids = fields.One2many("hc.kpi.alert", "rule_id", readonly=True)
    open_alert_count = fields.Integer("Open Alerts", compute="_compute_open_alert_count")

    _days_positive = models.Constraint(
        "CHECK (days_in_row BETWEEN 1 AND 28)", "Days in a row are 1 to 28."
    )
    _hours_positive = models.Constraint(
        "CHECK (escalation_hours >= 0)", "Hours until an escalation are 0 or more."
    )
    _percent_positive = models.Constraint(
        "CHECK (worse_percent BETWEEN 0 AND 1000)", "A percentage is 0 to 1000."
    )

    @api.depends("alert_ids.state")
    def _compute_open_alert_count(self):
        for rule in self:
            rule.open_alert_count = len(rule.alert_ids.filtered(lambda a: a.state != "closed"))

    @api.constrains("facility_id", "payer_id", "company_id")
    def _check_company(self):
        for rule in self:
            if (rule.facility_id.company_id | rule.payer_id.company_id) - rule.company_id:
                raise ValidationError(
                    self.env._("%s: facility and payer belong to the company.", rule.name)
                )

    @api.constrains("condition", "code")
    def _check_direction(self):
        """An indicator without target misses none."""
        for rule in self.filtered(lambda rule: rule.condition == "off_target"):
            targets = (
                self.env["hc.kpi.target"]
                .sudo()
                ._get_targets(rule.company_id, rule.company_id._get_office_day())
            )
            if targets[rule.code] is None:
                raise ValidationError(
                    self.env._(
                        "%s: the indicator has no target. Set one first, or choose a bound.",
                        rule.name,
                    )
                )

    def _get_condition(self):
        self.ensure_one()
        definition = self.env["hc.kpi.provider"]._get_definition(self.code)
        return AlertCondition(
            self.condition,
            definition.direction,
            Decimal(str(round(self.bound, 2))) if self.condition in _BOUNDED else None,
            Decimal(str(self.worse_percent)),
            self.days_in_row,
        )

    def _judge(self, as_of):
        """Whether the condition holds, by what was written down for the days.

        :return: tuple of the verdict, the value and its bound
        """
        self.ensure_one()
        span = alerts.USUAL_DAYS + self.days_in_row
        days = [as_of - timedelta(days=back) for back in range(span)]
        series = self.env["hc.kpi.snapshot"]._read_figures(
            [self.code], days, self.company_id, self.facility_id.ids, self.payer_id.ids
        )
        figures = {day: figure.value for day, figure in series[self.code].items()}
        targets = self.env["hc.kpi.target"]._get_targets(self.company_id, as_of)
        holds, bound = self._get_condition().judge(figures, as_of, targets[self.code])
        return holds, figures.get(as_of), bound

    def action_open_alerts(self):
        """The alerts of this rule."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_insights.hc_kpi_alert_action"
        )
        return action | {"domain": [("rule_id", "in", self.ids)], "context": {}}
