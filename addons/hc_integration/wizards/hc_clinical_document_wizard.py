# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib

from odoo import fields, models
from odoo.exceptions import UserError


class HcClinicalDocumentWizard(models.TransientModel):
    """Hand over documents that a clinical system could not send by itself."""

    _name = "hc.clinical.document.wizard"
    _description = "Hand Over Clinical Documents"

    source_id = fields.Many2one(
        "hc.integration.source", "Connected System", required=True, ondelete="cascade"
    )
    document_type = fields.Selection(
        [("fhir_bundle", "FHIR R4 (JSON)"), ("hl7v2", "HL7 v2 (ADT, DFT)")],
        required=True,
        default="fhir_bundle",
    )
    file_ids = fields.Many2many("ir.attachment", string="Files")

    def action_hand_over(self):
        """Store the files as documents of the system, and have them processed."""
        self.ensure_one()
        exchanges = self.env["hc.exchange"].with_company(self.source_id.company_id)
        exchanges._check_may_import()
        self.source_id.check_access("write")
        if not self.file_ids:
            raise UserError(self.env._("Choose at least one file."))
        for file in self.file_ids:
            content = file.raw or b""
            exchanges |= exchanges._receive(
                self.document_type,
                self.source_id.code,
                # The content of a file that a person hands over is its number.
                hashlib.sha256(content).hexdigest(),
                content,
                file.name,
            )[0]
        self.env.ref("hc_revenue_base.ir_cron_process_exchanges").sudo()._trigger()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_revenue_base.hc_exchange_action")
        return action | {"domain": [("id", "in", exchanges.ids)], "context": {}}
