# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal
from odoo.addons.hc_revenue_base.hc_core.review import ReviewEntry


class HcRemittanceService(models.Model):
    """What payers pay for a service, compared by payer, procedure and band of the charge."""

    _name = "hc.remittance.service"
    _inherit = ["hc.remittance.service", "hc.review.entries.mixin"]
    _review_amount_field = "amount_paid"

    @api.model
    def _review_entries(self, date_from, date_to, limit):
        domain = [
            ("create_date", ">=", date_from),
            ("create_date", "<=", f"{date_to} 23:59:59"),
            # Denials pay nothing and reversals take back: both are explained elsewhere.
            ("amount_paid", ">", 0),
        ]
        services = self._search_review_entries(domain, "id desc", limit)
        return [service._get_review_entry() for service in services]

    def _get_review_entry(self):
        self.ensure_one()
        answer = self.remittance_claim_id
        places = self.currency_id.decimal_places
        units = max(to_decimal(self.units, 3), 1)
        charged = to_decimal(self.amount_charged, places)
        payer = answer.payer_id.id or 0
        return ReviewEntry(
            self.id,
            to_decimal(self.amount_paid, places),
            self.create_date.date(),
            # A band reaches from one power of two to the next.
            (payer, self.code, self.modifiers, int(charged / units).bit_length()),
            units=units,
            ceiling=charged,
            fingerprint=(
                (payer, self.claim_line_id.id, self.amount_paid) if self.claim_line_id else ()
            ),
            payer_id=payer,
        )
