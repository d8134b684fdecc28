# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import split_every

from ..hc_core import rules as core
from ..hc_core.errors import RuleSetError

MAXIMUM_CASES = 2000
SHOWN_CASES = 200
_BATCH_SIZE = 500


class HcReadinessBacktest(models.TransientModel):
    """What a rule set would have said of past cases, beside the rules in force.

    Both sets judge the same facts, as they are today; nothing is stored or moved.
    """

    _name = "hc.readiness.backtest"
    _description = "Back-Test of Readiness Rules"

    rule_set_id = fields.Many2one("hc.readiness.rule.set", required=True, readonly=True)
    date_from = fields.Date(
        "Services From",
        required=True,
        default=lambda self: fields.Date.context_today(self) - timedelta(days=90),
    )
    date_to = fields.Date("Services To", required=True, default=fields.Date.context_today)
    case_limit = fields.Integer("At Most", default=MAXIMUM_CASES, required=True)
    case_count = fields.Integer("Cases", readonly=True)
    same_count = fields.Integer("Same Verdict", readonly=True)
    held_count = fields.Integer("Newly Held", readonly=True)
    released_count = fields.Integer("Newly Released", readonly=True)
    case_line_ids = fields.One2many(
        "hc.readiness.backtest.case", "backtest_id", "Changed Cases", readonly=True
    )
    rule_line_ids = fields.One2many(
        "hc.readiness.backtest.rule", "backtest_id", "Rules", readonly=True
    )

    @api.constrains("case_limit", "date_from", "date_to")
    def _check_window(self):
        for backtest in self:
            if not 1 <= backtest.case_limit <= MAXIMUM_CASES:
                raise ValidationError(self.env._("Test 1 to %(limit)s cases.", limit=MAXIMUM_CASES))
            if backtest.date_to < backtest.date_from:
                raise ValidationError(self.env._("The window ends before it starts."))

    def action_run(self):
        """Judge the cases of the window by both sets and show the difference."""
        self.ensure_one()
        try:
            candidate = self.rule_set_id._get_compiled()
        except RuleSetError as error:
            raise UserError(error.message) from error
        as_of = fields.Date.context_today(self)
        totals, hits, changed = Counter(), Counter(), []
        past_cases = self._get_cases()
        for cases in split_every(_BATCH_SIZE, past_cases.ids, past_cases.browse):
            facts = cases._load_readiness_facts(as_of)
            current = self._get_current(cases.company_id, as_of)
            for case in cases:
                case_facts = facts.get(case.id, {})
                before = current[case.company_id.id].evaluate(case_facts)
                after = candidate.evaluate(case_facts)
                verdict = self._compare(before, after)
                totals[verdict] += 1
                hits.update(("before", result.code) for result in before.findings)
                hits.update(("after", result.code) for result in after.findings)
                if verdict != "same" and len(changed) < SHOWN_CASES:
                    changed.append(self._prepare_case_line(case, verdict, before, after))
        self._show(totals, hits, changed)
        return {**self.rule_set_id.action_open_backtest(), "res_id": self.id}

    def _get_cases(self):
        domain = [
            ("service_date_from", ">=", self.date_from),
            ("service_date_from", "<=", self.date_to),
            ("stage", "not in", ("draft", "charge_review", "coding", "cancelled")),
        ]
        if self.rule_set_id.company_id:
            domain.append(("company_id", "=", self.rule_set_id.company_id.id))
        return self.env["hc.billing.case"].search(
            domain, order="service_date_from desc, id desc", limit=self.case_limit
        )

    def _get_current(self, companies, as_of):
        rule_sets = self.env["hc.readiness.rule.set"]
        return {
            company.id: rule_sets._get_in_force(company, as_of)._get_compiled()
            for company in companies
        }

    @api.model
    def _compare(self, before, after):
        if before.outcome == after.outcome:
            return "same"
        return "held" if after.outcome == core.EXCEPTION else "released"

    @api.model
    def _prepare_case_line(self, case, verdict, before, after):
        def blocking(evaluation):
            return {result.code for result in evaluation.findings if result.blocks}

        return {
            "case_id": case.id,
            "verdict": verdict,
            "rule_codes": ", ".join(sorted(blocking(before) ^ blocking(after))),
        }

    def _show(self, totals, hits, changed):
        codes = sorted({code for _side, code in hits})
        self.write(
            {
                "case_count": sum(totals.values()),
                "same_count": totals["same"],
                "held_count": totals["held"],
                "released_count": totals["released"],
                "case_line_ids": [Command.clear(), *map(Command.create, changed)],
                "rule_line_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "rule_code": code,
                                "current_count": hits["before", code],
                                "candidate_count": hits["after", code],
                            }
                        )
                        for code in codes
                    ),
                ],
            }
        )


class HcReadinessBacktestCase(models.TransientModel):
    """A case on which the two sets differ."""

    _name = "hc.readiness.backtest.case"
    _description = "Case of a Back-Test"
    _order = "verdict, id"

    backtest_id = fields.Many2one(
        "hc.readiness.backtest", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one("hc.billing.case", required=True, readonly=True, ondelete="cascade")
    verdict = fields.Selection(
        [("held", "Newly Held"), ("released", "Newly Released")], required=True, readonly=True
    )
    rule_codes = fields.Char("Because Of", readonly=True)

    def action_open_case(self):
        """Open the billing case."""
        self.ensure_one()
        return self.case_id._get_records_action()


class HcReadinessBacktestRule(models.TransientModel):
    """How often a rule found something, in both sets."""

    _name = "hc.readiness.backtest.rule"
    _description = "Rule of a Back-Test"
    _order = "rule_code, id"

    backtest_id = fields.Many2one(
        "hc.readiness.backtest", required=True, index=True, ondelete="cascade"
    )
    rule_code = fields.Char(required=True, readonly=True)
    current_count = fields.Integer("Found, In Force", readonly=True)
    candidate_count = fields.Integer("Found, This Set", readonly=True)
