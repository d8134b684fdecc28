# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json

from odoo import models
from odoo.exceptions import UserError

CARRIER_CODE = "transport_carrier"


class HcTransportRequest(models.Model):
    """What leaves the office: the order to the carrier and the letter to the patient."""

    _inherit = "hc.transport.request"

    def _send_order(self, url):
        """Order the ride at the carrier's interface.

        :param str url: where the carrier takes orders
        :raise UserError: the carrier did not accept, or was not reached
        """
        self.ensure_one()
        token = self.env["hc.secret"]._get_value(CARRIER_CODE, self.company_id)
        order = {"reference": f"T-{self.id}", "pickup_at": self.pickup_at.isoformat()}
        answer = self.env["hc.http"]._send(
            "POST",
            url,
            purpose="transport_order",
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            body=json.dumps(order).encode(),
        )
        if answer.status != 200:
            raise UserError(
                self.env._(
                    "The carrier answered %(status)s to %(request)s. Call the carrier.",
                    status=answer.status,
                    request=self.name,
                )
            )

    def _render_letter(self):
        """The confirmation for the patient, as PDF."""
        self.ensure_one()
        self._note_phi_read(["patient_id"], "report")
        return self.env["hc.pdf"]._render(
            "test_hc_contracts.transport_letter", {"request": self, "facility": self.facility_id}
        )
