# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from .hc_approval_presence import check_in_person

SUPERVISOR_GROUP = "hc_revenue_base.group_hc_supervisor"


class HcApprovalStep(models.Model):
    """A supervisor hands an open step to somebody by name.

    It shows whose turn it is and widens nothing: only people whom the step's rule knows – by one
    of its roles, by name, as alternate or on its ladder – can be named, nobody loses the right to
    decide, and the duty rules are asked again when the decision is made.
    """

    _inherit = "hc.approval.step"

    reassigned_by_id = fields.Many2one(
        "res.users", "Handed On By", readonly=True, copy=False, ondelete="restrict"
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"reassigned_by_id"}

    def _reassign(self, users, reason):
        """Hand open steps to users.

        :param users: who is to decide; each must be somebody who may
        :param str reason: goes into the log
        :raise UserError: the current user is no supervisor or requested it, a step is not open any
            more, or a user could not decide it; nothing is changed then
        """
        self.check_access("read")
        steps_sudo = self.sudo()
        if not users or not (reason or "").strip():
            raise UserError(self.env._("Name somebody, and say why."))
        for step in steps_sudo:
            step._check_may_reassign()
            for user in users:
                step._check_reassignable_to(user)
        for step in steps_sudo:
            step._write_guarded(
                {
                    "approver_ids": [(4, user.id) for user in users],
                    "reassigned_by_id": self.env.uid,
                    "noticed_at": False,
                    "notice_kind": "reassigned",
                }
            )
            step.request_id._log_decision(
                reason=reason,
                kind="event",
                facts={"event": "reassigned", "step": step.rule_id.id, "users": users.ids},
            )

    def _check_may_reassign(self):
        self.ensure_one()
        request = self.request_id
        check_in_person(request, "reassign")
        problem = None
        if not self.env.user.has_group(SUPERVISOR_GROUP):
            problem = self.env._("Supervisors hand requests on.")
        elif request.requester_id == self.env.user:
            problem = self.env._("You requested it: somebody else says who decides.")
        if problem:
            raise self.env["hc.refused.attempt"]._refuse(
                request, "reassign", problem, refusal="duty", reason="reassign"
            )
        if self.state != "open" or request.state != "waiting":
            raise UserError(
                self.env._(
                    "“%(step)s” of %(request)s waits for nobody any more. Reload the page.",
                    step=self.name,
                    request=request.name,
                )
            )

    def _check_reassignable_to(self, user):
        self.ensure_one()
        codes = self.request_id._get_refusals(user, self.env["res.users"])
        if not codes and user not in self._get_known_people():
            codes = ("not_approver",)
        if codes:
            texts = self.request_id._get_third_person_texts()
            raise UserError(
                self.env._(
                    "“%(request)s” cannot be handed to %(user)s: %(why)s",
                    request=self.request_id.name,
                    user=user.name,
                    why=" ".join(texts.get(code, code) for code in codes),
                )
            )

    def _get_known_people(self):
        """Whom the step may be handed to, as far as its rule says."""
        people = self._get_rule_people() | self.approver_ids
        return people.filtered(lambda user: user.active and not user.share) - self.requester_id

    def _get_rule_people(self):
        """Whom the rule knows now, whoever was put in by name."""
        rule_sudo = self.sudo().rule_id
        ladder = rule_sudo.escalation_ids.group_id
        named = rule_sudo._get_named(self.request_id.sudo())
        return rule_sudo._get_people() | rule_sudo.alternate_ids | ladder.all_user_ids | named

    def _is_approver(self, user):
        # Handed to somebody whom the rule does not know any more: a role lost since, for example.
        return super()._is_approver(user) and (
            not self.sudo().reassigned_by_id or user in self._get_rule_people()
        )

    def _get_reassign_action(self):
        if not self:
            raise UserError(self.env._("Nothing of this waits for a decision."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand On"),
            "res_model": "hc.approval.reassign.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_step_ids": self.ids},
        }


class HcApprovalRequest(models.Model):
    _inherit = "hc.approval.request"

    may_reassign = fields.Boolean(compute="_compute_may_reassign")

    @api.depends_context("uid")
    @api.depends("state", "requester_id")
    def _compute_may_reassign(self):
        is_supervisor = self.env.user.has_group(SUPERVISOR_GROUP)
        for request in self:
            request.may_reassign = (
                is_supervisor
                and request.state == "waiting"
                and request.requester_id != self.env.user
            )

    def action_open_reassign(self):
        """Choose who is to decide the open steps of the requests."""
        opened = self.step_ids.filtered(lambda step: step.state == "open")
        return opened._get_reassign_action()

    def _get_third_person_texts(self):
        """Why somebody else cannot decide; see the texts for one's own decision."""
        return {
            "not_approver": self.env._(
                "none of the step's roles, of its ladder or of its alternates is theirs."
            ),
            "system": self.env._("the system decides nothing."),
            "requester": self.env._("they requested it."),
            "preparer": self.env._("they prepared it, or a document of its evidence is theirs."),
            "reviewer": self.env._("they reviewed a break-glass grant of it."),
            "subject_owner": self.env._("it judges their own work."),
            "related_person": self.env._("it concerns them or their family."),
            "author_of_rule": self.env._("they wrote the policy version that it is decided by."),
            "decided_already": self.env._("they have decided a step of it already."),
        }
