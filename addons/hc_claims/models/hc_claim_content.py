# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A claim as values of the X12 package, from the records as they are now."""

from decimal import Decimal

from odoo import models
from odoo.tools import float_repr

from ..hc_x12.claim import Drug, OtherCoverage
from ..hc_x12.claim_institutional import Diagnosis, InstitutionalClaim, InstitutionalLine
from ..hc_x12.claim_professional import ProfessionalClaim, ProfessionalLine
from ..hc_x12.parties import (
    Address,
    BillingProvider,
    Coverage,
    Name,
    Patient,
    Payer,
    Subscriber,
)

RESPONSIBILITY_CODES = {"1": "P", "2": "S", "3": "T"}
# PAT01 and SBR02, by the relation of the coverage.
RELATIONSHIPS = {"self": "18", "spouse": "01", "child": "19", "other": "G8"}
GENDERS = {"female": "F", "male": "M"}
CLAIM_CLASSES = {"professional": ProfessionalClaim, "institutional": InstitutionalClaim}
_UNKNOWN = "U"
_DISCHARGED_HOME = "01"
_POINTERS_MAX = 4


class HcClaim(models.Model):
    _inherit = "hc.claim"

    def _prepare_contents(self):
        """What would be sent now, as ``{claim id: dataclass of the X12 package}``.

        Read beyond the user's own rights: what a claim says does not depend on who looks.
        """
        claims = self.sudo()
        # One billing provider for all claims of a facility: the writer then compares by identity.
        providers = {
            facility: facility._prepare_billing_provider() for facility in claims.facility_id
        }
        return {claim.id: claim._prepare_content(providers[claim.facility_id]) for claim in claims}

    def _prepare_content(self, billing_provider):
        """What would be sent now, as a dataclass of the X12 package."""
        self.ensure_one()
        values = self._prepare_content_values(billing_provider)
        return CLAIM_CLASSES[self.claim_type](**values)

    def _prepare_content_values(self, billing_provider):
        """Values of the dataclass; a module adds to ``super()``."""
        encounter = self.case_id.encounter_id
        return {
            "claim_id": self.name,
            "charge": self._to_decimal(self.amount_charged),
            "billing_provider": billing_provider,
            "coverage": self.coverage_id._prepare_claim_coverage(self.payer_order),
            "patient": self.coverage_id._prepare_claim_patient(),
            "frequency": self.frequency,
            "referral": encounter.referral_id.number or "",
            "prior_authorization": self._get_prior_authorization(),
            "payer_claim_control_number": self._get_original_number(),
            "medical_record_number": self.patient_id.mrn or "",
            "referring": encounter.referring_id._prepare_claim_provider(),
            "other_coverages": self._prepare_other_coverages(),
            **getattr(self, f"_prepare_{self.claim_type}_values")(),
        }

    def _prepare_professional_values(self):
        encounter = self.case_id.encounter_id
        diagnoses = encounter.diagnosis_ids
        places = self.line_ids.charge_id.place_of_service_id.mapped("code")
        performers = self.line_ids.charge_id.performer_id
        rendering = performers if len(performers) == 1 else encounter.attending_id
        place = places[0] if places else ""
        return {
            "place_of_service": place,
            "diagnoses": tuple(_icd(diagnosis) for diagnosis in diagnoses),
            "rendering": rendering._prepare_claim_provider(),
            "admitted_on": self._get_admitted_on(),
            "lines": tuple(
                line._prepare_professional_line(place, diagnoses, rendering)
                for line in self.line_ids
            ),
        }

    def _prepare_institutional_values(self):
        encounter = self.case_id.encounter_id
        codes = [_icd(diagnosis) for diagnosis in encounter.diagnosis_ids]
        bill = (encounter.type_of_bill or "").lstrip("0")
        is_inpatient = encounter.encounter_class == "inpatient"
        return {
            "facility_type": bill[:2],
            "statement_from": self.case_id.service_date_from,
            "statement_to": self.case_id.service_date_to,
            "patient_status": encounter.patient_status_code
            or ("" if is_inpatient else _DISCHARGED_HOME),
            "admission_type": encounter.admission_type_code or "",
            "admission_source": encounter.admission_source_code or "",
            "admitted_on": self._get_admitted_on(),
            "principal_diagnosis": Diagnosis(codes[0] if codes else ""),
            "other_diagnoses": tuple(Diagnosis(code) for code in codes[1:]),
            "admitting_diagnosis": codes[0] if codes and is_inpatient else "",
            "attending": encounter.attending_id._prepare_claim_provider(),
            "lines": tuple(line._prepare_institutional_line() for line in self.line_ids),
        }

    def _get_admitted_on(self):
        encounter = self.case_id.encounter_id
        return encounter.started_at.date() if encounter.encounter_class == "inpatient" else None

    def _get_prior_authorization(self):
        """The authorization of the claim's payer; the other payer's number says nothing to it."""
        authorization = self.case_id.encounter_id.authorization_id
        return authorization.number if authorization.payer_id == self.payer_id else ""

    def _get_original_number(self):
        """The payer's number of the claim that a replacement or void is about."""
        return (self.origin_claim_id.payer_claim_number or "") if self.frequency != "1" else ""

    def _prepare_other_coverages(self):
        """The other payers of the case, with what they decided where they have."""
        encounter = self.case_id.encounter_id
        by_order = {"1": encounter.primary_coverage_id, "2": encounter.secondary_coverage_id}
        decided = {each["payer_order"]: each for each in self.prior_adjudications or ()}
        return tuple(
            OtherCoverage(
                coverage=coverage._prepare_claim_coverage(order),
                relationship=RELATIONSHIPS[coverage.subscriber_relation or "self"],
                adjudication=self._read_prior_adjudication(decided.get(order)),
            )
            for order, coverage in by_order.items()
            if coverage and order != self.payer_order
        )

    def _to_decimal(self, amount):
        """An amount of the claim's currency, exactly as it is shown."""
        return to_decimal(amount, self.currency_id)


class HcClaimLine(models.Model):
    _inherit = "hc.claim.line"

    def _prepare_line_values(self):
        """Values that lines of both forms carry; a module adds to ``super()``."""
        service = self.charge_id.service_line_id
        return {
            "charge": to_decimal(self.amount_charged, self.currency_id),
            "units": Decimal(float_repr(self.units, 3)).normalize(),
            "procedure": self.code,
            "modifiers": tuple(self.modifiers.split(":")) if self.modifiers else (),
            "description": service.description or "",
            "service_from": self.service_date,
            "control_number": self.control_number,
            "drug": _drug(service),
            "adjudications": self.claim_id._read_line_adjudications(self),
        }

    def _prepare_professional_line(self, place, diagnoses, rendering):
        service = self.charge_id.service_line_id
        pointed = service.diagnosis_ids or diagnoses
        pointers = [number for number, each in enumerate(diagnoses, 1) if each in pointed]
        performer = self.charge_id.performer_id
        own_place = self.charge_id.place_of_service_id.code or ""
        authorization = service.authorization_id
        if authorization == self.claim_id.case_id.encounter_id.authorization_id:
            authorization = authorization.browse()
        return ProfessionalLine(
            diagnosis_pointers=tuple(pointers[:_POINTERS_MAX]),
            place_of_service="" if own_place == place else own_place,
            rendering=performer._prepare_claim_provider() if performer != rendering else None,
            prior_authorization=authorization.number
            if authorization
            and authorization != self.claim_id.case_id.encounter_id.authorization_id
            else "",
            **self._prepare_line_values(),
        )

    def _prepare_institutional_line(self):
        return InstitutionalLine(
            revenue_code=self.revenue_code or "", **self._prepare_line_values()
        )


class HcFacility(models.Model):
    _inherit = "hc.facility"

    def _prepare_billing_provider(self):
        """The facility as billing provider of a claim."""
        self.ensure_one()
        return BillingProvider(
            name=Name(self.name or "", is_organization=True),
            address=Address(
                line_1=self.street or "",
                city=self.city or "",
                state=self.state_id.code or "",
                postal_code=_digits(self.zip),
            ),
            tax_id=_digits(self.tax_identifier),
            npi=self.npi or "",
            taxonomy=self.taxonomy_code or "",
        )


class HcCoverage(models.Model):
    _inherit = "hc.coverage"

    def _prepare_claim_coverage(self, payer_order):
        """The coverage as a claim names it, in the place of that order of payers."""
        self.ensure_one()
        payer = self.payer_id
        return Coverage(
            payer=Payer(name=payer.name or "", identifier=payer.payer_identifier or ""),
            subscriber=self._prepare_subscriber(),
            responsibility=RESPONSIBILITY_CODES[payer_order],
            filing_code=payer.claim_filing_indicator or "ZZ",
        )

    def _is_patient_subscriber(self):
        return (self.subscriber_relation or "self") == "self"

    def _prepare_subscriber(self):
        is_patient = self._is_patient_subscriber()
        holder = self.patient_id if is_patient else self.subscriber_id
        return Subscriber(
            name=Name(holder.last_name or "", holder.first_name or ""),
            member_id=self.member_id or "",
            address=holder._prepare_claim_address() if is_patient else None,
            birth_date=holder.birth_date or None if is_patient else None,
            gender=GENDERS.get(holder.sex, _UNKNOWN) if is_patient else "",
            group_number=self.group_number or "",
            group_name=self.plan_name or "",
        )

    def _prepare_claim_patient(self):
        """The patient where somebody else holds the coverage, else None."""
        if self._is_patient_subscriber():
            return None
        patient = self.patient_id
        return Patient(
            name=Name(patient.last_name or "", patient.first_name or ""),
            relationship=RELATIONSHIPS[self.subscriber_relation],
            birth_date=patient.birth_date or None,
            gender=GENDERS.get(patient.sex, _UNKNOWN),
            address=patient._prepare_claim_address(),
        )


class HcPatient(models.Model):
    _inherit = "hc.patient"

    def _prepare_claim_address(self):
        return Address(
            line_1=self.street or "",
            line_2=self.street2 or "",
            city=self.city or "",
            state=self.state_id.code or "",
            postal_code=_digits(self.zip),
        )


def to_decimal(amount, currency):
    """An amount as the exact number that its currency shows."""
    return Decimal(float_repr(amount, currency.decimal_places))


def _icd(diagnosis):
    return (diagnosis.code_id.code or "").replace(".", "")


def _digits(text):
    """A number without the dashes and spaces that people write."""
    return (text or "").replace("-", "").replace(" ", "")


def _drug(service):
    if not service.drug_code:
        return None
    return Drug(
        ndc=service.drug_code,
        quantity=Decimal(float_repr(service.drug_quantity, 3)).normalize(),
        unit=service.drug_unit or "UN",
    )
