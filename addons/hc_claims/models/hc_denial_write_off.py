# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Writing denied amounts off: base's controlled action, with the denials as its evidence."""

from odoo import models
from odoo.exceptions import UserError


class HcDenial(models.Model):
    _inherit = "hc.denial"

    def _request_write_off(self, *, reason_code, justification, attachments, idempotency_key):
        """Request the write-off of what is denied, one action per claim.

        :return: the actions
        :raise UserError: a denial is not open, an appeal or a request is under way, or less is
            open on the case than was denied
        """
        self.check_access("write")
        for denial in self:
            denial._check_write_off()
        actions = self.env["hc.controlled.action"]
        for claim, denials in self.grouped("claim_id").items():
            action = claim.case_id._request_adjustment(
                "denial_write_off",
                claim._responsibility,
                claim.currency_id.round(sum(denials.mapped("amount_denied"))),
                idempotency_key=f"{idempotency_key}:{claim.id}",
                reason_code_id=reason_code.id,
                justification=justification,
                exception_category=denials[0].category or False,
                evidence=denials._prepare_write_off_evidence(justification, attachments),
            )
            denials.sudo()._write_guarded({"write_off_action_id": action.id})
            actions |= action
        return actions

    def _check_write_off(self):
        self.ensure_one()
        request = self.sudo().write_off_action_id
        blockers = self._guard_state_written_off()[self.id]
        objection = False
        if request.state == "pending":
            objection = self.env._("a write-off is requested already: %s", request.name)
        elif blockers:
            objection = blockers[0]
        elif self.state == "corrected":
            objection = self.env._("a corrected claim is out: withdraw it first")
        elif not self._get_lifecycle("state").allows(self.state, "written_off"):
            objection = self._get_state_label()
        if objection:
            raise UserError(
                self.env._(
                    "%(denial)s is not written off: %(reason)s.",
                    denial=self.name,
                    reason=objection,
                )
            )

    def _guard_state_written_off(self):
        return {
            denial.id: [self.env._("an appeal is open: withdraw it first")]
            if denial._get_open_appeals()
            else []
            for denial in self
        }

    def _check_to_do(self):
        result = super()._check_to_do()
        self._check_no_write_off_waits()
        return result

    def _check_appealable(self):
        result = super()._check_appealable()
        self._check_no_write_off_waits()
        return result

    def _check_no_write_off_waits(self):
        """Refuse to ask the payer, or the patient, for what others are asked to give up.

        :raise UserError: with the request that waits
        """
        for denial in self:
            request = denial.sudo().write_off_action_id
            if request.state == "pending":
                raise UserError(
                    self.env._(
                        "A write-off of %(denial)s is requested: withdraw %(request)s first.",
                        denial=denial.name,
                        request=request.name,
                    )
                )

    def _prepare_write_off_evidence(self, justification, attachments):
        return [
            {"evidence_type": "justification", "text": justification},
            *[
                {"evidence_type": "record", "res_model": self._name, "res_id": denial.id}
                for denial in self
            ],
            *[
                {"evidence_type": "attachment", "attachment_id": attachment.id}
                for attachment in attachments
            ],
        ]


class HcControlledAction(models.Model):
    """A write-off that is applied, or taken back, moves the denials that it names."""

    _inherit = "hc.controlled.action"

    def _get_denials(self):
        evidence = self.sudo().evidence_ids.filtered(lambda row: row.res_model == "hc.denial")
        return self.env["hc.denial"].sudo().browse(evidence.mapped("res_id")).exists()

    def _apply_denial_write_off(self):
        result = super()._apply_denial_write_off()
        self._get_denials()._transition(
            "written_off",
            reason=self.justification,
            facts={"action": self.id},
            on_behalf_of=self.requester_id,
        )
        return result

    def _apply_reversal(self):
        original = self._get_reversed_action()
        result = super()._apply_reversal()
        original._get_denials()._transition_where_allowed(
            "in_work", reason=self.justification, facts={"action": self.id}
        )
        return result
