# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from .hc_approval_presence import check_in_person


class HcApprovalRequest(models.Model):
    _inherit = "hc.approval.request"

    missing_evidence_ids = fields.Many2many(
        "hc.approval.evidence.type",
        compute="_compute_missing_evidence_ids",
        string="Still Needed",
    )

    @api.depends("evidence_ids", "step_ids.state")
    def _compute_missing_evidence_ids(self):
        for request in self:
            steps = request.sudo()._get_live_steps()
            undecided = steps.filtered(lambda step: step.state in ("upcoming", "open"))
            request.missing_evidence_ids = undecided._get_missing_evidence()

    def action_open_add_evidence(self):
        """Ask for a piece of evidence."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Evidence"),
            "res_model": "hc.approval.evidence.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_request_id": self.id},
        }

    def _add_evidence(self, kind, content, file_name, text):
        """Add evidence as the requester; decisions about the request without it are void.

        :param kind: the evidence type
        :param content: a file in base64, for documents
        :raise UserError: somebody else asks, or the file is empty or of another type
        """
        self.ensure_one()
        check_in_person(self, "add_evidence")
        if self.requester_id != self.env.user:
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "add_evidence",
                self.env._("Only the requester adds evidence. Use “Ask for Information”."),
                reason="not_requester",
            )
        request_sudo = self.sudo()
        request_sudo._lock_for_transition(["state", "round", "content_digest"])
        if request_sudo.state not in ("waiting", "information"):
            raise UserError(self.env._("The request is decided: it takes no more evidence."))
        request_sudo.action_id._attach_evidence(kind, content, file_name, text)
        request_sudo._take_new_content()

    def _take_new_content(self):
        """Go on with content that the requester changed: anew where somebody has approved."""
        self.ensure_one()
        decided = self.decision_ids.filtered(
            lambda each: each.round == self.round and each.verdict == "approve"
        )
        if decided and self.state == "information":
            self._transition("waiting", reason=self.env._("evidence added"))
        if decided:
            self._restart_where_changed()
        else:
            self._write_guarded({"content_digest": self._get_content_digest()})
            self._log_decision(kind="event", facts={"event": "evidence_added"})
