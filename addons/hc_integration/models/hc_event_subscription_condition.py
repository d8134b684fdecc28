# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.hc_revenue_base.hc_core.errors import HcError
from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec
from odoo.addons.hc_revenue_base.hc_core.operators import OPERATORS, operators_for

# The thin values of ``hc_webhook_core.subscription_match``: what the payload says, no more.
SPECS = {
    spec.name: spec
    for spec in (
        FactSpec("kind", "text", "Kind of Entry"),
        FactSpec("field", "text", "State Field"),
        FactSpec("from", "text", "From State"),
        FactSpec("to", "text", "To State"),
        FactSpec("sequence", "integer", "Number in the Record's History"),
        FactSpec("record_id", "integer", "Record ID"),
    )
}
_OPERATORS = tuple(dict.fromkeys((*operators_for("text"), *operators_for("integer"))))


class HcEventSubscriptionCondition(models.Model):
    """One condition on the thin values of an event: base's closed set of operators, no code."""

    _name = "hc.event.subscription.condition"
    _description = "Condition of a Subscription"
    _inherit = ["hc.event.subscription.line"]
    _order = "subscription_id, id"

    field = fields.Selection([(spec.name, spec.label) for spec in SPECS.values()], required=True)
    operator = fields.Selection(
        [(name, name.replace("_", " ")) for name in _OPERATORS], required=True, default="equals"
    )
    value = fields.Char(help="For “in”, values separated by commas; for “between”, low..high.")

    @api.constrains("field", "operator", "value")
    def _check_compiles(self):
        for condition in self:
            spec, operator = SPECS[condition.field], OPERATORS[condition.operator]
            reason = ""
            if spec.type not in operator.fact_types:
                reason = self.env._(
                    "it works on other values; use one of %(names)s",
                    names=", ".join(operators_for(spec.type)),
                )
            elif not operator.takes_value and condition.value:
                reason = self.env._("it takes no value; clear it")
            else:
                try:
                    condition._compile()
                except (HcError, ValueError) as error:
                    reason = str(error)
            if reason:
                raise ValidationError(
                    self.env._(
                        "The condition “%(field)s %(operator)s” cannot be used: %(reason)s.",
                        field=spec.label,
                        operator=condition.operator.replace("_", " "),
                        reason=reason,
                    )
                )

    def _compile(self):
        """The test that the condition means, a function of the thin values."""
        self.ensure_one()
        build = OPERATORS[self.operator].build
        return build(SPECS[self.field], self.value or "", SPECS)[0]
