# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..hc_approval_core.conditions import Condition


class HcApprovalCondition(models.Model):
    """A condition of a route: a property of the request is, or is not, among some values."""

    _name = "hc.approval.condition"
    _description = "Condition of a Route"
    _inherit = ["hc.approval.draft.mixin"]
    _order = "route_id, dimension, id"

    route_id = fields.Many2one("hc.approval.route", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="route_id.company_id", store=True, index=True)
    dimension = fields.Selection(
        [
            ("payer_type", "Payer Type"),
            ("facility", "Facility"),
            ("department", "Department"),
            ("exception_category", "Exception Category"),
            ("account_risk_level", "Account Risk"),
            ("reason_code", "Reason Code"),
        ],
        required=True,
    )
    operator = fields.Selection(
        [("any_of", "is any of"), ("none_of", "is none of")], required=True, default="any_of"
    )
    values = fields.Char(required=True, help="Codes, separated by commas.")
    text = fields.Char(compute="_compute_text")

    def _get_policies(self):
        return self.route_id.policy_id

    def _get_values(self):
        """The codes of the condition."""
        self.ensure_one()
        return frozenset(part.strip() for part in (self.values or "").split(",") if part.strip())

    @api.depends("dimension", "operator", "values")
    def _compute_text(self):
        for condition in self:
            labels = dict(self._fields["dimension"]._description_selection(self.env))
            operators = dict(self._fields["operator"]._description_selection(self.env))
            condition.text = " ".join(
                [
                    labels.get(condition.dimension, ""),
                    operators.get(condition.operator, ""),
                    ", ".join(sorted(condition._get_values())),
                ]
            )

    @api.constrains("dimension", "values")
    def _check_values(self):
        for condition in self:
            known = self.env["hc.approval.policy"]._get_known_values(
                condition.dimension, condition.company_id
            )
            values = condition._get_values()
            unknown = sorted(values - known) if known is not None else []
            if unknown or not values:
                raise ValidationError(
                    self.env._(
                        "%(values)s: no such %(dimension)s. Known are: %(known)s.",
                        values=", ".join(unknown) or self.env._("nothing"),
                        dimension=condition.text.split(" is ")[0].lower(),
                        known=", ".join(sorted(known or ())[:30]),
                    )
                )

    def _to_core(self):
        self.ensure_one()
        return Condition(self.dimension, self._get_values(), self.operator == "none_of")
