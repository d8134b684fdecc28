# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcDocument(models.Model):
    """A document that billing relies on: consent, notice, note, attachment to a claim."""

    _name = "hc.document"
    _description = "Billing Document"
    _order = "document_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    document_type = fields.Selection(
        [
            ("consent", "Signed Consent / Assignment of Benefits"),
            ("advance_notice", "Advance Beneficiary Notice or Waiver"),
            ("good_faith_estimate", "Good Faith Estimate"),
            ("clinical_note", "Signed Clinical Note"),
            ("claim_attachment", "Claim Attachment"),
            ("financial_screening", "Financial Assistance Screening"),
            ("other", "Other"),
        ],
        required=True,
        index=True,
    )
    patient_id = fields.Many2one("hc.patient", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="patient_id.company_id", store=True, index=True)
    encounter_id = fields.Many2one(
        "hc.encounter",
        index=True,
        ondelete="restrict",
        domain="[('patient_id', '=', patient_id)]",
        help="Empty: valid for all encounters of the patient.",
    )
    document_date = fields.Date(required=True, default=fields.Date.context_today)
    expires_on = fields.Date()
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    active = fields.Boolean(default=True)


class HcDocumentRequirement(models.Model):
    """Which document a procedure or payer calls for; loadable as a table."""

    _name = "hc.document.requirement"
    _description = "Document Requirement"
    _order = "document_type, payer_id, code_id"
    _check_company_auto = True

    document_type = fields.Selection(
        selection=lambda self: self.env["hc.document"]._fields["document_type"].selection,
        required=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    payer_id = fields.Many2one(
        "hc.payer", index=True, check_company=True, help="Empty: every payer.", ondelete="cascade"
    )
    code_id = fields.Many2one(
        "hc.code",
        "Procedure",
        index=True,
        ondelete="cascade",
        domain="[('system', '=', 'procedure')]",
        help="Empty: every procedure.",
    )
    date_from = fields.Date("Effective From", required=True)
    date_to = fields.Date("Effective To")
