# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A payer's answer in the shape of FHIR R4's ClaimResponse, without patient data."""

from odoo import models

_STATUSES = {"posted": "active", "no_posting": "active", "reversed": "cancelled"}
_UNDONE = "entered-in-error"
# What of an answer other systems may see: those that were posted, and what became of them.
EXPORTED_STATES = ("posted", "no_posting", "reversed", "undone")
# CLP02 of a price that was asked for before the service.
_PREDETERMINATION = "25"


class HcRemittanceClaim(models.Model):
    _inherit = "hc.remittance.claim"

    def _to_claim_response(self):
        """The answer as a ClaimResponse; amounts are texts, as everywhere at the border."""
        self.ensure_one()
        return {
            "resourceType": "ClaimResponse",
            "id": str(self.id),
            "status": _STATUSES.get(self.state, _UNDONE),
            "type": self.claim_id.claim_type or None,
            "use": "predetermination" if self.status_code == _PREDETERMINATION else "claim",
            "created": self.remittance_id.create_date.date().isoformat(),
            "insurer": self.payer_id.code or None,
            "request": self.claim_id.name or self.patient_control_number or None,
            "identifier": self.payer_claim_number or None,
            "outcome": self._get_response_outcome(),
            "disposition": self.status_code or None,
            "currency": self.currency_id.name,
            "item": [
                service._to_response_item(self) for service in self.service_ids.sorted("sequence")
            ],
            "adjudication": [
                row._to_adjudication() for row in self.adjustment_ids if not row.service_id
            ],
            "total": self._get_response_totals(),
            "payment": {
                "date": self._serve_day(self.remittance_id.payment_date),
                "amount": self._serve_amount(self.amount_paid),
                "identifier": self.remittance_id.trace_number or None,
            },
        }

    def _get_response_outcome(self):
        """Complete where nothing stays open at the payer; a denial leaves what it denies open."""
        if self.state not in ("posted", "no_posting"):
            return "error"
        open_ = self.amount_denied + self.amount_pended
        return "partial" if self.currency_id.compare_amounts(open_, 0) > 0 else "complete"

    def _get_response_totals(self):
        totals = (
            ("submitted", self.amount_charged),
            ("benefit", self.amount_paid),
            ("contractual", self.amount_allowed_off),
            ("patient", self.amount_moved),
            ("denied", self.amount_denied),
            ("open", self.amount_pended),
            ("expected", self.amount_expected),
        )
        return [{"category": key, "amount": self._serve_amount(value)} for key, value in totals]

    def _serve_amount(self, amount):
        return f"{amount:.{self.currency_id.decimal_places}f}"

    def _serve_day(self, day):
        return day.isoformat() if day else None


class HcRemittanceService(models.Model):
    _inherit = "hc.remittance.service"

    def _to_response_item(self, answer):
        """The service as an item of a ClaimResponse."""
        self.ensure_one()
        return {
            "itemSequence": self.claim_line_id.sequence or self.sequence,
            "productOrService": self.code or self.revenue_code or None,
            "modifier": (self.modifiers or "").split(":") if self.modifiers else [],
            "servicedDate": answer._serve_day(self.service_date),
            "adjudication": [
                {"category": "submitted", "amount": answer._serve_amount(self.amount_charged)},
                {"category": "benefit", "amount": answer._serve_amount(self.amount_paid)},
                *[row._to_adjudication() for row in self.adjustment_ids],
            ],
            "remark": (self.remark_codes or "").split(),
        }


class HcRemittanceAdjustment(models.Model):
    _inherit = "hc.remittance.adjustment"

    def _to_adjudication(self):
        """The adjustment: who bears it, why, how much, and what became of it here."""
        self.ensure_one()
        amount = f"{self.amount:.{self.currency_id.decimal_places}f}"
        return {
            "category": "adjustment",
            "group": self.group_code,
            "reason": self.reason_code,
            "amount": amount,
            "treatment": self.treatment or None,
        }
