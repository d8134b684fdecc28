# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dataclasses import dataclass, field

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ..hc_core import rules as core
from ..hc_core.errors import FactError
from .hc_readiness_finding import ACTIVE_STATES

# Stages in which readiness is (still) the question.
CHECKED_STAGES = ("readiness_check", "exception", "ready")
# Small enough for a processor cache: 1,000 cost a fifth more per case.
_BATCH_SIZE = 200


@dataclass(slots=True)
class Verdict:
    """What one evaluation says about one case."""

    case: models.Model
    rule_set: models.Model
    compiled: object
    evaluation: core.Evaluation
    facts_hash: str
    hold_until: object = None
    overrides: dict = field(default_factory=dict)

    @property
    def digest(self):
        return self.compiled.rule_set.digest if self.compiled.rule_set else ""

    @property
    def blocking_count(self):
        return sum(
            result.blocks and result.code not in self.overrides
            for result in self.evaluation.findings
        )

    @property
    def outcome(self):
        if self.blocking_count:
            return "exception"
        return "held" if self.hold_until else "ready"


class HcBillingCase(models.Model):
    """The readiness engine: the one way for a case to become ready."""

    _inherit = "hc.billing.case"

    finding_ids = fields.One2many("hc.readiness.finding", "case_id", "Findings", readonly=True)
    open_finding_ids = fields.One2many(
        "hc.readiness.finding",
        "case_id",
        "Open Findings",
        readonly=True,
        domain=[("state", "=", "open")],
    )
    blocking_finding_count = fields.Integer("Blocking Findings", readonly=True, copy=False)
    evaluation_id = fields.Many2one(
        "hc.readiness.evaluation",
        "Last Evaluation",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    evaluation_ids = fields.One2many(
        "hc.readiness.evaluation", "case_id", "Evaluations", readonly=True
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"blocking_finding_count"}

    def _run_readiness(self, as_of=None):
        """Evaluate the cases by the rules in force and move each to where it belongs.

        Cases of other stages are left alone. Each evaluation is stored; findings and work items
        follow it; safe automatic fixes are made, and then all rules run again. A case without a
        blocking finding becomes *ready*, or waits for the end of its bill hold.

        :param as_of: the day of the evaluation; today where not given
        :return: the cases that are ready
        :raise UserError: no rules are in force
        """
        self.check_access("write")
        as_of = as_of or fields.Date.context_today(self)
        ready = self.browse()
        for chunk in split_every(_BATCH_SIZE, self.ids, self.browse):
            cases = chunk.sudo()
            cases._lock_for_transition(["stage"])
            cases = cases.filtered(lambda case: case.stage in CHECKED_STAGES)
            verdicts = cases._evaluate(as_of)
            fixed = cases.browse(cases._apply_auto_fixes(verdicts))
            verdicts.update(fixed._evaluate(as_of))
            cases._store_verdicts(verdicts, as_of)
            cases._follow_verdicts(verdicts)
            ready += chunk.filtered(lambda case: case.stage == "ready")
        return ready

    def _evaluate(self, as_of):
        """Judge the cases by the rules in force, changing nothing.

        :return: ``{case id: Verdict}``
        """
        if not self:
            return {}
        facts = self._load_readiness_facts(as_of)
        rule_sets = self.env["hc.readiness.rule.set"]
        sets = {company.id: rule_sets._get_in_force(company, as_of) for company in self.company_id}
        compiled = {each: each._get_compiled() for each in set(sets.values())}
        verdicts = {}
        for case in self:
            case_set = sets[case.company_id.id]
            verdicts[case.id] = _judge(case, case_set, compiled[case_set], facts.get(case.id, {}))
        self._note_overrides(verdicts, as_of)
        return verdicts

    def _note_overrides(self, verdicts, as_of):
        """Let pass what an override still covers."""
        findings = self.env["hc.readiness.finding"].search(
            [("case_id", "in", self.ids), ("state", "=", "overridden")]
        )
        for finding in findings:
            verdict = verdicts[finding.case_id.id]
            for result in verdict.evaluation.findings:
                # Nobody can have approved what a rule that errs would have found.
                if (
                    result.code == finding.rule_code
                    and result.outcome == core.FAILED
                    and finding._holds_override(result.message, as_of)
                ):
                    verdict.overrides[result.code] = finding.override_action_id.id

    def _store_verdicts(self, verdicts, as_of):
        """Store the evaluations, then let the findings follow them."""
        if not verdicts:
            return
        evaluation_ids = self.env["hc.readiness.evaluation"]._append(verdicts.values(), as_of)
        rows = SQL(", ").join(
            SQL("(%s, %s, %s)", case_id, evaluation_ids[case_id], verdict.blocking_count)
            for case_id, verdict in verdicts.items()
        )
        self.env.execute_query(
            SQL(
                """UPDATE hc_billing_case hc_case
                      SET evaluation_id = verdict.evaluation_id,
                          blocking_finding_count = verdict.blocking_count
                     FROM (VALUES %s) AS verdict(case_id, evaluation_id, blocking_count)
                    WHERE hc_case.id = verdict.case_id RETURNING hc_case.id""",
                rows,
            )
        )
        self.invalidate_recordset(
            ["evaluation_id", "evaluation_ids", "blocking_finding_count"], flush=False
        )
        self._sync_findings(verdicts, evaluation_ids)

    def _sync_findings(self, verdicts, evaluation_ids):
        """Open, keep or resolve findings so that they say what the evaluations found."""
        known = self.env["hc.readiness.finding"].search(
            [("case_id", "in", self.ids), ("state", "in", ACTIVE_STATES)]
        )
        by_key = {(finding.case_id.id, finding.rule_code): finding for finding in known}
        new, current = [], known.browse()
        for case_id, verdict in verdicts.items():
            for result in verdict.evaluation.findings:
                vals = verdict.case._prepare_finding_vals(verdict, result)
                finding = by_key.pop((case_id, result.code), None)
                if finding is None:
                    new.append({**vals, "evaluation_id": evaluation_ids[case_id]})
                elif result.code not in verdict.overrides:
                    current += finding
                    finding._update(vals)
        self.env["hc.readiness.finding"].union(*by_key.values())._resolve()
        current += current._insert(new)
        blocking = current.filtered("is_blocking")
        blocking._open_work_items()
        (current - blocking)._resolve_work_items("superseded")

    def _prepare_finding_vals(self, verdict, result):
        """Values of the finding for one result; a rule that erred goes to operations."""
        info = verdict.compiled.info[result.code]
        vals = {
            "case_id": self.id,
            "rule_id": info.rule_id,
            "rule_code": result.code,
            "category": info.category,
            "severity": result.severity,
            "is_blocking": result.blocks,
            "is_rule_error": result.outcome == core.ERROR,
            "queue_id": info.queue_id,
            "message": result.message,
            "company_id": self.company_id.id,
            "facility_id": self.facility_id.id or None,
        }
        if result.outcome == core.ERROR:
            queue = self.env["hc.work.queue"]._get_by_code("operations", self.company_id)
            vals.update(
                severity="error",
                queue_id=queue.id,
                message=self.env._(
                    "Rule %(code)s could not be evaluated, so the case is held: %(detail)s",
                    code=result.code,
                    detail=result.detail,
                ),
            )
        return vals

    def _follow_verdicts(self, verdicts):
        """Move the cases to the stage that their verdict calls for."""
        by_outcome = {"ready": self.browse(), "exception": self.browse(), "held": self.browse()}
        facts = {}
        for case_id, verdict in verdicts.items():
            by_outcome[verdict.outcome] += verdict.case
            facts[case_id] = {
                "evaluation": verdict.case.evaluation_id.id,
                "rule_set": verdict.rule_set.id,
                "outcome": verdict.outcome,
            }
        facts = {"by_id": facts}
        moved_on = (self - by_outcome["exception"]).filtered(lambda c: c.stage == "exception")
        fell_back = (self - by_outcome["ready"]).filtered(lambda c: c.stage == "ready")
        (moved_on + fell_back)._transition("readiness_check", facts=facts)
        by_outcome["ready"]._transition("ready", facts=facts)
        by_outcome["exception"]._transition("exception", facts=facts)

    def _guard_stage_ready(self):
        """Only an evaluation of this transaction makes a case ready, whoever asks."""
        ready_ids = self.env["hc.readiness.evaluation"]._get_ready_case_ids(self)
        return {
            case.id: [self.env._("run the readiness check: only its result makes a case ready")]
            for case in self
            if case.id not in ready_ids
        }

    def _guard_stage_invoiced(self):
        """What was ready when its draft was made may not be any more when the draft is posted."""
        ready = self.filtered(lambda case: case.stage == "ready")
        fresh_ids = self.env["hc.readiness.evaluation"]._get_ready_case_ids(ready)
        stale = ready.filtered(lambda case: case.id not in fresh_ids)
        verdicts = stale._evaluate(fields.Date.context_today(self))
        return {
            case_id: [self.env._("its facts have changed: run the readiness check again")]
            for case_id, verdict in verdicts.items()
            if verdict.outcome != "ready"
        }

    def _on_stage_cancelled(self, previous):
        self._withdraw_findings("superseded")
        return super()._on_stage_cancelled(previous)

    def _on_stage_not_billable(self, previous):
        self._withdraw_findings("not_applicable")

    def _on_stage_closed(self, previous):
        self._withdraw_findings("not_applicable")

    def _withdraw_findings(self, resolution_code):
        """Nothing will be billed, so nothing keeps it from being billed."""
        cases = self.sudo()
        cases.finding_ids.filtered(lambda finding: finding.state in ACTIVE_STATES)._resolve(
            resolution_code
        )
        cases._write_guarded({"blocking_finding_count": 0})

    def _cron_recheck_held_cases(self):
        """Scheduled Action: check again what waits, and bill what has become ready."""
        self._run_in_batches(Domain("stage", "in", ("readiness_check", "exception")), "_advance")

    def action_open_findings(self):
        """Open the findings of the cases."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_readiness_finding_action"
        )
        return {**action, "domain": [("case_id", "in", self.ids)], "context": {}}

    def action_open_evaluations(self):
        """Open the evaluations of the cases."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_readiness_evaluation_action"
        )
        return {**action, "domain": [("case_id", "in", self.ids)], "context": {}}


def _judge(case, rule_set, compiled, facts):
    evaluation = compiled.evaluate(facts)
    try:
        facts_hash = core.facts_hash(facts)
    except FactError as error:
        # Rules that read the odd fact have erred already; the row still tells why no hash.
        facts_hash = error.code
    hold_until = facts.get("bill_hold_until")
    as_of = facts.get("as_of")
    if hold_until and as_of and hold_until <= as_of:
        hold_until = None
    return Verdict(case, rule_set, compiled, evaluation, facts_hash, hold_until)
