# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timezone

from odoo import fields, models

from ..hc_dunning_core.guardrails.acts import CALL, FIRST_PARTY, Act
from ..hc_dunning_core.guardrails.evaluate import assess


class HcCollectionAccount(models.Model):
    """The guardrails of an account: what may be done now, and what from when on."""

    _inherit = "hc.collection.account"

    call_advice = fields.Text(
        "May We Call?", compute="_compute_call_advice", groups="hc_revenue_base.group_hc_phi"
    )

    def _assess(self, kinds, party=FIRST_PARTY):
        """Judge intended acts as of now, without a trace.

        :param kinds: ``{account id: kind of act}``, or one kind for all
        :param str party: who acts: ``first`` (the provider) or ``third`` (an agency)
        :return: ``{account id: Assessment}``; payers are companies, no rule here protects them
        """
        guarantors = self.filtered(lambda account: account.party == "patient")
        if not guarantors:
            return {}
        now = self.env.cr.now().replace(microsecond=0, tzinfo=timezone.utc)
        moment = now.astimezone(self.env.tz)
        rows = self.env["hc.guardrail.rule"]._get_rows()
        facts = self.env["hc.guardrail.facts"]._load(guarantors)
        found = {}
        for company, accounts in guarantors.grouped("company_id").items():
            workdays = self.env["resource.calendar"]._hc_get_workdays(company)
            for account in accounts:
                kind = kinds if isinstance(kinds, str) else kinds[account.id]
                act = Act(kind, moment.date(), moment, party, is_automated=kind != CALL)
                found[account.id] = assess(rows, act, facts[account.id], workdays)
        return found

    def _check_act(self, kind, party=FIRST_PARTY):
        """Judge an intended act of these accounts, and put the check on record.

        :return: ``{account id: Assessment}``
        """
        assessments = self._assess(kind, party)
        self.env["hc.guardrail.check"]._note(
            [(self.browse(key), None, assessment) for key, assessment in assessments.items()]
        )
        return assessments

    def _require_lawful(self, kind, party=FIRST_PARTY):
        """Let an act through only where no guardrail blocks it.

        :raise UserError: names rule, source and the earliest lawful time; the check stays on
            record
        """
        assessments = self._assess(kind, party)
        for account in self:
            assessment = assessments.get(account.id)
            if assessment and not assessment.is_allowed:
                raise self.env["hc.refused.attempt"]._refuse(
                    account,
                    kind,
                    self._describe_block(assessment),
                    reason=", ".join(each.rule for each in assessment.blocking),
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
