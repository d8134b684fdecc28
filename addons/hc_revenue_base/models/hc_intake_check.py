# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from ..hc_core import rules as core
from ..hc_core.readiness import INTAKE_GROUPS, derive_facts
from .hc_batch_mixin import CONCURRENCY_ERRORS
from .hc_intake_subjects import find_subjects
from .hc_readiness_compiled import CompiledRules, RuleInfo
from .hc_work_item import OPEN_STATES

_logger = logging.getLogger(__name__)

_BATCH_SIZE = 1000
_EARLY_CATEGORIES = ("demographics", "coverage", "eligibility", "authorization")
# Visits that begin within so many days are looked at every day.
_DAYS_AHEAD = 7


class HcReadinessRule(models.Model):
    _inherit = "hc.readiness.rule"

    phase = fields.Selection(
        [("pre_service", "Before the Visit"), ("pre_bill", "Before the Bill")],
        "Checked From",
        required=True,
        default="pre_bill",
        help="Rules checked before the visit open registration work items while the patient is "
        "registered. Before the bill all rules are checked.",
    )

    def _init_column(self, column_name):
        """Rules of sets that were published before there were phases get theirs by category."""
        if column_name != "phase":
            super()._init_column(column_name)
            return
        self.env.cr.execute(
            SQL(
                """UPDATE hc_readiness_rule
                      SET phase = CASE WHEN category = ANY(%s) THEN 'pre_service'
                                       ELSE 'pre_bill' END
                    WHERE phase IS NULL""",
                list(_EARLY_CATEGORIES),
            )
        )


class HcReadinessRuleSet(models.Model):
    _inherit = "hc.readiness.rule.set"

    @tools.ormcache("self.id")
    def _get_compiled_intake(self):
        """The compiled rules that are checked before the visit; None where there is none."""
        self.ensure_one()
        rules = self.sudo().rule_ids.filtered(
            lambda rule: rule.active and rule.phase == "pre_service"
        )
        if not rules:
            return None
        return CompiledRules.build(
            [rule._to_core() for rule in rules],
            self.env["hc.billing.case"]._get_readiness_register(),
            {
                rule.code: RuleInfo(rule.id, rule.category, rule.queue_id.id, rule.auto_fix)
                for rule in rules
            },
        )


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("registration", "Registration")],
        ondelete={"registration": "set default"},
    )


class HcPatient(models.Model):
    """Checking registrations before anything is billed: the rules of the phase before the visit.

    The same facts and rules as those of the readiness engine; what fails becomes a work item of
    the queue that owns the rule, and the item is resolved when the rule passes.
    """

    _name = "hc.patient"
    _inherit = ["hc.patient", "hc.batch.mixin"]

    def _queue_intake_check(self):
        """Check the patients at the end of this transaction, all of them as one set.

        An Automation Rule calls its action record by record; an import of thousands is
        evaluated once.
        """
        queued = self.env.cr.precommit.data.setdefault("hc_queued_intake", set())
        if not queued:
            self.env.cr.precommit.add(self.sudo().browse()._check_queued_intake)
        queued.update(self.ids)

    def _check_queued_intake(self):
        queued = self.env.cr.precommit.data.pop("hc_queued_intake", set())
        for patients in split_every(_BATCH_SIZE, sorted(queued), self.browse):
            try:
                with self.env.cr.savepoint():
                    patients._check_intake()
            except CONCURRENCY_ERRORS:
                raise
            except Exception as error:  # noqa: BLE001 - saving never fails for a check
                # Without the traceback: its values may be patient data.
                _logger.error("intake check of %s: %s", patients.ids, type(error))  # noqa: TRY400

    def _check_intake(self, as_of=None):
        """Open and resolve registration work items of the patients, as one set.

        :param as_of: the day of the check; today where not given
        """
        as_of = as_of or fields.Date.context_today(self)
        self.env.flush_all()
        subjects = find_subjects(self.env, self.ids, as_of)
        wanted, rules = {}, {}
        for subject in subjects:
            company_id = subject.sheet.row.company_id
            if company_id not in rules:
                rules[company_id] = self._get_intake_rules(company_id, as_of)
            for vals in self._judge_intake(subject, rules[company_id]):
                wanted.setdefault(vals["dedup_key"], vals)
        self._resolve_intake_items(wanted, {subject.patient_id for subject in subjects})
        self.env["hc.work.item"]._open(list(wanted.values()))

    @api.model
    def _judge_intake(self, subject, compiled):
        """Values of the work items that one visit or coverage calls for."""
        if compiled is None:
            return

        def report(group, error):
            # The class only: the text of an exception may quote patient data.
            _logger.error(
                "intake facts %s of patient %s: %s", group, subject.patient_id, type(error)
            )

        for result in compiled.evaluate(
            derive_facts(subject.sheet, report, INTAKE_GROUPS)
        ).findings:
            if result.outcome == core.ERROR:
                yield self._prepare_rule_error_vals(subject, result)
            elif result.blocks:
                info = compiled.info[result.code]
                yield self._prepare_intake_item_vals(subject, result, info)

    @api.model
    def _get_intake_rules(self, company_id, as_of):
        company = self.env["res.company"].browse(company_id)
        try:
            rule_set = self.env["hc.readiness.rule.set"]._get_in_force(company, as_of)
        except UserError:
            # No rules, no problem to find; billing itself will say that none are in force.
            return None
        return rule_set._get_compiled_intake()

    @api.model
    def _prepare_intake_item_vals(self, subject, result, info):
        rule = self.env["hc.readiness.rule"].browse(info.rule_id)
        return {
            "kind": "registration",
            "name": f"{result.code} {rule.name}",
            "description": result.message,
            "dedup_key": f"intake:{subject.patient_id}:{result.code}",
            "queue_code": rule.queue_id.code,
            "severity": "warning",
            "company_id": subject.sheet.row.company_id,
            "facility_id": subject.facility_id,
            "res_model": "hc.patient",
            "res_id": subject.patient_id,
        }

    @api.model
    def _prepare_rule_error_vals(self, subject, result):
        return {
            "kind": "registration",
            "name": self.env._(
                "Rule %(code)s cannot be checked before the visit", code=result.code
            ),
            "description": result.detail,
            "dedup_key": f"intake_rule:{result.code}",
            "queue_code": "operations",
            "severity": "error",
            "company_id": subject.sheet.row.company_id,
        }

    def _resolve_intake_items(self, wanted, subject_patient_ids):
        """Whatever is mended, or no longer asked, is nobody's work any more."""
        items = self.env["hc.work.item"].search(
            [
                ("kind", "=", "registration"),
                ("state", "in", OPEN_STATES),
                ("res_model", "=", "hc.patient"),
                ("res_id", "in", self.ids),
            ]
        )
        gone = items.filtered(lambda item: item.dedup_key not in wanted)
        mended = gone.filtered(lambda item: item.res_id in subject_patient_ids)
        if mended:
            mended._resolve("fixed")
        if gone - mended:
            (gone - mended)._resolve("superseded")

    def _cron_check_intake(self):
        """Scheduled Action: check the registrations behind the visits of the next days."""
        now = self.env.cr.now()
        self._run_in_batches(
            [
                (
                    "encounter_ids",
                    "any",
                    [
                        ("state", "=", "planned"),
                        ("started_at", ">=", now),
                        ("started_at", "<", fields.Datetime.add(now, days=_DAYS_AHEAD)),
                    ],
                )
            ],
            "_check_intake",
            batch_size=_BATCH_SIZE,
        )


class HcCoverage(models.Model):
    _inherit = "hc.coverage"

    def _queue_intake_check(self):
        """Check the patients of the coverages at the end of this transaction."""
        self.sudo().patient_id._queue_intake_check()


class HcAuthorization(models.Model):
    _inherit = "hc.authorization"

    def _queue_intake_check(self):
        """Check the patients of the authorizations at the end of this transaction."""
        self.sudo().patient_id._queue_intake_check()


class HcEncounter(models.Model):
    _inherit = "hc.encounter"

    def _queue_intake_check(self):
        """Check the patients of the encounters at the end of this transaction."""
        self.sudo().patient_id._queue_intake_check()

    def _on_state_completed(self, previous):
        # From now on the readiness rules ask.
        self._queue_intake_check()

    def _on_state_cancelled(self, previous):
        self._queue_intake_check()
