# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP


class HcAppealEvidence(models.Model):
    """One piece of evidence of an appeal: a file, or a document that the office has already."""

    _name = "hc.appeal.evidence"
    _description = "Appeal Evidence"
    _inherit = ["hc.guarded.mixin", "hc.phi.mixin"]
    _order = "appeal_id, sequence, id"
    _check_company_auto = True
    # What is required binds those who prepare the packet: the checklist says it, not they.
    _guarded_fields = frozenset({"appeal_id", "type_id", "is_required"})
    _guarded_after_create = frozenset({"appeal_id"})

    appeal_id = fields.Many2one("hc.appeal", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="appeal_id.company_id", store=True, index=True)
    patient_id = fields.Many2one(related="appeal_id.patient_id")
    type_id = fields.Many2one("hc.appeal.evidence.type", index=True, ondelete="restrict")
    hint = fields.Char(related="type_id.hint")
    name = fields.Char(required=True)
    is_required = fields.Boolean("Required", readonly=True)
    sequence = fields.Integer(default=10)
    file = fields.Binary(attachment=True, groups=PHI_GROUP)
    file_name = fields.Char()
    document_id = fields.Many2one(
        "hc.document",
        "Or Document on File",
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('patient_id', '=', patient_id)]",
    )
    note = fields.Char()
    is_provided = fields.Boolean("Provided", compute="_compute_is_provided")

    @api.depends("file_name", "document_id")
    def _compute_is_provided(self):
        for row in self:
            # The size says enough; only what a screen has not saved yet has none.
            sized = row.sudo().with_context(bin_size=bool(row.id))
            row.is_provided = bool(row.document_id or sized.file)

    @api.constrains("document_id", "appeal_id")
    def _check_patient(self):
        """A packet goes to the payer: no other patient's document goes with it."""
        for row in self._get_foreign():
            raise ValidationError(
                self.env._(
                    "“%(name)s” is the document of another patient. Choose one of the appeal's.",
                    name=row.name,
                )
            )

    def _get_foreign(self):
        """Rows whose document is not the appeal's patient's."""
        return self.filtered(
            lambda row: (
                row.document_id and row.sudo().document_id.patient_id != row.sudo().patient_id
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.appeal_id._check_editable()
        return rows

    def write(self, vals):
        self.appeal_id._check_editable()
        self.appeal_id.browse(vals.get("appeal_id") or [])._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.appeal_id._check_editable()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_required(self):
        required = self.filtered("is_required")
        if required and not self.env.su:
            raise UserError(
                self.env._(
                    "The payer asks for “%(name)s”: it stays on the list.", name=required[0].name
                )
            )


class IrAttachment(models.Model):
    """Files of appeals show patient data; those of an approved one stay as they are."""

    _inherit = "ir.attachment"

    @api.model
    def _get_phi_models(self):
        return super()._get_phi_models() | {"hc.denial", "hc.appeal", "hc.appeal.evidence"}

    def _check_not_received(self):
        result = super()._check_not_received()
        if self.env.su:
            return result
        for attachment in self.sudo():
            if not attachment.res_field:
                continue
            appeal = self.env["hc.appeal"].sudo()
            if attachment.res_model == "hc.appeal":
                appeal = appeal.browse(attachment.res_id)
            elif attachment.res_model == "hc.appeal.evidence":
                evidence = self.env["hc.appeal.evidence"].sudo().browse(attachment.res_id)
                appeal = evidence.exists().appeal_id
            if appeal.exists():
                appeal._check_editable()
        return result
