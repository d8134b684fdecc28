# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcIntegrationSource(models.Model):
    """Where a clinical system answers questions."""

    _inherit = "hc.integration.source"

    fhir_base_url = fields.Char(
        "FHIR Server",
        tracking=True,
        help="Address of the system's FHIR R4 server, such as https://ehr.example.org/fhir/r4. "
        "Empty: the system sends, and is not asked.",
    )
