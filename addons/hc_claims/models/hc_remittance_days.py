# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import models

# A transfer is announced some days before it arrives; what is dated later than this is mistyped.
_MOST_DAYS_AHEAD = 30


class HcRemittance(models.Model):
    """A remittance of another guide, or of days that have not come, is held."""

    _inherit = "hc.remittance"

    def _get_identity_objections(self):
        return [
            *super()._get_identity_objections(),
            *self._get_guide_objections(),
            *self._get_day_objections(self.company_id._get_office_day()),
        ]

    def _get_guide_objections(self):
        """What is written by another guide means other things by the same elements."""
        found = self.env["hc.remittance.finding"].search(
            [("remittance_id", "=", self.id), ("code", "=", "version_unsupported")]
        )
        advice = self.env._("Ask the sender for the version 005010X221A1.")
        return [f"{finding.message}. {advice}" for finding in found]

    def _get_day_objections(self, today):
        """Days of the payment and of services, against the day at the office.

        Args:
            today: the day at the office.

        Returns:
            sentences for a person; none where all days may be right.
        """
        objections = []
        if self.payment_date and self.payment_date > today + timedelta(days=_MOST_DAYS_AHEAD):
            objections.append(
                self.env._(
                    "It pays on %(day)s, which is more than %(days)s days in the future.",
                    day=self.payment_date,
                    days=_MOST_DAYS_AHEAD,
                )
            )
        service = self.env["hc.remittance.service"].search(
            [("remittance_claim_id.remittance_id", "=", self.id), ("service_date", ">", today)],
            limit=1,
        )
        answer = service.remittance_claim_id or self.env["hc.remittance.claim"].search(
            [("remittance_id", "=", self.id), ("service_date_from", ">", today)], limit=1
        )
        if answer:
            objections.append(
                self.env._(
                    "It answers %(claim)s for a service of %(day)s, which lies in the future.",
                    claim=answer.patient_control_number or "–",
                    day=service.service_date or answer.service_date_from,
                )
            )
        return objections
