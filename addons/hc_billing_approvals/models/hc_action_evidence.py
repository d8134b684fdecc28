# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64
from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype


class HcActionEvidence(models.Model):
    """Evidence says which type it is, so that a step can ask for it."""

    _inherit = "hc.action.evidence"

    type_id = fields.Many2one(
        "hc.approval.evidence.type", "Type", readonly=True, index=True, ondelete="restrict"
    )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"type_id"}

    def _is_sound(self):
        """Whether a document is there, not empty, of an accepted type, and as it was given."""
        self.ensure_one()
        if self.evidence_type != "attachment":
            return True
        attachment = self.attachment_id.sudo().exists()
        if not attachment or not attachment.file_size or attachment.checksum != self.checksum:
            return False
        if not self.type_id:
            return True
        content = base64.b64decode(attachment.datas or b"")
        return guess_mimetype(content) in self.type_id._get_mimetypes()


class HcControlledAction(models.Model):
    _inherit = "hc.controlled.action"

    def _get_evidence_content(self):
        """What the evidence is, for the digest of what is approved."""
        self.ensure_one()
        return sorted(
            [
                each.evidence_type,
                each.type_id.code or "",
                each.attachment_id.sudo().checksum or "",
                each.text or "",
                f"{each.res_model},{each.res_id}" if each.res_id else "",
            ]
            for each in self.evidence_ids
        )


class HcApprovalStep(models.Model):
    _inherit = "hc.approval.step"

    def _check_evidence(self):
        """Refuse an approval while evidence that the step asks for is missing or unsound."""
        self.ensure_one()
        action = self.request_id.action_id.sudo()
        given = Counter(each.type_id.id for each in action.evidence_ids if each._is_sound())
        missing = [
            kind.name
            for kind in self.rule_id.evidence_type_ids
            if not (given[kind.id] or self._is_given_by_action(kind, action))
        ]
        if missing:
            raise UserError(
                self.env._(
                    "“%(step)s” cannot approve yet. Missing evidence: %(missing)s. "
                    "Ask the requester for it.",
                    step=self.name,
                    missing=", ".join(missing),
                )
            )

    def _is_given_by_action(self, kind, action):
        """Reason codes and written words stand on the action itself."""
        return (kind.source == "reason_code" and bool(action.reason_code_id)) or (
            kind.source == "justification" and bool((action.justification or "").strip())
        )
