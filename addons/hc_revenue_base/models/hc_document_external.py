# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcDocument(models.Model):
    """Documents of other systems: sent along as a file, or named by where they lie."""

    _inherit = "hc.document"

    source = fields.Char(readonly=True, copy=False, help="System that sent it.")
    external_id = fields.Char("External ID", readonly=True, copy=False)
    exchange_id = fields.Many2one(
        "hc.exchange", "Received In", readonly=True, copy=False, index="btree_not_null"
    )
    checksum = fields.Char("SHA-256", readonly=True, copy=False, help="Of the last file received.")
    repository_url = fields.Char(
        "Lies At", readonly=True, copy=False, help="Address in the repository that keeps it."
    )

    _external_unique = models.UniqueIndex(
        "(company_id, source, external_id) WHERE external_id IS NOT NULL",
        "This document was received already.",
    )

    @api.model
    def _get_guarded_fields(self):
        # Where a document came from is what was received, not what somebody types.
        return super()._get_guarded_fields() | {
            "source",
            "external_id",
            "exchange_id",
            "checksum",
            "repository_url",
        }
