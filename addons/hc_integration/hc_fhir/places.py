# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Where a column of a charge row comes from: the element that a remark on it names."""

from types import MappingProxyType

# Column → (whose element, what follows that record's path). One table for each dialect.
_FHIR = {
    "external_id": ("own", ".id"),
    "facility_code": ("encounter", ".serviceProvider"),
    "encounter_number": ("encounter", ".identifier"),
    "encounter_class": ("encounter", ".class"),
    "encounter_start": ("encounter", ".period.start"),
    "encounter_end": ("encounter", ".period.end"),
    "patient_mrn": ("patient", ".identifier"),
    "patient_last_name": ("patient", ".name.family"),
    "patient_first_name": ("patient", ".name.given"),
    "patient_birth_date": ("patient", ".birthDate"),
    "patient_sex": ("patient", ".gender"),
    "patient_street": ("patient", ".address.line"),
    "patient_city": ("patient", ".address.city"),
    "patient_state": ("patient", ".address.state"),
    "patient_zip": ("patient", ".address.postalCode"),
    "payer_code": ("coverage", ".payor"),
    "member_id": ("coverage", ".subscriberId"),
    "subscriber_relation": ("coverage", ".relationship"),
    "coverage_start": ("coverage", ".period.start"),
    "coverage_end": ("coverage", ".period.end"),
}
_FHIR_CHARGE_ITEM = _FHIR | {
    "service_date": ("own", ".occurrenceDateTime"),
    "performer_npi": ("own", ".performer"),
    "procedure_code": ("own", ".code"),
    "modifiers": ("own", ".code"),
    "units": ("own", ".quantity.value"),
    "unit_price": ("own", ".priceOverride.value"),
    "revenue_code": ("own", ".code"),
    "diagnosis_codes": ("own", ".reason"),
}
_FHIR_CLAIM = _FHIR | {
    "service_date": ("own", ".servicedDate"),
    "performer_npi": ("own", ".careTeamSequence"),
    "procedure_code": ("own", ".productOrService"),
    "modifiers": ("own", ".modifier"),
    "units": ("own", ".quantity.value"),
    "unit_price": ("own", ".unitPrice.value"),
    "revenue_code": ("own", ".revenue"),
    "place_of_service": ("own", ".locationCodeableConcept"),
    "diagnosis_codes": ("own", ".diagnosisSequence"),
    "authorization_number": ("own", ".preAuthRef"),
}
_FHIR_ENCOUNTER = _FHIR | {
    "service_date": ("encounter", ".period.start"),
    "performer_npi": ("encounter", ".participant"),
    "diagnosis_codes": ("encounter", ".diagnosis"),
    "encounter_status": ("encounter", ".status"),
}
_V2 = {
    "external_id": ("own", "-2"),
    "facility_code": ("encounter", "-3.4"),
    "encounter_number": ("encounter", "-19"),
    "encounter_class": ("encounter", "-2"),
    "encounter_start": ("encounter", "-44"),
    "encounter_end": ("encounter", "-45"),
    "patient_mrn": ("patient", "-3"),
    "patient_last_name": ("patient", "-5.1"),
    "patient_first_name": ("patient", "-5.2"),
    "patient_birth_date": ("patient", "-7"),
    "patient_sex": ("patient", "-8"),
    "patient_street": ("patient", "-11.1"),
    "patient_city": ("patient", "-11.3"),
    "patient_state": ("patient", "-11.4"),
    "patient_zip": ("patient", "-11.5"),
    "payer_code": ("coverage", "-3"),
    "member_id": ("coverage", "-36"),
    "subscriber_relation": ("coverage", "-17"),
    "coverage_start": ("coverage", "-12"),
    "coverage_end": ("coverage", "-13"),
    "service_date": ("own", "-4"),
    "performer_npi": ("own", "-20"),
    "procedure_code": ("own", "-25"),
    "modifiers": ("own", "-26"),
    "units": ("own", "-10"),
    "unit_price": ("own", "-22"),
    "diagnosis_codes": ("own", "-19"),
}
_V2_ENCOUNTER = _V2 | {
    "service_date": ("encounter", "-44"),
    "performer_npi": ("encounter", "-7"),
    "diagnosis_codes": ("own", ""),
}
_TABLES = MappingProxyType(
    {
        "ChargeItem": _FHIR_CHARGE_ITEM,
        "Claim": _FHIR_CLAIM,
        "Encounter": _FHIR_ENCOUNTER,
        "FT1": _V2,
        "PV1": _V2_ENCOUNTER,
    }
)


def element_path(kind, column, paths):
    """The element that a column of a row was read from.

    :param str kind: resource type or segment that the row comes from
    :param str column: name of a charge column; empty: the row as a whole
    :param paths: path of the own, patient, encounter and coverage record, where there is one

    >>> element_path("ChargeItem", "units", {"own": "ChargeItem"})
    'ChargeItem.quantity.value'
    """
    whose, suffix = _TABLES.get(kind, _FHIR_CHARGE_ITEM).get(column, ("own", ""))
    if whose not in paths:
        return paths.get("own", "")
    return paths[whose] + suffix
