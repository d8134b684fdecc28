# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The R4 (4.0.1) codes and element names that decide something here.

Value sets: https://hl7.org/fhir/R4/terminologies-valuesets.html; element names: the resources'
own pages there. Codes of required bindings are refused where unknown.
"""

from types import MappingProxyType

GENDER = frozenset({"female", "male", "other", "unknown"})
BUNDLE_TYPES = frozenset(
    {
        "document",
        "message",
        "transaction",
        "transaction-response",
        "batch",
        "batch-response",
        "history",
        "searchset",
        "collection",
    }
)
TAKEN_BUNDLES = frozenset({"transaction", "batch", "collection", "searchset"})
FINANCIAL_STATUS = frozenset({"active", "cancelled", "draft", "entered-in-error"})
CLAIM_USE = frozenset({"claim", "preauthorization", "predetermination"})
DOCUMENT_STATUS = frozenset({"current", "superseded", "entered-in-error"})

# Encounter.status → how far the visit is here.
ENCOUNTER_STATUS = MappingProxyType(
    {
        "planned": "planned",
        "arrived": "in_progress",
        "triaged": "in_progress",
        "in-progress": "in_progress",
        "onleave": "in_progress",
        "finished": "completed",
        "cancelled": "cancelled",
        "entered-in-error": "cancelled",
        "unknown": "planned",
    }
)
# v3-ActCode of Encounter.class (extensible) → class of encounter; PV1-2 has its own table.
ENCOUNTER_CLASS = MappingProxyType(
    {
        "AMB": "ambulatory",
        "EMER": "emergency",
        "FLD": "ambulatory",
        "HH": "ambulatory",
        "IMP": "inpatient",
        "ACUTE": "inpatient",
        "NONAC": "inpatient",
        "OBSENC": "ambulatory",
        "PRENC": "ambulatory",
        "SS": "ambulatory",
        "VR": "virtual",
    }
)
# ChargeItem.status → whether the charge is taken, and whether its codes are final.
CHARGE_STATUS = MappingProxyType(
    {
        "planned": "open",
        "billable": "final",
        "not-billable": "skipped",
        "aborted": "skipped",
        "billed": "skipped",
        "entered-in-error": "skipped",
        "unknown": "open",
    }
)
# subscriber-relationship (extensible) → relation.
RELATION = MappingProxyType(
    {
        "self": "self",
        "spouse": "spouse",
        "child": "child",
        "parent": "other",
        "common": "other",
        "other": "other",
        "injured": "other",
    }
)

_SHARED = frozenset(
    {
        "resourceType",
        "id",
        "meta",
        "implicitRules",
        "language",
        "text",
        "contained",
        "extension",
        "modifierExtension",
        "identifier",
    }
)


def _names(text):
    return _SHARED | frozenset(text.split())


ELEMENTS = MappingProxyType(
    {
        "Patient": _names(
            "active name telecom gender birthDate deceasedBoolean deceasedDateTime address "
            "maritalStatus multipleBirthBoolean multipleBirthInteger photo contact communication "
            "generalPractitioner managingOrganization link"
        ),
        "Organization": _names("active type name alias telecom address partOf contact endpoint"),
        "Practitioner": _names(
            "active name telecom address gender birthDate photo qualification communication"
        ),
        "Coverage": _names(
            "status type policyHolder subscriber subscriberId beneficiary dependent relationship "
            "period payor class order network costToBeneficiary subrogation contract"
        ),
        "Encounter": _names(
            "status statusHistory class classHistory type serviceType priority subject "
            "episodeOfCare basedOn participant appointment period length reasonCode "
            "reasonReference diagnosis account hospitalization location serviceProvider partOf"
        ),
        "ChargeItem": _names(
            "definitionUri definitionCanonical status partOf code subject context "
            "occurrenceDateTime occurrencePeriod occurrenceTiming performer "
            "performingOrganization requestingOrganization costCenter quantity bodysite "
            "factorOverride priceOverride overrideReason enterer enteredDate reason service "
            "productReference productCodeableConcept account note supportingInformation"
        ),
        "Claim": _names(
            "status type subType use patient billablePeriod created enterer insurer provider "
            "priority fundsReserve related prescription originalPrescription payee referral "
            "facility careTeam supportingInfo diagnosis procedure insurance accident item total"
        ),
        "DocumentReference": _names(
            "masterIdentifier status docStatus type category subject date author authenticator "
            "custodian relatesTo description securityLabel content context"
        ),
        "Condition": frozenset(),
    }
)

MODIFIER_ELEMENTS = ("modifierExtension", "implicitRules")
