# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    """What the cadence leaves to people."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[
            ("collection_contact", "Contact to Make"),
            ("collection_undelivered", "Contact Not Delivered"),
            ("collection_unrecorded", "Reminder Not Recorded"),
            ("collection_unreachable", "No Way to Reach"),
            ("collection_threshold", "Old and Large Balance"),
            ("letters_to_mail", "Letters to Mail"),
            ("contact_reply", "Answer to Read"),
        ],
        ondelete={
            "collection_contact": "cascade",
            "collection_undelivered": "cascade",
            "collection_unrecorded": "cascade",
            "collection_unreachable": "cascade",
            "collection_threshold": "cascade",
            "letters_to_mail": "cascade",
            "contact_reply": "cascade",
        },
    )
