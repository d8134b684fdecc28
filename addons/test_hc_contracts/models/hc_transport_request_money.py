# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.tools import float_repr

WAIVING_GROUP = "hc_revenue_base.group_hc_supervisor"


class HcTransportRequest(models.Model):
    """Money: waivers as controlled actions, what is open, and why a payer does not pay."""

    _inherit = "hc.transport.request"

    def _request_waiver(self, justification):
        """Ask to waive the fee.

        :return: the controlled action
        :raise AccessError: the user has no right to ask; the attempt is on record
        """
        self.ensure_one()
        if not self.env.user.has_group(WAIVING_GROUP):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "waive",
                self.env._("Supervisors waive transport fees. Ask yours."),
                reason="no_waiver_right",
            )
        return self.env["hc.controlled.action"]._request(
            "transport_waiver",
            self,
            idempotency_key=f"transport_waiver:{self.id}",
            amount=self.amount,
            case_id=self.case_id.id,
            justification=justification,
            evidence=[{"evidence_type": "justification", "text": justification}],
        )

    def _waive(self):
        self.sudo()._write_guarded({"amount": 0.0})

    def _get_open_amount(self):
        """What the patient owes for the case, by the ledger, as text with the currency's digits."""
        self.ensure_one()
        rows = self.env["hc.balance"]._read_group(
            [("case_id", "=", self.case_id.id), ("responsibility", "=", "patient")],
            aggregates=["amount_open:sum"],
        )
        return float_repr(rows[0][0] or 0.0, self.currency_id.decimal_places)

    def _explain_adjustments(self, codes, as_of):
        """Labels of the reasons (CARC) for which a payer reduced the ride.

        :return: ``{code: label}``; unknown codes are absent
        """
        found = self.env["hc.adjustment.code"]._find("carc", codes, as_of)
        return {code: record.name for code, record in found.items()}
