# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the demonstration group's people decide, assign and note."""

from datetime import timedelta
from random import Random

from odoo.fields import Command

from .office import Office

_DECISIONS = (
    # decision, stage, how many, role, reason code, explanation
    (
        "not_billable",
        "draft",
        3,
        "supervisor",
        "left_without_care",
        "The patient left before a clinician saw them.",
    ),
    (
        "not_billable",
        "exception",
        2,
        "supervisor",
        "global_period",
        "Follow-up within the global period of the earlier surgery.",
    ),
    (
        "cancel",
        "coding",
        3,
        "supervisor",
        "duplicate_encounter",
        "The same visit was registered twice by the front desk.",
    ),
    (
        "cancel",
        "exception",
        2,
        "supervisor",
        "service_not_performed",
        "The patient declined the service after registration.",
    ),
    (
        "void_rebill",
        "invoiced",
        5,
        "supervisor",
        "wrong_payer",
        "The patient brought the card of another plan after billing.",
    ),
    (
        "reopen",
        "closed",
        5,
        "supervisor",
        "payer_takeback",
        "The payer announced that it will take the payment back.",
    ),
)
_ITEMS_TAKEN = 9
_ITEMS_ASSIGNED = 12
_LATE_CHARGES = 2
_OVERRIDES = 6
_OVERRIDDEN_RULES = ("AUT-01", "ELG-02", "COV-02", "TIM-02", "COD-07")
_ACTIVITY_DAYS = (-3, -1, 0, 0, 1, 2, 5)


class DeskStory:
    """Decisions about cases, work on exceptions, activities and notes.

    :param office: the demonstration group
    :param rng: source of every choice
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office: Office, rng: Random, as_of):
        self.office = office
        self.rng = rng
        self.as_of = as_of

    def run(self):
        """Decide, assign, plan."""
        for decision, stage, count, role, reason_code, note in _DECISIONS:
            self._decide(decision, stage, count, role, reason_code, note)
        self._add_late_charges()
        self._correct_coverages()
        self._override_findings()
        self._work_on_items()
        self._plan_activities()

    def _cases(self, role, stage, extra=()):
        return self.office.env_of(role)["hc.billing.case"].search(
            [("company_id", "=", self.office.company.id), ("stage", "=", stage), *extra],
            order="id",
        )

    def _decide(self, decision, stage, count, role, reason_code, note):
        cases = self._cases(role, stage)
        if decision == "void_rebill":
            cases = cases.filtered(
                lambda case: set(case.sudo().invoice_ids.mapped("payment_state")) == {"not_paid"}
            )
        # Leave most of a stage where it is.
        chosen = cases[: min(count, len(cases) // 2)]
        if not chosen:
            return
        wizard = self.office.env_of(role)["hc.case.decision.wizard"].create(
            {
                "decision": decision,
                "case_ids": [Command.set(chosen.ids)],
                "reason_code_id": self.office.reason(decision, reason_code).id,
                "note": note,
            }
        )
        wizard.action_confirm()

    def _add_late_charges(self):
        """Laboratory charges that came after the bill send two reopened cases to review."""
        reopened = self._cases("supervisor", "reopened")
        late = reopened[: min(_LATE_CHARGES, len(reopened) // 2)]
        coder = self.office.env_of("coder")
        for case in late:
            line = case.encounter_id.service_line_ids[:1]
            coder["hc.service.line"].create(
                {
                    "encounter_id": case.encounter_id.id,
                    "service_date": line.service_date,
                    "code_id": self.office.code_id("procedure", "LB120"),
                    "place_of_service_id": line.place_of_service_id.id,
                    "performer_id": line.performer_id.id,
                    "revenue_code_id": line.revenue_code_id.id,
                    "diagnosis_ids": [Command.set(line.diagnosis_ids.ids)],
                }
            )
        late.action_resume()

    def _correct_coverages(self):
        """Clerks confirm eligibility by phone; the cases pass when they are checked again."""
        unknown = self._cases(
            "clerk_a",
            "exception",
            [("encounter_id.primary_coverage_id.eligibility_status", "=", "unknown")],
        )
        corrected = unknown[: len(unknown) // 2]
        corrected.encounter_id.primary_coverage_id.write(
            {
                "eligibility_status": "active",
                "eligibility_checked_on": self.as_of,
                "eligibility_note": "Confirmed by phone",
            }
        )
        corrected.action_check_readiness()

    def _override_findings(self):
        """The supervisor lets a few cases pass in spite of a finding."""
        env = self.office.env_of("supervisor")
        findings = env["hc.readiness.finding"].search(
            [
                ("case_id.company_id", "=", self.office.company.id),
                ("state", "=", "open"),
                ("is_blocking", "=", True),
                ("rule_code", "in", _OVERRIDDEN_RULES),
                ("case_id.stage", "=", "exception"),
            ],
            order="id",
            limit=_OVERRIDES,
        )
        for finding in findings:
            env["hc.finding.override.wizard"].create(
                {
                    "finding_id": finding.id,
                    "reason_code_id": self.office.reason("override", "payer_confirmed").id,
                    "justification": "The payer confirmed by phone that it will pay; note in file.",
                    "expires_on": self.as_of + timedelta(days=30),
                }
            ).action_request()

    def _work_on_items(self):
        env = self.office.env_of("clerk_a")
        open_items = env["hc.work.item"].search(
            [("state", "=", "open"), ("company_id", "=", self.office.company.id)], order="id"
        )
        taken = open_items[:_ITEMS_TAKEN]
        taken.action_take()
        taken[:2].action_release()
        lead = self.office.env_of("team_lead")
        items = lead["hc.work.item"].search(
            [("state", "=", "open"), ("assignee_id", "=", False)],
            order="id",
            limit=_ITEMS_ASSIGNED,
        )
        members = [self.office.ref(f"user_{role}") for role in ("clerk_a", "team_lead")]
        for position, member in enumerate(members):
            lead["hc.work.item.reassign.wizard"].create(
                {"item_ids": items[position :: len(members)].ids, "user_id": member.id}
            ).action_apply()

    def _plan_activities(self):
        for role, stage in (
            ("clerk_a", "exception"),
            ("clerk_b", "exception"),
            ("supervisor", "coding"),
            ("team_lead", "readiness_check"),
        ):
            cases = self._cases(role, stage)[: len(_ACTIVITY_DAYS)]
            for case, days in zip(cases, _ACTIVITY_DAYS, strict=False):
                case.activity_schedule(
                    "mail.mail_activity_data_call",
                    date_deadline=self.as_of + timedelta(days=days),
                    summary="Ask the payer" if case.payer_id else "Ask the patient",
                    user_id=self.office.ref(f"user_{role}").id,
                )
            for case in cases[:2]:
                case.message_post(body=case.env._("Called; they will answer by tomorrow."))
