# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class ResUsers(models.Model):
    """Whether a person wants to see suggestions."""

    _inherit = "res.users"

    has_hc_ai_switched_off = fields.Boolean(
        "No AI Suggestions", help="Show me no suggestions of the AI on the records that I work on."
    )

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802 - Odoo's name
        return super().SELF_READABLE_FIELDS + ["has_hc_ai_switched_off"]

    @property
    def SELF_WRITEABLE_FIELDS(self):  # noqa: N802 - Odoo's name
        return super().SELF_WRITEABLE_FIELDS + ["has_hc_ai_switched_off"]
