# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timezone

from odoo import api, fields, models

from ..hc_dunning_core import next_step as core
from ..hc_dunning_core.guardrails import acts
from ..hc_dunning_core.holds import HOLD_KINDS
from .hc_assistance_application import OPEN_STATES as OPEN_APPLICATION_STATES
from .hc_billing_dispute import OPEN_STATES as OPEN_DISPUTE_STATES

_OPENERS = {
    core.AGENCY: "action_open_aging",
    core.DISPUTE: "action_open_disputes",
    core.APPLICATION: "action_open_applications",
    core.ASSIST: "action_open_assistance",
    core.STATEMENT: "action_send_statement",
    core.PLAN: "action_open_plan_calculator",
    core.CALL: "action_log_call",
    core.PLACE: "action_open_placement",
    core.REMIND: "action_start_follow_up",
}


# Decisions of the cadence that name the day of the next reminder.
_DATED = ("due", "not_due", "closed_day", "guardrail")


class HcCollectionAccount(models.Model):
    """The next best step of an account: from policy, explained in words, behind one button."""

    _inherit = "hc.collection.account"

    next_step = fields.Char(compute="_compute_next_step", compute_sudo=True)
    next_step_words = fields.Char("Next", compute="_compute_next_step", compute_sudo=True)

    @api.depends(
        "amount_open",
        "state",
        "hold_ids.state",
        "dispute_ids.state",
        "assistance_ids.state",
        "promise_ids.state",
        "contact_ids.outcome",
        "plan_ids.state",
        "cadence_level_id",
        "lawful_from_on",
    )
    def _compute_next_step(self):
        today = fields.Date.context_today(self)
        stopping = self.env["hc.collection.hold"]._get_stopping(self, today)
        calls = self._assess(acts.CALL)
        signs = self._find_assistance_signs(today)
        reminders = self._read_next_reminders(today)
        for account in self:
            reminder = reminders.get(account._origin.id, {})
            step = core.next_step(
                account._get_step_facts(
                    stopping.get(account.id),
                    calls.get(account.id),
                    signs.get(account.id, ()),
                    reminder,
                )
            )
            account.next_step = step.code
            account.next_step_words = account._describe_step(step, reminder)

    def _read_next_reminders(self, today):
        """``{account id: row of the cadence's decision}`` by the policies in force.

        Those on hold are left out: nothing is due to them whatever the day.
        """
        found = {}
        self.env.flush_all()
        facts, policies = self.env["hc.cadence.facts"], self.env["hc.cadence.policy"]
        for (company, party), accounts in self._origin.grouped(
            lambda account: (account.company_id, account.party)
        ).items():
            policy = policies._get_in_force(company, party, today)
            if policy and accounts.ids:
                self.env.cr.execute(facts._get_decisions_query(policy, company, today, accounts))
                found |= {row["account_id"]: row for row in self.env.cr.dictfetchall()}
        return found

    def _get_step_facts(self, stopping, call, signs, reminder):
        """The facts of the pure decision.

        :param stopping: holds that stop the whole account
        :param call: assessment of a call; empty: a payer, who may be called
        :param signs: what makes assistance likely
        :param reminder: row of the cadence's decision; empty: there is none
        """
        self.ensure_one()
        now = self.env.cr.now().replace(microsecond=0, tzinfo=timezone.utc).astimezone(self.env.tz)
        promises = self.promise_ids.sorted("id")
        return core.StepFacts(
            is_owing=self.currency_id.compare_amounts(self.amount_open, 0) > 0,
            is_patient=self.party == "patient",
            hold=stopping[0].kind if stopping else "",
            has_dispute=any(each.state in OPEN_DISPUTE_STATES for each in self.dispute_ids),
            has_application=any(
                each.state in OPEN_APPLICATION_STATES for each in self.assistance_ids
            ),
            is_mail_returned=bool(self.mail_returned_on),
            was_told=bool(self.last_statement_on),
            was_reached=any(each.outcome == "reached" for each in self.contact_ids),
            has_broken_promise=promises[-1:].state in ("broken", "partly_kept"),
            may_have_plan=self.party == "patient" and not self.active_plan_id,
            call_from=call.earliest if call else now,
            is_final=self.state == "pre_collections",
            place_from=self._get_place_from(),
            assistance_signs=signs,
            remind_on=reminder["earliest_on"] if reminder.get("reason") in _DATED else None,
            no_reminder=reminder.get("reason", ""),
            now=now,
        )

    def _get_place_from(self):
        if self.party != "patient" or self.state != "pre_collections":
            return None
        assessment = self._assess(acts.PLACEMENT)[self.id]
        return assessment.earliest

    def _describe_step(self, step, reminder):
        """The step and its reason in words.

        :param reminder: row of the cadence's decision; empty: there is none
        """
        words = {
            "settled": self.env._("Nothing is owed: nothing is to be done."),
            "placed": self.env._("An agency follows this up: wait for its report."),
            "dispute_open": self.env._("Answer the dispute; the undisputed rest goes on."),
            "application_open": self.env._(
                "Decide the application for assistance; ask for what is missing."
            ),
            "mail_returned": self.env._("Find the right address: mail came back."),
            "never_told": self.env._("Send a statement: nobody has told them yet what they owe."),
            "promise_broken": self.env._(
                "Call and offer a payment plan: the last promise was not kept."
            ),
            "not_reached": self.env._("Call: nobody has spoken with them yet."),
            "final_notice_given": self.env._(
                "Place with an agency, or look once more: the final notice was given."
            ),
            "plan_offer": self.env._("Offer a payment plan; tell them of assistance."),
            "reminder_due": self.env._(
                "Start the follow-up: the reminder “%s” is due.", self._get_level_name(reminder)
            ),
            "cadence": self.env._("Wait: no reminder is to come by the policy."),
        }
        if step.code == core.ASSIST:
            return self.env._(
                "Offer an application for assistance: %s.", self._describe_signs(step.details)
            )
        if step.details:
            labels = dict(
                self.env["hc.cadence.proposal"]._fields["reason"]._description_selection(self.env)
            )
            return self.env._(
                "Wait: no reminder goes out (%s).",
                ", ".join(labels.get(code, code) for code in step.details),
            )
        if step.code == core.HELD:
            return self.env._("Do nothing: “%s” stops the follow-up.", HOLD_KINDS[step.reason].name)
        if step.since:
            return self._describe_later_step(step, reminder)
        return words[step.reason]

    def _describe_later_step(self, step, reminder):
        """A step that is not for today, with the moment from which it is."""
        local = step.since
        if isinstance(local, datetime):
            local = f"{local.astimezone(self.env.tz):%Y-%m-%d %H:%M}"
        dated = {
            "call_later": self.env._("Call from %s on: before it is not lawful.", local),
            "place_later": self.env._(
                "Place with an agency from %s on: before it is not lawful.", local
            ),
            "next_reminder": self.env._(
                "Wait: the reminder “%(level)s” goes out from %(day)s on.",
                level=self._get_level_name(reminder),
                day=local,
            ),
        }
        return dated[step.reason]

    def _get_level_name(self, reminder):
        return self.env["hc.cadence.level"].sudo().browse(reminder.get("level_id")).name or ""

    def _describe_signs(self, signs):
        """What speaks for assistance, for people."""
        words = {
            "has_asked": self.env._("they asked about it"),
            "was_granted": self.env._("it was granted before"),
            "has_medicaid": self.env._("Medicaid covers them"),
            "is_uninsured": self.env._("no insurance is known"),
            "has_failed_plan": self.env._("a payment plan was not kept"),
            "has_broken_promise": self.env._("the last promise was not kept"),
        }
        return ", ".join(words[sign] for sign in signs)

    def action_next_step(self):
        """Do the next best step: open what it needs."""
        self.ensure_one()
        opener = _OPENERS.get(self.next_step)
        if opener:
            return getattr(self, opener)()
        if self.next_step == core.ADDRESS:
            return self.patient_id._get_records_action()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "info", "message": self.next_step_words},
        }
