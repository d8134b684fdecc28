# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models

from odoo.addons.hc_revenue_base.models.hc_patient import CLINICAL_GROUP, PHI_GROUP

_PERSONAL = (
    "last_name",
    "first_name",
    "sex",
    "street",
    "street2",
    "city",
    "zip",
    "phone",
    "email",
)


class HcOperation(models.AbstractModel):
    """What the R4 resources tell of each record; personal data only to those who may see it."""

    _inherit = "hc.operation"

    @api.model
    def _describe_fhir_patient(self, patients):
        patients._note_phi_read([*_PERSONAL, "birth_date"], source="rpc")
        return [self._patient_values(patient) for patient in patients]

    @api.model
    def _patient_values(self, patient):
        values = {"mrn": patient.mrn, "active": patient.active}
        if self.env.user.has_group(PHI_GROUP):
            values |= {name: patient[name] or "" for name in _PERSONAL}
            values |= {
                "state": patient.state_id.code or "",
                "birth_date": _day(patient.birth_date),
                "death_date": _day(patient.death_date),
            }
        return values

    @api.model
    def _describe_fhir_coverage(self, coverages):
        coverages._note_phi_read(["member_id", "group_number"], source="rpc")
        return [self._coverage_values(coverage) for coverage in coverages]

    @api.model
    def _coverage_values(self, coverage):
        values = self._subject_values(coverage.patient_id) | {
            "active": coverage.active,
            "relation": coverage.subscriber_relation or "",
            "date_from": _day(coverage.date_from),
            "date_to": _day(coverage.date_to),
            "payer_code": coverage.payer_id.code,
            "payer_name": coverage.payer_id.name,
            "plan_name": coverage.plan_name or "",
            "order": int(coverage.coverage_order),
        }
        if self.env.user.has_group(PHI_GROUP):
            values |= {
                "member_id": coverage.member_id or "",
                "group_number": coverage.group_number or "",
            }
        return values

    @api.model
    def _subject_values(self, patient):
        return {"patient_id": patient.id, "mrn": patient.mrn}

    @api.model
    def _describe_fhir_encounter(self, visits):
        visits._note_phi_read(["patient_id", "diagnosis_ids"], source="rpc")
        return [self._visit_values(visit) for visit in visits]

    @api.model
    def _visit_values(self, visit):
        values = self._subject_values(visit.patient_id) | {
            "number": visit.number,
            "state": visit.state,
            "encounter_class": visit.encounter_class,
            "started_at": _moment(visit.started_at),
            "ended_at": _moment(visit.ended_at),
            "facility_code": visit.facility_id.code,
            "facility_name": visit.facility_id.name,
            "performer_npi": visit.attending_id.npi or "",
            "performer_name": visit.attending_id.name or "",
        }
        if self.env.user.has_group(CLINICAL_GROUP):
            values["diagnoses"] = visit.diagnosis_ids.sorted("sequence").code_id.mapped("code")
        return values

    @api.model
    def _describe_fhir_account(self, cases):
        cases._note_phi_read(["patient_id"], source="rpc")
        balances = self.env["hc.balance"].search([("case_id", "in", cases.ids)])
        by_case = balances.grouped("case_id")
        return [self._account_values(case, by_case.get(case, balances[:0])) for case in cases]

    @api.model
    def _account_values(self, case, balances):
        visit, currency = case.encounter_id, case.currency_id
        coverages = visit.primary_coverage_id | visit.secondary_coverage_id
        return self._subject_values(case.patient_id) | {
            "number": case.name,
            "stage": case.stage,
            "is_closed": case.stage in ("closed", "cancelled"),
            "currency": currency.name,
            "charged": _amount(case.amount_charged, currency),
            "date_from": _day(case.service_date_from),
            "date_to": _day(case.service_date_to),
            "encounter_id": visit.id,
            "coverage_ids": coverages.ids,
            "facility_code": case.facility_id.code,
            "facility_name": case.facility_id.name,
            "balances": [
                {
                    "responsibility": balance.responsibility or "unknown",
                    "date_due": _day(balance.date_due),
                    "amount_open": _amount(balance.amount_open, currency),
                }
                for balance in balances
            ],
        }

    @api.model
    def _describe_fhir_auditevent(self, entries):
        return [self._audit_values(entry) for entry in entries]

    @api.model
    def _audit_values(self, entry):
        return {
            "kind": entry.kind,
            "occurred_at": _moment(entry.occurred_at),
            "actor": f"user/{entry.actor_id.id}",
            "observer": entry.company_id.sudo().name or self.env.company.name,
            "model": entry.res_model,
            "record_id": entry.res_id,
            "field_name": entry.field_name or "",
            "from_state": entry.from_state or "",
            "to_state": entry.to_state or "",
            "hash": entry.hash,
        }


def _day(value):
    return value.isoformat() if value else ""


def _moment(value):
    return f"{value.isoformat()}+00:00" if value else ""


def _amount(amount, currency):
    return Decimal(f"{amount:.{currency.decimal_places}f}")
