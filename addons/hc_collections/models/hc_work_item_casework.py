# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    """What disputes, applications and agencies leave to people."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[
            ("dispute", "Dispute"),
            ("assistance", "Financial Assistance"),
            ("assistance_refund", "Refund After Assistance"),
            ("placement_recall", "Recall from an Agency"),
            ("placement_hold", "Hold on What an Agency Has"),
            ("placement_blocked", "Not Told to the Agency"),
            ("agency_report", "Agency's Report"),
        ],
        ondelete={
            "dispute": "cascade",
            "assistance": "cascade",
            "assistance_refund": "cascade",
            "placement_recall": "cascade",
            "placement_hold": "cascade",
            "placement_blocked": "cascade",
            "agency_report": "cascade",
        },
    )
