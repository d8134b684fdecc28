# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HcApprovalEvidenceType(models.Model):
    """What a step wants to see: a document, a linked record, a reason code, written words."""

    _name = "hc.approval.evidence.type"
    _description = "Evidence Type"
    _order = "sequence, code"

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    source = fields.Selection(
        [
            ("attachment", "Document"),
            ("record", "Linked Record"),
            ("reason_code", "Reason Code"),
            ("justification", "Written Justification"),
        ],
        required=True,
        default="attachment",
    )
    mimetypes = fields.Char(
        "File Types",
        default="application/pdf,image/png,image/jpeg,image/tiff,text/csv",
        help="Accepted file types, separated by commas; judged by content, not by the file's name.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    note = fields.Char(help="What to attach, for those who request.", translate=True)

    _code_unique = models.UniqueIndex("(code)", "This evidence type exists already.")

    @api.constrains("source", "mimetypes")
    def _check_mimetypes(self):
        for kind in self:
            if kind.source == "attachment" and not kind._get_mimetypes():
                raise ValidationError(
                    self.env._("%(kind)s: name at least one file type.", kind=kind.name)
                )

    def _get_mimetypes(self):
        self.ensure_one()
        return frozenset(
            part.strip().lower() for part in (self.mimetypes or "").split(",") if part.strip()
        )
