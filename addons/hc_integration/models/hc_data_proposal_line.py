# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP


class HcDataProposalLine(models.Model):
    """One value of a proposal: what the record says, and what the system says."""

    _name = "hc.data.proposal.line"
    _description = "Value of a Conflicting Update"
    _inherit = ["hc.guarded.mixin", "hc.phi.mixin"]
    _phi_patient_path = "proposal_id.patient_id"
    _order = "proposal_id, field_name"
    _rec_name = "field_label"
    _guarded_fields = frozenset({"proposal_id", "field_name", "value_before", "value_proposed"})

    proposal_id = fields.Many2one(
        "hc.data.proposal", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="proposal_id.company_id", store=True, index=True)
    field_name = fields.Char(required=True, readonly=True)
    field_label = fields.Char("Field", compute="_compute_field_label")
    value_before = fields.Char("Before", readonly=True, groups=PHI_GROUP)
    value_now = fields.Char("Now", compute="_compute_value_now", groups=PHI_GROUP)
    value_proposed = fields.Char("As the System Says", readonly=True, groups=PHI_GROUP)
    is_taken = fields.Boolean("Take Over", default=True)

    _field_unique = models.UniqueIndex(
        "(proposal_id, field_name)", "The proposal names this field already."
    )

    @api.depends("field_name", "proposal_id.res_model")
    def _compute_field_label(self):
        for line in self:
            model = self.env.get(line.proposal_id.res_model)
            field = model._fields.get(line.field_name) if model is not None else None
            line.field_label = field._description_string(self.env) if field else line.field_name

    @api.depends("field_name", "proposal_id.res_id", "proposal_id.state")
    def _compute_value_now(self):
        owners = self.env["hc.data.owner"]
        for line in self:
            proposal = line.proposal_id
            record_sudo = self.env[proposal.res_model].sudo().browse(proposal.res_id)
            line.value_now = owners._read_text(record_sudo, line.field_name)

    def write(self, vals):
        """What was decided stays as it was decided.

        :raise UserError: the proposal is not open any more
        """
        if "is_taken" in vals and self.proposal_id.filtered(lambda each: each.state != "open"):
            raise UserError(self.env._("This was decided already. Reload the page."))
        return super().write(vals)
