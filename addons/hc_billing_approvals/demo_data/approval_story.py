# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The demonstration group's people ask for acts and decide, each with the own rights."""

from datetime import datetime, time, timedelta

from odoo.fields import Command

from odoo.addons.hc_revenue_base.demo_data.office import Office

from .requests import STORIES, WAITING, Story

_LATE_HOURS = 30
# What the number of its visit ends with.
_LONG_STAY_MARK = "L"
_LONG_STAY_DAYS = 13
_OVERRIDES_WAITING = 3


class ApprovalStory:
    """Requests of every kind, decided, waiting, late, refused and not applied.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office: Office, as_of):
        self.office = office
        self.as_of = as_of
        self._cases = {}

    def run(self):
        """Set deputies up, bill one long stay, then tell every story.

        Once: where the module was uninstalled, the cases are as the stories have left them.
        """
        if self._is_told():
            return
        self._delegate()
        self._bill_long_stay()
        for story in (*STORIES, *WAITING):
            self._tell(story)
        self._ask_for_overrides()

    def _is_told(self):
        stays = self.office.env_of("integration")["hc.encounter"].sudo()
        mark = [("number", "=like", f"E%{_LONG_STAY_MARK}")]
        return bool(stays.search_count([*mark, ("company_id", "=", self.office.company.id)]))

    def _delegate(self):
        """The manager is away for a week; the supervisor stands in for write-offs."""
        supervisor = self.office.ref("user_supervisor")
        values = {
            "delegate_id": supervisor.id,
            "company_id": self.office.company.id,
            "date_from": self.as_of,
            "date_to": self.as_of + timedelta(days=6),
            "kind": "administrative_write_off",
            "amount_limit": 2000.0,
            "reason": "Annual leave",
        }
        delegation = self.office.env_of("manager")["hc.approval.delegation"].create(values)
        delegation.with_env(self.office.env_of("supervisor")).action_accept()

    def _bill_long_stay(self):
        """A stay of two weeks, like one of the shorter ones but for its length."""
        finance = self.office.env_of("finance_manager")
        model = self._find_case("payer_1", "summit", 9000.0).encounter_id
        feed = self.office.env_of("integration")
        start = datetime.combine(self.as_of - timedelta(days=40), time(14))
        encounter = model.with_env(feed).copy(
            {
                "number": f"{model.number}{_LONG_STAY_MARK}",
                "started_at": start,
                "ended_at": start + timedelta(days=_LONG_STAY_DAYS),
                "note_signed_on": self.as_of - timedelta(days=26),
                "diagnosis_ids": [
                    Command.create({"code_id": each.code_id.id, "sequence": each.sequence})
                    for each in model.diagnosis_ids
                ],
            }
        )
        room = max(model.service_line_ids, key=lambda line: line.units)
        room.with_env(feed).copy(
            {
                "encounter_id": encounter.id,
                "external_id": f"{encounter.number}-1",
                "service_date": start.date(),
                "units": float(_LONG_STAY_DAYS),
                "diagnosis_ids": [Command.set(encounter.diagnosis_ids.ids)],
            }
        )
        consent = feed["hc.document"].search([("encounter_id", "=", model.id)], limit=1)
        consent.copy({"encounter_id": encounter.id, "name": f"Consent, {encounter.number}"})
        encounter.action_complete()
        encounter.with_env(self.office.env_of("coder")).action_approve_coding()
        encounter.with_env(self.office.env_of("clerk_b")).action_prepare_billing()
        finance["account.move"].search(
            [("hc_case_id", "in", encounter.case_ids.ids), ("state", "=", "draft")]
        ).action_post()

    def _find_case(self, responsibility, facility, least_open):
        """An invoiced case on which at least so much is open, nearest above it."""
        env = self.office.env_of("manager")
        cases = env["hc.billing.case"].search(
            [
                ("company_id", "=", self.office.company.id),
                ("facility_id", "=", self.office.ref(f"facility_{facility}").id),
                ("stage", "=", "invoiced"),
                ("amount_charged", ">=", least_open),
                ("id", "not in", [case.id for case in self._cases.values()]),
            ],
            order="amount_charged, id",
        )
        for case in cases:
            kind = "administrative_write_off"
            if case._get_adjustable_amount(kind, responsibility) >= max(least_open, 1.0):
                return case
        raise LookupError(f"no case of {facility} owes {least_open} by {responsibility}")

    def _tell(self, story: Story):
        case = self._cases.get(story.same_case_as) or self._find_case(
            story.responsibility, story.facility, story.least_open
        )
        self._cases[story.name] = case
        telling = _Telling(self.office, self.as_of, story, case)
        if not any(verb == "request" for verb, _role, _words in story.steps):
            telling.request()
        for verb, role, words in story.steps:
            getattr(telling, verb)(*filter(None, (role, words)))

    def _ask_for_overrides(self):
        """Findings that the clerk wants to pass, for the supervisor to decide."""
        env = self.office.env_of("clerk_a")
        findings = env["hc.readiness.finding"].search(
            [
                ("state", "=", "open"),
                ("is_blocking", "=", True),
                ("is_rule_error", "=", False),
                ("case_id.stage", "=", "exception"),
                ("case_id.facility_id", "=", self.office.ref("facility_harbor").id),
            ],
            order="id",
            limit=_OVERRIDES_WAITING,
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


class _Telling:
    """One story as it goes on: each verb of its steps is a method."""

    def __init__(self, office, as_of, story, case):
        self.office = office
        self.as_of = as_of
        self.story = story
        self.case = case
        self.approval = office.env_of("manager")["hc.approval.request"]

    def request(self):
        """The requester asks, with the evidence at hand."""
        story = self.story
        env = self.office.env_of(story.requester)
        case = self.case.with_env(env)
        action = case._request_adjustment(
            story.kind,
            story.responsibility,
            story.amount,
            idempotency_key=f"demo:{story.name}",
            reason_code_id=self.office.reason(*story.reason).id,
            justification=story.words,
            evidence=[self._prepare_evidence(env, code) for code in story.evidence],
        )
        self.approval = action.approval_request_ids

    def _prepare_evidence(self, env, code):
        kind = env.ref(f"hc_billing_approvals.evidence_{code}")
        if kind.source != "attachment":
            return {
                "evidence_type": kind.source,
                "type_id": kind.id,
                "text": f"{self.story.words} Found in the review of the payer's answer.",
            }
        content = env["hc.pdf"]._render(
            "hc_billing_approvals.hc_demo_document",
            {"title": kind.name, "case": self.case.name, "text": self.story.words},
        )
        document = env["ir.attachment"].create(
            {"name": f"{kind.name} {self.case.name.replace('/', '-')}.pdf", "raw": content}
        )
        return {"evidence_type": "attachment", "type_id": kind.id, "attachment_id": document.id}

    def _as(self, role):
        return self.approval.with_env(self.office.env_of(role))

    def approve(self, role):
        """Approve the open step."""
        self._as(role).action_approve()

    def reject(self, role, reason):
        """Refuse, with a reason."""
        self._as(role)._decide("reject", reason)

    def ask(self, role, question):
        """Ask the requester."""
        self._as(role)._ask(question)

    def answer(self, role, words):
        """Answer as the requester."""
        self._as(role)._answer(words)

    def apply_again(self, role):
        """Try once more to perform what was approved."""
        self._as(role).action_apply_again()

    def break_glass(self, role, words):
        """Decide in an emergency although the step names others; compliance reviews it."""
        self._as(role)._break_glass(words)
        self.approve(role)

    def late(self):
        """The time to decide ran out yesterday, and the sweep has come by."""
        opened = self.approval.env.cr.now().replace(microsecond=0) - timedelta(hours=_LATE_HOURS)
        steps = self.approval.sudo().step_ids
        steps._write_guarded({"opened_at": opened - timedelta(days=3), "due_at": opened})
        self.approval.sudo()._take_due_times()
        steps._escalate()

    def close_period(self):
        """Accounting closes the books, as of today."""
        self.office.company.sudo().fiscalyear_lock_date = self.as_of

    def open_period(self):
        """Accounting opens them again."""
        self.office.company.sudo().fiscalyear_lock_date = False

    def pay(self, role, more=0.0):
        """The payer pays what is open, and may pay too much."""
        accounting = self.office.env_of(role)
        invoices = self.case.with_env(accounting).invoice_ids
        receivable = invoices.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        payment = accounting["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": receivable.partner_id[:1].id,
                "amount": sum(receivable.mapped("amount_residual")) + more,
                "date": self.as_of,
                "memo": self.case.name,
            }
        )
        payment.action_post()
        credit = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        (credit | receivable).reconcile()

    def overpay(self, role):
        """The payer pays more than is open, by what will be refunded."""
        self.pay(role, more=self.story.amount)
