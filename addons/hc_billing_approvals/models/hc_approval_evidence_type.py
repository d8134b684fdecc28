# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


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

    def write(self, vals):
        if {"active", "code", "mimetypes", "source"} & vals.keys():
            self._check_unused()
        return super().write(vals)

    def _check_unused(self):
        """Refuse to change what a published policy asks for: it would ask for something else."""
        rules = self.env["hc.approval.step.rule"].sudo()
        published = rules.search(
            [
                ("evidence_type_ids", "in", self.ids),
                ("route_id.policy_id.state", "!=", "draft"),
            ],
            limit=1,
        )
        if published and self.env.registry.ready:
            raise UserError(
                self.env._(
                    "%(policy)s asks for it: it stays as it is. Add another evidence type and use "
                    "it in a new version.",
                    policy=published.route_id.policy_id.display_name,
                )
            )

    def _get_mimetypes(self):
        self.ensure_one()
        return frozenset(
            part.strip().lower() for part in (self.mimetypes or "").split(",") if part.strip()
        )
