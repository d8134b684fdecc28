# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..hc_dunning_core.errors import DunningError
from ..hc_dunning_core.guardrails.proposed import PROPOSED_ROWS
from ..hc_dunning_core.guardrails.registry import GUARDRAIL_EVALUATORS
from ..hc_dunning_core.guardrails.rows import GuardrailRow

EFFECTS = [("block", "Blocks"), ("warn", "Warns"), ("inform", "Informs")]
NONPROFIT_HOSPITAL = "nonprofit_hospital"


class HcGuardrailRule(models.Model):
    """What the law, or a stricter custom of the office, lets a provider do to collect: one rule.

    Data with a place and days of validity, changed under configuration control. The evaluators
    and their parameters are those of the pure package. Rules marked as *needs review* rest on
    memory or on secondary text: counsel confirms them before they are relied on.
    """

    _name = "hc.guardrail.rule"
    _description = "Guardrail"
    _inherit = ["hc.config.controlled.mixin", "mail.thread"]
    _order = "code, effective_from desc"
    _config_fields = (
        "name",
        "evaluator",
        "effect",
        "source",
        "parameters",
        "state_id",
        "facility_kind",
        "payer_program",
        "party",
        "act_kinds",
        "effective_from",
        "effective_to",
        "needs_review",
        "active",
    )

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    evaluator = fields.Selection(
        [(code, each.label) for code, each in GUARDRAIL_EVALUATORS.items()],
        "What Is Judged",
        required=True,
    )
    effect = fields.Selection(EFFECTS, required=True, default="block")
    source = fields.Char(required=True, help="Law, regulation or custom that says so.")
    parameters = fields.Text(
        help="One per line, as in days = 120; what is left out has the default shown beside it."
    )
    parameter_help = fields.Text("Defaults", compute="_compute_parameter_help")
    state_id = fields.Many2one("res.country.state", ondelete="restrict", help="Empty: everywhere.")
    facility_kind = fields.Selection(
        [(NONPROFIT_HOSPITAL, "Nonprofit Hospitals")], "Facilities", help="Empty: all."
    )
    payer_program = fields.Selection([("medicare", "Medicare")], help="Empty: whoever pays.")
    party = fields.Selection(
        [("first", "The Provider"), ("third", "Agencies")], "Who Acts", help="Empty: both."
    )
    act_kinds = fields.Char(
        "Acts", help="Kinds of act separated by commas; empty: those of what is judged."
    )
    effective_from = fields.Date("In Force From")
    effective_to = fields.Date("In Force Until")
    needs_review = fields.Boolean(
        help="Rests on memory or secondary text: counsel has not confirmed it yet."
    )
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, coalesce(effective_from, '-infinity'::date)) WHERE active",
        "A rule of this code begins on that day already.",
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = f"{rule.code}: {rule.name}"

    @api.depends("evaluator")
    def _compute_parameter_help(self):
        for rule in self:
            declared = GUARDRAIL_EVALUATORS[rule.evaluator].parameters if rule.evaluator else ()
            rule.parameter_help = "\n".join(
                f"{each.name} = {each.default}  ({each.label})" for each in declared
            )

    @api.constrains(
        "evaluator", "parameters", "act_kinds", "effective_from", "effective_to", "effect"
    )
    def _check_meaning(self):
        for rule in self:
            try:
                rule._to_core()
            except DunningError as error:
                raise ValidationError(
                    self.env._(
                        "%(rule)s has no meaning: %(error)s",
                        rule=rule.display_name,
                        error=error,
                    )
                ) from error

    def _to_core(self):
        """The rule as the pure package knows it.

        :raise DunningError: a parameter or a kind of act has no meaning
        """
        self.ensure_one()
        pairs = [line.partition("=") for line in (self.parameters or "").splitlines()]
        kinds = [kind.strip() for kind in (self.act_kinds or "").split(",")]
        state = self.state_id
        return GuardrailRow(
            self.code,
            self.evaluator,
            self.effect,
            self.source,
            tuple((name.strip(), value.strip()) for name, _equals, value in pairs if name.strip()),
            f"{state.country_id.code}-{state.code}" if state else "",
            frozenset(filter(None, [self.facility_kind])),
            frozenset(filter(None, [self.payer_program])),
            frozenset(filter(None, [self.party])),
            frozenset(filter(None, kinds)),
            self.effective_from or None,
            self.effective_to or None,
            self.needs_review,
        )

    @api.model
    def _get_rows(self):
        """All rules as rows of the pure package, by code."""
        rules = self.sudo().search_fetch([("active", "=", True)], list(self._config_fields))
        return tuple(rule._to_core() for rule in rules)

    @api.model
    def _seed(self):
        """Enter the rules that ship and are not known, when the module is installed."""
        known = set(
            self.sudo()
            .with_context(active_test=False)
            .search_fetch([("code", "!=", False)], ["code"])
            .mapped("code")
        )
        states = {
            f"{state.country_id.code}-{state.code}": state.id
            for state in self.env.ref("base.us").state_ids
        }
        names = self._get_seed_names()
        self.create(
            [
                {
                    "name": names[row.code],
                    "code": row.code,
                    "evaluator": row.evaluator,
                    "effect": row.effect,
                    "source": row.source,
                    "parameters": "\n".join(f"{name} = {text}" for name, text in row.parameters),
                    "state_id": states.get(row.jurisdiction),
                    "facility_kind": next(iter(row.facility_kinds), False),
                    "payer_program": next(iter(row.payer_programs), False),
                    "party": next(iter(row.parties), False),
                    "act_kinds": ", ".join(sorted(row.act_kinds)),
                    "effective_from": row.effective_from,
                    "effective_to": row.effective_to,
                    "needs_review": row.needs_review,
                }
                for row in PROPOSED_ROWS
                if row.code not in known
            ]
        )

    @api.model
    def _get_seed_names(self):
        """A name per shipped rule: what it judges, unless several rules judge the same."""
        names = {row.code: GUARDRAIL_EVALUATORS[row.evaluator].label for row in PROPOSED_ROWS}
        return names | {
            "R501-1": self.env._("120 days before extraordinary action"),
            "R501-2": self.env._("240 days for applications for assistance"),
            "R501-2-WRITE-OFF": self.env._("Bad debt before applications end"),
            "R501-3": self.env._("Written notice 30 days before the action"),
            "STATE-1": self.env._("California: 180 days before the action"),
        }
