# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcLetterRunWizard(models.TransientModel):
    """When the letters of a print run were handed to the post, and which to take out first."""

    _name = "hc.letter.run.wizard"
    _description = "Mailed"
    _inherit = ["hc.guarded.mixin"]

    run_id = fields.Many2one("hc.letter.run", required=True, readonly=True)
    letter_count = fields.Integer("Letters", readonly=True)
    dropped_ids = fields.Many2many("hc.contact", string="Take These Out", readonly=True)
    mailed_on = fields.Date(required=True, default=fields.Date.context_today)

    def action_confirm(self):
        """From the day of mailing the letters count."""
        self.ensure_one()
        self.run_id._mark_mailed(self.mailed_on)
        return {"type": "ir.actions.act_window_close"}
