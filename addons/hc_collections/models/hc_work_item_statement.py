# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    """Work that statements and the patients' portal leave to people."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[
            ("statement_failed", "Statement Failed"),
            ("mail_returned", "Mail Returned"),
            ("portal_request", "Patient's Request"),
        ],
        ondelete={
            "statement_failed": "cascade",
            "mail_returned": "cascade",
            "portal_request": "cascade",
        },
    )
