# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..models.hc_contact import CHANNELS
from ..models.hc_contact_consent import SOURCES, VERDICTS


class HcContactConsentWizard(models.TransientModel):
    """What a party said about how to be contacted."""

    _name = "hc.contact.consent.wizard"
    _description = "Record a Preference"
    _inherit = ["hc.guarded.mixin"]

    account_id = fields.Many2one("hc.collection.account", required=True, readonly=True)
    channel = fields.Selection(CHANNELS, required=True)
    verdict = fields.Selection(VERDICTS, "What They Said", required=True, default="revoked")
    source = fields.Selection(
        [source for source in SOURCES if source[0] not in ("portal", "message", "import")],
        "Where",
        required=True,
        default="call",
    )
    evidence = fields.Char(
        required=True, groups=PHI_GROUP, help="Where it can be looked up: who said it, which form."
    )

    def action_confirm(self):
        """Record it; from now on it counts."""
        self.ensure_one()
        self.account_id.check_access("write")
        self.account_id._record_consent([self.channel], self.verdict, self.source, self.evidence)
        return {"type": "ir.actions.act_window_close"}
