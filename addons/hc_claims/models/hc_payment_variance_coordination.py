# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Later payers against their contracts: after what the earlier ones paid and left.

What these decided is read from the claim that went to the later payer: it is what that payer knew.
"""

from decimal import Decimal

from odoo import models

from ..hc_claim_core import coordination

_PATIENT_GROUP = "PR"


class HcRemittanceClaim(models.Model):
    _inherit = "hc.remittance.claim"

    def _get_prior_adjudications(self):
        """What earlier payers decided, as the claim carries it; of a primary payer's none."""
        self.ensure_one()
        claim = self.claim_id.sudo()
        return claim.prior_adjudications or [] if claim.payer_order != "1" else []

    def _get_prior(self, row=None):
        """What earlier payers paid and left, of a service or of the claim."""
        paid, left = Decimal(0), Decimal(0)
        for plain in self._get_prior_adjudications():
            part = plain["lines"][row["charge_id"]] if row else plain
            paid += Decimal(part["paid"])
            adjustments = list(part["adjustments"])
            if not row:
                for line in plain["lines"].values():
                    adjustments += line["adjustments"]
            # The last of them says what is left.
            left = Decimal(0) + sum(
                Decimal(amount) for group, _code, amount in adjustments if group == _PATIENT_GROUP
            )
        return coordination.Prior(paid, left)

    def _is_compared_as_whole(self):
        """After other payers by line only where each of them, and this one, answered all by line.

        A split line is carried as one of its parts: then the payments of the lines do not come to
        the payment of the claim.
        """
        result = super()._is_compared_as_whole()
        priors = self._get_prior_adjudications()
        if result or not priors:
            return result
        charges = {str(line.charge_id.id) for line in self.service_ids.claim_line_id}
        return (
            bool(self.adjustment_ids.filtered(lambda row: not row.service_id and row.amount))
            or not all(self.service_ids.mapped("claim_line_id"))
            or any(
                plain["adjustments"]
                or not charges <= plain["lines"].keys()
                or sum(Decimal(line["paid"]) for line in plain["lines"].values())
                != Decimal(plain["paid"])
                for plain in priors
            )
        )

    def _read_allowed_of(self, charged, adjustments, stated=0.0):
        if self._get_prior_adjudications():
            return coordination.read_accepted(
                self._to_decimal(charged), self._to_adjustments(adjustments)
            )
        return super()._read_allowed_of(charged, adjustments, stated)

    def _judge(self, price, allowed, tolerance, row=None):
        if not self._get_prior_adjudications():
            return super()._judge(price, allowed, tolerance, row)
        prior = self._get_prior(row)
        price = coordination.coordinate(price, prior)
        result = coordination.compare_after(price.amount, allowed, prior, tolerance)
        return price, allowed, result
