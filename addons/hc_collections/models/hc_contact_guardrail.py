# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timedelta, timezone

from odoo import fields, models
from odoo.exceptions import UserError

from ..hc_dunning_core.cadence_columns import can_use
from ..hc_dunning_core.guardrails import acts
from ..hc_dunning_core.holds import CALLS
from .hc_guardrail_facts import ACT_OF_CHANNEL

_PAPER_ACTS = {
    "statement": acts.STATEMENT,
    "reminder": acts.STATEMENT,
    "final_notice": acts.FINAL_NOTICE,
    "pre_collection": acts.FINAL_NOTICE,
}
# What is lawful later today waits; what is not comes again with the next run.
_LONGEST_WAIT = timedelta(days=1)
# Where nobody knows from when on it is lawful, the follow-up asks again after so long.
_LOOK_AGAIN = timedelta(days=7)


class HcContact(models.Model):
    """The guardrails at the moment of sending."""

    _inherit = "hc.contact"

    def _get_act(self, channel=None):
        """What the law calls this contact, by its own channel or by another one."""
        channel = channel or self.channel
        if channel in ("letter", "portal"):
            is_required = self._is_required_letter(channel)
            other = acts.STATEMENT if is_required else ACT_OF_CHANNEL[channel]
            return _PAPER_ACTS.get(self.purpose, other)
        return ACT_OF_CHANNEL[channel]

    def _withdraw_unlawful(self):
        """Withdraw what no guardrail lets through, put off what is lawful soon; return the rest.

        A call is handed to a person even outside the hours: the hours count when they call.
        """
        kinds = {contact.account_id.id: contact._get_act() for contact in self}
        assessments = self.account_id._assess(kinds)
        allowed, waiting, blocked, checks = self.browse(), {}, {}, []
        for contact in self:
            assessment = assessments.get(contact.account_id.id)
            if assessment:
                checks.append((contact.account_id, contact, assessment))
            if not assessment or assessment.is_allowed:
                allowed |= contact
            elif contact.printed_at or not _is_soon(assessment):
                blocked[contact.id] = assessment
            elif contact.channel == "call":
                allowed |= contact
            else:
                moment = assessment.earliest.astimezone(timezone.utc).replace(tzinfo=None)
                waiting[moment] = waiting.get(moment, self.browse()) | contact
        self.env["hc.guardrail.check"]._note(checks)
        for moment, contacts in waiting.items():
            contacts._take_back()
            contacts._enqueue_job(
                "_job_deliver",
                key=f"contact_delivery:{contacts[0].id}:{contacts[-1].id}:{moment:%Y%m%d%H%M}",
                name=self.env._("Delivery of contacts"),
                not_before=moment,
            )
        return allowed | self.browse(blocked)._take_fallback(blocked)

    def _take_fallback(self, assessments):
        """Let the level's other channel stand in where the law allows it; withdraw the rest.

        :param assessments: ``{contact id: Assessment}`` of the channel that is blocked
        :return: the contacts that may go out by the other channel now; those that were handed
            over already, as to a print run, leave it and are delivered anew
        """
        others = self._find_fallbacks()
        kinds = {}
        for contact, channel in others.items():
            kinds[contact.account_id.id] = contact._get_act(channel)
        found = self.env["hc.collection.account"].browse(kinds)._assess(kinds)
        checks, lawful = [], self.browse()
        for contact, channel in others.items():
            assessment = found.get(contact.account_id.id)
            if assessment:
                checks.append((contact.account_id, contact, assessment))
            if not assessment or assessment.is_allowed:
                contact._write_guarded({"channel": channel, "address": False, "body": False})
                contact.proposal_ids._write_guarded({"channel": channel})
                lawful |= contact
        self.env["hc.guardrail.check"]._note(checks)
        for contact in self - lawful:
            contact._withdraw_blocked(assessments[contact.id])
        moved = lawful._take_back()
        moved._enqueue_delivery(f":{fields.Datetime.to_string(self.env.cr.now())}")
        return lawful - moved

    def _find_fallbacks(self):
        """``{contact: channel}`` where the level names another that can be used.

        A letter that lies printed stays in its run, withdrawn, so that somebody takes it out.
        """
        asked = self.filtered(
            lambda contact: (
                not contact.printed_at
                and contact.level_id.fallback_channel not in (False, contact.channel)
            )
        )
        found = {}
        for (policy, company), contacts in asked.grouped(
            lambda contact: (contact.level_id.policy_id, contact.company_id)
        ).items():
            core, today = policy._to_core(), fields.Date.context_today(self)
            facts = self.env["hc.cadence.facts"]._read_facts(
                policy, company, today, contacts.account_id
            )
            for contact in contacts:
                channel = contact.level_id.fallback_channel
                known = facts.get(contact.account_id.id)
                level = core.levels[core.position_of(contact.level_id.code)]
                if known and can_use(core, level, channel, known, today):
                    found[contact] = channel
        return found

    def _withdraw_blocked(self, assessment):
        """Give a contact up until the first lawful day; where none is known, for a week."""
        earliest = assessment.earliest
        day = earliest.date() if isinstance(earliest, datetime) else earliest
        if self.level_id:
            again_on = day or fields.Date.context_today(self) + _LOOK_AGAIN
            self.account_id._write_guarded({"lawful_from_on": again_on})
        self._withdraw(
            "guardrail",
            self.account_id._describe_block(assessment),
            blocked_by=", ".join(f"{each.rule} ({each.source})" for each in assessment.blocking),
            earliest_on=day,
        )

    def action_make_call(self):
        """Start a call that is to be made: refused while a guardrail blocks it."""
        self.ensure_one()
        self.check_access("write")
        self._lock_for_transition(["state"])
        if self.channel != "call" or self.state != "due":
            raise UserError(
                self.env._("%(contact)s is no call that is to be made.", contact=self.display_name)
            )
        holds = (
            self.env["hc.collection.hold"]
            ._get_stopping(self.account_id, fields.Date.context_today(self), CALLS)
            .get(self.account_id.id)
        )
        if holds:
            raise UserError(
                self.env._(
                    "No call to %(account)s: %(hold)s.",
                    account=self.account_id.name,
                    hold=holds[0].display_name,
                )
            )
        self.account_id._require_lawful(acts.CALL)
        self._transition("done", reason=self.env._("call made"))
        self._write_guarded(
            {"user_id": self.env.uid, "happened_at": self.env.cr.now().replace(microsecond=0)}
        )


def _is_soon(assessment):
    earliest = assessment.earliest
    return (
        isinstance(earliest, datetime)
        and isinstance(assessment.act.at, datetime)
        and earliest - assessment.act.at < _LONGEST_WAIT
    )
