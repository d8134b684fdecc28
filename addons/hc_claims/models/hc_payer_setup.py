# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models

from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES

from .hc_claim_labels import EDI_QUEUE


class HcPayer(models.Model):
    _inherit = "hc.payer"

    def _open_setup_items(self):
        """One work item per payer whose claims have nowhere to go."""
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "claim_setup",
                    "queue_code": EDI_QUEUE,
                    "dedup_key": f"claim_setup:{payer.id}",
                    "name": self.env._("%(payer)s has no clearinghouse", payer=payer.name),
                    "description": self.env._(
                        "Claims of this payer are held. Enter its clearinghouse on the payer; the "
                        "held claims are checked again within the hour."
                    ),
                    "company_id": payer.company_id.id,
                    "res_model": payer._name,
                    "res_id": payer.id,
                }
                for payer in self
            ]
        )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("clearinghouse_id"):
            items = self.env["hc.work.item"].sudo()
            items.search(
                [
                    ("dedup_key", "in", [f"claim_setup:{payer_id}" for payer_id in self.ids]),
                    ("state", "in", OPEN_STATES),
                ]
            )._resolve("fixed")
        return result
