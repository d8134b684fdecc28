# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..hc_core import rules as core
from ..hc_core.errors import RuleError
from ..hc_core.operators import OPERATORS


class HcReadinessCondition(models.Model):
    """``fact operator value``: one thing that must hold. Checked when it is saved."""

    _name = "hc.readiness.condition"
    _description = "Readiness Condition"
    _order = "rule_id, role, sequence, id"

    rule_id = fields.Many2one("hc.readiness.rule", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    role = fields.Selection(
        [("applies", "Applies when"), ("requires", "Requires")],
        required=True,
        default="requires",
    )
    fact_name = fields.Selection(selection="_selection_fact_name", string="Fact", required=True)
    operator = fields.Selection(
        selection=lambda self: [(name, name.replace("_", " ")) for name in OPERATORS],
        required=True,
        default="equals",
    )
    value = fields.Char(
        help="A constant, several separated by commas, low..high, another fact as @name, "
        "or a distance in days such as as_of-3d."
    )
    text = fields.Char(compute="_compute_text")

    @api.model
    def _selection_fact_name(self):
        return [
            (spec.name, spec.label) for spec in self.env["hc.billing.case"]._get_readiness_facts()
        ]

    @api.depends("fact_name", "operator", "value")
    def _compute_text(self):
        labels = dict(self._selection_fact_name())
        for condition in self:
            fact = labels.get(condition.fact_name, condition.fact_name or "")
            operator = (condition.operator or "").replace("_", " ")
            condition.text = f"“{fact}” {operator} {condition.value or ''}".rstrip()

    @api.constrains("fact_name", "operator", "value", "rule_id")
    def _check_condition(self):
        register = self.env["hc.billing.case"]._get_readiness_register()
        for condition in self:
            rule = core.Rule(condition.rule_id.code, "error", (condition._to_core(),))
            try:
                core.compile_rule(rule, register)
            except RuleError as error:
                raise ValidationError(error.message) from error

    @api.model_create_multi
    def create(self, vals_list):
        conditions = super().create(vals_list)
        conditions.rule_id.set_id._check_draft()
        return conditions

    def write(self, vals):
        self.rule_id.set_id._check_draft()
        self.rule_id.browse(vals.get("rule_id") or []).set_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.rule_id.set_id._check_draft()

    def _to_core(self):
        """The condition as the pure engine knows it."""
        self.ensure_one()
        return core.Condition(self.fact_name or "", self.operator or "", self.value or "")
