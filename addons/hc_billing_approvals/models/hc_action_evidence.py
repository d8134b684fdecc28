# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

# In bytes; a scan of many pages has less.
DOCUMENT_SIZE_LIMIT = 25 * 1024 * 1024
# What a document says, where it hangs, and whoever may open it.
_FIXED_DOCUMENT_FIELDS = frozenset(
    {
        "access_token",
        "checksum",
        "company_id",
        "datas",
        "db_datas",
        "file_size",
        "mimetype",
        "name",
        "public",
        "raw",
        "res_field",
        "res_id",
        "res_model",
        "store_fname",
        "type",
        "url",
    }
)


class HcActionEvidence(models.Model):
    """Evidence says which type it is, so that a step can ask for it."""

    _inherit = "hc.action.evidence"

    type_id = fields.Many2one(
        "hc.approval.evidence.type", readonly=True, index=True, ondelete="restrict"
    )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"type_id"}

    def _is_sound(self):
        """Whether a document is there, not empty, of an accepted type, and as it was given."""
        self.ensure_one()
        if self.evidence_type != "attachment":
            return True
        # A client's context would make the content its size in words.
        given = self.attachment_id.with_context(bin_size=False, bin_size_datas=False)
        attachment = given.sudo().exists()
        if not attachment or not attachment.file_size or attachment.checksum != self.checksum:
            return False
        if not self.type_id:
            return True
        return guess_mimetype(attachment.raw or b"") in self.type_id._get_mimetypes()


class HcControlledAction(models.Model):
    _inherit = "hc.controlled.action"

    def _attach_evidence(self, kind, content, file_name, text):
        """Add a piece of evidence to a pending action.

        :param kind: the evidence type
        :param content: a file in base64, for documents
        :raise UserError: the file is empty or of another type than the evidence type accepts
        """
        self.ensure_one()
        vals = {"action_id": self.id, "type_id": kind.id, "evidence_type": kind.source}
        if kind.source == "attachment":
            vals["attachment_id"] = self._create_document(kind, content, file_name).id
        else:
            vals["text"] = text
        evidence = self.env["hc.action.evidence"]._create_guarded([vals])
        if not evidence._is_sound():
            raise UserError(
                self.env._(
                    "%(file)s is empty or no file of an accepted type (%(types)s).",
                    file=file_name or self.env._("The file"),
                    types=", ".join(sorted(kind._get_mimetypes())),
                )
            )

    def _create_document(self, kind, content, file_name):
        """The document of a piece of evidence; its type is what its content is, not its name."""
        try:
            raw = base64.b64decode(content or b"", validate=True)
        except ValueError:
            raw = b""
        if len(raw) > DOCUMENT_SIZE_LIMIT:
            raise UserError(
                self.env._(
                    "%(file)s is larger than %(limit)s MB. Scan it with a lower resolution.",
                    file=file_name or self.env._("The file"),
                    limit=DOCUMENT_SIZE_LIMIT // 1024**2,
                )
            )
        return self.env["ir.attachment"].create(
            {
                "name": file_name or kind.name,
                "raw": raw,
                "mimetype": guess_mimetype(raw),
                "res_model": self._name,
                "res_id": self.id,
            }
        )

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
        missing = self._get_missing_evidence()
        if missing:
            raise UserError(
                self.env._(
                    "“%(step)s” cannot approve yet. Missing evidence: %(missing)s. "
                    "Ask the requester for it.",
                    step=self.name,
                    missing=", ".join(missing.mapped("name")),
                )
            )

    def _get_missing_evidence(self):
        """Types that the steps ask for and of which nothing sound is there."""
        action = self.request_id.action_id.sudo()
        given = action.evidence_ids.filtered(lambda each: each._is_sound()).type_id
        return self.rule_id.evidence_type_ids.filtered(
            lambda kind: kind not in given and not kind._is_given_by_action(action)
        )


class HcApprovalEvidenceType(models.Model):
    _inherit = "hc.approval.evidence.type"

    def _is_given_by_action(self, action):
        """The reason and the justification stand on the action itself."""
        self.ensure_one()
        return (self.source == "reason_code" and bool(action.reason_code_id)) or (
            self.code == "justification" and bool((action.justification or "").strip())
        )


class IrAttachment(models.Model):
    """Documents given as evidence stay as they were given, and stay."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if _FIXED_DOCUMENT_FIELDS & vals.keys():
            self._check_no_evidence("write")
        return super().write(vals)

    def unlink(self):
        self._check_no_evidence("unlink")
        return super().unlink()

    def _check_no_evidence(self, operation):
        evidence = self.env["hc.action.evidence"].sudo()
        found = evidence.search([("attachment_id", "in", self.ids)], limit=1)
        if found:
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                operation,
                self.env._(
                    "The document is evidence of “%(action)s” and stays as it is.",
                    action=found.action_id.name,
                ),
                reason="evidence",
            )
