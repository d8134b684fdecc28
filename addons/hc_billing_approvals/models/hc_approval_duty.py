# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import SUPERUSER_ID, fields, models

from ..hc_approval_core import duty
from .hc_approval_presence import is_in_person


class HcApprovalRequest(models.Model):
    """Segregation of duties: who may decide which step, and why not.

    Asked where a decision is made, whatever way it came; no role and no right changes the answer.
    """

    _inherit = "hc.approval.request"

    def _find_step_for(self, user):
        """The open step that a user may decide, and in whose name.

        :return: ``(step, delegator)``; the delegator is an empty user for the user's own right
        :raise AccessError: none is open to them, or a duty rule speaks against it; the attempt
            is on record
        """
        self.ensure_one()
        opened = self._get_live_steps().filtered(lambda step: step.state == "open")
        nobody = self.env["res.users"]
        refused, found = [], False
        for step, delegator in self._iterate_rights(user, opened):
            found = True
            codes = self._get_refusals(user, delegator)
            if not codes:
                return step, delegator
            refused += codes
        # Asked last: nobody breaks the glass where they may decide anyway.
        if opened and self._get_break_glass(user):
            refused = self._get_refusals(user, nobody)
            if not refused:
                return opened._get_most_urgent(), nobody
        elif not found:
            refused = self._get_refusals(user, nobody) or ("not_approver",)
        raise self._refuse_decision(tuple(dict.fromkeys(refused)))

    def _iterate_rights(self, user, opened):
        """Yield the steps that a user may decide, each with who lent the right; own ones first."""
        for step in opened:
            if step._is_approver(user):
                yield step, self.env["res.users"]
        # Asked only where the own right does not do: it is a query for each request.
        for delegation in self.env["hc.approval.delegation"]._get_active_for(user):
            for step in opened if delegation._covers(self) else ():
                if step._is_approver(delegation.delegator_id):
                    yield step, delegation.delegator_id

    def _get_refusals(self, user, delegator):
        if user.id == SUPERUSER_ID or not is_in_person(self.env):
            return ("system",)
        return duty.refusals(user.id, self._get_duty_facts(delegator))

    def _get_duty_facts(self, delegator):
        """The people around the request, as the pure rules want them."""
        self.ensure_one()
        action = self.action_id
        decided = self.decision_ids.filtered(
            lambda each: each.round == self.round and each.verdict in ("approve", "reject")
        )
        chain = self.env["hc.approval.delegation"]._get_active_for(delegator)
        return duty.DutyFacts(
            requester_id=action.requester_id.id,
            subject_owner_ids=frozenset(action._get_subject_owner_ids()),
            policy_author_ids=frozenset(self.policy_id.author_ids.ids),
            decided_ids=frozenset(decided.user_id.ids + decided.on_behalf_of_id.ids),
            related_user_ids=frozenset(action.case_id.patient_id.hc_related_user_ids.ids),
            preparer_ids=frozenset(action._get_preparer_ids()),
            reviewer_ids=frozenset(self.break_glass_ids.reviewer_id.ids),
            delegator_id=delegator.id or None,
            delegate_chain=tuple(chain.delegator_id.ids),
        )

    def _refuse_decision(self, codes):
        texts = self._get_duty_texts()
        message = " ".join(
            [
                self.env._("You cannot decide “%(request)s”.", request=self.name),
                *(texts[code] for code in codes),
            ]
        )
        return self.env["hc.refused.attempt"]._refuse(
            self, "approve", message, refusal="duty", reason=", ".join(codes)
        )

    def _get_duty_texts(self):
        return {
            "not_approver": self.env._(
                "No open step names you, your role or somebody you stand in for."
            ),
            "system": self.env._("The system decides nothing; log in as yourself."),
            "requester": self.env._("You requested it."),
            "preparer": self.env._("You prepared it, or a document of its evidence is yours."),
            "reviewer": self.env._("You reviewed a break-glass grant of it."),
            "subject_owner": self.env._("It judges your own work."),
            "related_person": self.env._("It concerns you or your family."),
            "author_of_rule": self.env._("You wrote the policy version that it is decided by."),
            "decided_already": self.env._("You have decided a step of it already."),
            "delegation_to_requester": self.env._(
                "Nobody stands in for others on their own request."
            ),
            "delegation_to_decider": self.env._(
                "Who has decided already does not stand in for others."
            ),
            "delegation_chained": self.env._("A right that was delegated is not delegated again."),
            "delegator_excluded": self.env._(
                "The person you stand in for may not decide it either."
            ),
        }


class HcControlledAction(models.Model):
    _inherit = "hc.controlled.action"

    def _get_subject_owner_ids(self):
        """Users whose own work the act judges; a module adds those of its subjects."""
        if self.kind != "dispute_invoice":
            return ()
        case_sudo = self.case_id.sudo()
        overrides = case_sudo.finding_ids.override_action_id
        return (case_sudo.charge_ids.create_uid | overrides.requester_id).ids

    def _get_preparer_ids(self):
        """Users who prepared the act besides its requester: those who gave its evidence.

        A colleague may press the button for somebody; whose papers they are stays on record.
        """
        evidence_sudo = self.sudo().evidence_ids
        return (evidence_sudo.create_uid | evidence_sudo.document_author_id).ids


class HcRefusedAttempt(models.Model):
    _inherit = "hc.refused.attempt"

    refusal = fields.Selection(
        selection_add=[("duty", "Segregation of Duties"), ("native_path", "Way Around Approval")],
        ondelete={"duty": "cascade", "native_path": "cascade"},
    )
