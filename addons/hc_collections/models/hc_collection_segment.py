# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.hc_revenue_base.hc_core.errors import RuleError
from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec, fact_register
from odoo.addons.hc_revenue_base.hc_core.operators import operators_for
from odoo.addons.hc_revenue_base.hc_core.rules import Condition, Rule, compile_rule

from ..hc_dunning_core.segments import SEGMENT_CHOICES, SEGMENT_FACTS, parse_conditions

_REGISTER = fact_register([FactSpec(*fact) for fact in SEGMENT_FACTS])


class HcCollectionSegment(models.Model):
    """Accounts that are worked alike: those for which every condition holds.

    An account stands in one segment, the first by order whose conditions hold. Conditions are
    those of the readiness rules: a fact, an operator, a value.
    """

    _name = "hc.collection.segment"
    _description = "Collection Segment"
    _inherit = ["hc.config.controlled.mixin", "mail.thread"]
    _order = "sequence, id"
    _config_fields = ("sequence", "conditions", "company_id", "active")

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False, help="Names the segment in filters and scopes.")
    sequence = fields.Integer("Order", default=50, help="The first segment that fits is taken.")
    conditions = fields.Text(
        required=True,
        help="One condition a line, all of which must hold: fact, operator, value. For example: "
        "open_amount at_least 2000",
    )
    conditions_text = fields.Text("In Words", compute="_compute_conditions_text")
    facts_help = fields.Html("What Conditions May Name", compute="_compute_facts_help")
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    account_count = fields.Integer("Accounts", compute="_compute_totals")
    currency_id = fields.Many2one("res.currency", compute="_compute_totals")
    amount_open = fields.Monetary("Owed", compute="_compute_totals")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, coalesce(company_id, 0)) WHERE active", "Another segment has this code."
    )

    @api.constrains("code", "conditions")
    def _check_conditions(self):
        for segment in self:
            try:
                segment._compile()
            except RuleError as error:
                raise ValidationError(error.message) from error

    def _compile(self):
        """The rule that an account must pass, as the engine of the base knows it."""
        self.ensure_one()
        conditions = tuple(Condition(*each) for each in parse_conditions(self.conditions))
        return compile_rule(Rule(self.code or "", "info", conditions), _REGISTER)

    @api.depends("conditions")
    def _compute_conditions_text(self):
        for segment in self:
            segment.conditions_text = "\n".join(
                f"{_REGISTER[fact].label if fact in _REGISTER else fact} "
                f"{operator.replace('_', ' ')} {value.replace('_', ' ')}".rstrip()
                for fact, operator, value in parse_conditions(segment.conditions)
            )

    def _compute_facts_help(self):
        rows = [
            (
                spec.name,
                spec.label,
                ", ".join(operators_for(spec.type)),
                ", ".join(SEGMENT_CHOICES.get(spec.name, ())),
            )
            for spec in _REGISTER.values()
            if spec.name in {name for name, _type, _label in SEGMENT_FACTS}
        ]
        self.facts_help = self.env["ir.qweb"]._render(
            "hc_collections.segment_facts_help", {"rows": rows}
        )

    def _compute_totals(self):
        groups = self.env["hc.collection.account"]._read_group(
            [("segment_id", "in", self.ids), ("company_id", "=", self.env.company.id)],
            ["segment_id"],
            ["__count", "amount_open:sum"],
        )
        totals = {segment.id: (count, amount) for segment, count, amount in groups}
        for segment in self:
            segment.account_count, segment.amount_open = totals.get(segment.id, (0, 0.0))
            segment.currency_id = self.env.company.currency_id

    @api.model
    def _get_compiled(self):
        """``[(segment, rule)]`` in their order; read anew for every batch of accounts."""
        segments = self.sudo().search([("active", "=", True)])
        return [(segment, segment._compile()) for segment in segments]

    def action_open_accounts(self):
        """Open the accounts that stand in this segment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_collections.hc_collection_account_action"
        )
        action["domain"] = [("segment_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_sort_accounts(self):
        """Sort all accounts anew, soon and in the background, as every night."""
        self.env["hc.collection.account"].check_access("write")
        self.env.ref("hc_collections.ir_cron_assign_collection_segments").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("The accounts are sorted anew in a few moments."),
                "type": "success",
            },
        }
