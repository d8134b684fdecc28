# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timezone

from odoo import fields, models

from ..hc_dunning_core.guardrails.acts import CALL, FIRST_PARTY, Act
from ..hc_dunning_core.guardrails.evaluate import assess, lawful_until
from .hc_guardrail_facts import ACT_OF_CHANNEL


class HcCollectionAccount(models.Model):
    """The guardrails of an account: what may be done now, and what from when on."""

    _inherit = "hc.collection.account"

    call_advice = fields.Text(
        "May We Call?", compute="_compute_call_advice", groups="hc_revenue_base.group_hc_phi"
    )

    def _assess(self, kinds, party=FIRST_PARTY, *, agency=None, case_ids=None):
        """Judge intended acts as of now, without a trace.

        :param kinds: ``{account id: kind of act}``, or one kind for all
        :param str party: who acts: ``first`` (the provider) or ``third`` (an agency)
        :param agency: the agency that acts
        :param case_ids: ids of the cases that the act is about; empty: all that are open
        :return: ``{account id: Assessment}``; payers are companies, no rule here protects them
        """
        by_account = (
            dict.fromkeys(self.ids, (kinds,))
            if isinstance(kinds, str)
            else {account_id: (kind,) for account_id, kind in kinds.items()}
        )
        found = self._assess_many(by_account, party, agency=agency, case_ids=case_ids)
        return {account_id: next(iter(acts.values())) for account_id, acts in found.items()}

    def _assess_many(self, kinds, party=FIRST_PARTY, *, agency=None, case_ids=None):
        """Judge several intended acts of each account as of now, without a trace.

        :param dict kinds: ``{account id: kinds of act}``
        :return: ``{account id: {kind of act: Assessment}}``; payers are left out
        """
        guarantors = self.filtered(lambda account: account.party == "patient")
        if not guarantors:
            return {}
        now = self.env.cr.now().replace(microsecond=0, tzinfo=timezone.utc)
        moment = now.astimezone(self.env.tz)
        rows = self.env["hc.guardrail.rule"]._get_rows()
        facts = self.env["hc.guardrail.facts"]._load(guarantors, agency=agency, case_ids=case_ids)
        found = {}
        for company, accounts in guarantors.grouped("company_id").items():
            workdays = self.env["resource.calendar"]._hc_get_workdays(company)
            for account in accounts:
                found[account.id] = {
                    kind: assess(
                        rows,
                        Act(kind, moment.date(), moment, party, is_automated=kind != CALL),
                        facts[account.id],
                        workdays,
                    )
                    for kind in kinds[account.id]
                }
        return found

    def _get_lawful_until(self, kind, party=FIRST_PARTY):
        """Until when an act that is lawful now may be carried out by whoever it is handed to.

        :param str kind: of act
        :param str party: who acts
        :return: ``{account id: moment in UTC, with its zone}``; accounts without hours are left out
        """
        guarantors = self.filtered(lambda account: account.party == "patient")
        if not guarantors:
            return {}
        moment = self.env.cr.now().replace(microsecond=0, tzinfo=timezone.utc)
        moment = moment.astimezone(self.env.tz)
        rows = self.env["hc.guardrail.rule"]._get_rows()
        facts = self.env["hc.guardrail.facts"]._load(guarantors)
        act = Act(kind, moment.date(), moment, party, is_automated=kind != CALL)
        ends = {each.id: lawful_until(rows, act, facts[each.id]) for each in guarantors}
        return {account_id: end for account_id, end in ends.items() if end}

    def _assess_channels(self, channels):
        """Which channels may be used now, for many accounts at once, without a trace.

        Holds, addresses and the consents that a policy asks for are not looked at.

        :param channels: of ``hc.contact``
        :return: ``{account id: {channel: Assessment}}``; payers are left out: all are allowed
        """
        acts = {channel: ACT_OF_CHANNEL[channel] for channel in channels}
        found = self._assess_many(dict.fromkeys(self.ids, tuple(acts.values())))
        return {
            account_id: {channel: assessments[act] for channel, act in acts.items()}
            for account_id, assessments in found.items()
        }

    def _get_blocked(self, kind, party=FIRST_PARTY, **about):
        """The accounts that a guardrail keeps from an act now; every check is on record.

        :param about: ``agency`` and ``case_ids`` of :meth:`_assess`
        :return: ``{account id: Assessment}`` of those that are blocked
        """
        assessments = self._check_act(kind, party, **about)
        return {
            account_id: assessment
            for account_id, assessment in assessments.items()
            if not assessment.is_allowed
        }

    def _check_act(self, kind, party=FIRST_PARTY, **about):
        """Judge an intended act of these accounts, and put the check on record.

        :param about: ``agency`` and ``case_ids`` of :meth:`_assess`
        :return: ``{account id: Assessment}``
        """
        assessments = self._assess(kind, party, **about)
        self.env["hc.guardrail.check"]._note(
            [(self.browse(key), None, assessment) for key, assessment in assessments.items()]
        )
        return assessments

    def _require_lawful(self, kind, party=FIRST_PARTY, **about):
        """Let an act through only where no guardrail blocks it.

        :param about: ``agency`` and ``case_ids`` of :meth:`_assess`
        :raise UserError: names rule, source and the earliest lawful time; the check stays on
            record
        """
        assessments = self._assess(kind, party, **about)
        for account in self:
            assessment = assessments.get(account.id)
            if assessment and not assessment.is_allowed:
                raise self.env["hc.refused.attempt"]._refuse(
                    account,
                    kind,
                    self._describe_block(assessment),
                    reason="; ".join(
                        f"{each.rule} ({each.source}), from {each.earliest or 'no known day'}"
                        for each in assessment.blocking
                    ),
                )
        self.env["hc.guardrail.check"]._note(
            [(self.browse(key), None, assessment) for key, assessment in assessments.items()]
        )

    def _describe_block(self, assessment):
        """Why an act is blocked and from when on it is lawful, for people."""
        lines = [
            self.env._(
                "%(rule)s: %(words)s (%(law)s)",
                rule=each.rule,
                words=each.words,
                law=each.source,
            )
            for each in assessment.blocking
        ]
        earliest = assessment.earliest
        if isinstance(earliest, datetime):
            local = earliest.astimezone(self.env.tz)
            lines.append(
                self.env._("Lawful from %(moment)s on.", moment=f"{local:%Y-%m-%d %H:%M %Z}")
            )
        elif earliest:
            lines.append(self.env._("Lawful from %(day)s on.", day=earliest))
        else:
            lines.append(self.env._("No day is known from which on it is lawful."))
        return "\n".join(lines)

    def _compute_call_advice(self):
        assessments = self._assess(CALL)
        for account in self:
            assessment = assessments.get(account.id)
            account.call_advice = (
                self._describe_block(assessment)
                if assessment and not assessment.is_allowed
                else False
            )

    def action_check_call(self):
        """Say whether the party may be called right now, and put the question on record."""
        self.ensure_one()
        self.check_access("write")
        assessment = self._check_act(CALL).get(self.id)
        is_allowed = assessment is None or assessment.is_allowed
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_allowed else "danger",
                "title": self.env._("You may call") if is_allowed else self.env._("Do not call"),
                "message": "" if is_allowed else self._describe_block(assessment),
                "sticky": not is_allowed,
            },
        }
