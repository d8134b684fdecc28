# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Kinds of visits: where, by whom, what is documented and why."""

from dataclasses import dataclass, replace
from random import Random


@dataclass(frozen=True)
class Service:
    """One documented service."""

    code: str
    units: float = 1.0
    modifiers: tuple[str, ...] = ()
    revenue: str | None = None
    place: str | None = None
    points_to_diagnosis: bool = True
    has_drug_code: bool = True


@dataclass(frozen=True)
class VisitKind:
    """A recurring kind of visit; each group of ``services`` is one way it may go."""

    name: str
    facility: str
    department: str
    practitioners: tuple[str, ...]
    place: str
    diagnoses: tuple[tuple[str, ...], ...]
    services: tuple[tuple[Service, ...], ...]
    encounter_class: str = "ambulatory"
    type_of_bill: str | None = None
    age_from_years: int = 18
    age_to_years: int = 120
    duration_hours: int = 1
    referring: str | None = None
    share: int = 10


@dataclass(frozen=True)
class Visit:
    """One visit to create."""

    kind: VisitKind
    practitioner: str
    diagnoses: tuple[str, ...]
    services: tuple[Service, ...]

    def without_diagnosis_pointers(self):
        services = tuple(replace(service, points_to_diagnosis=False) for service in self.services)
        return replace(self, services=services)


def _hospital(code, revenue, **values):
    return Service(code, revenue=revenue, **values)


_FAMILY = ("asher", "birch")
_EMERGENCY = ("elm", "fir")

VISIT_KINDS = (
    VisitKind(
        "sick visit",
        "harbor",
        "family_medicine",
        _FAMILY,
        "11",
        (("J06.9",), ("J02.9",), ("N39.0",), ("M54.50",), ("R51.9",), ("K21.9", "R10.9")),
        (
            (Service("OV100"),),
            (Service("OV200"),),
            (Service("OV200"), Service("LB130")),
            (Service("OV200"), Service("LB100")),
        ),
        share=26,
    ),
    VisitKind(
        "chronic care",
        "harbor",
        "family_medicine",
        _FAMILY,
        "11",
        (("I10",), ("E11.9", "I10"), ("E78.5",), ("E03.9",), ("J45.909",), ("F41.1",)),
        (
            (Service("OV200"), Service("LB110")),
            (Service("OV300"), Service("LB110"), Service("LB120")),
            (Service("OV300"), Service("OV150")),
        ),
        share=22,
    ),
    VisitKind(
        "wellness",
        "harbor",
        "family_medicine",
        _FAMILY,
        "11",
        (("Z00.00",),),
        ((Service("G0439"),), (Service("G0439"), Service("G0444")), (Service("G0438"),)),
        age_from_years=40,
        share=8,
    ),
    VisitKind(
        "vitamin injection",
        "harbor",
        "family_medicine",
        ("birch",),
        "11",
        (("E53.8",),),
        ((Service("IJ100"), Service("J3420", modifiers=("JZ",))),),
        share=5,
    ),
    VisitKind(
        "video visit",
        "harbor",
        "family_medicine",
        _FAMILY,
        "10",
        (("F41.1",), ("F32.A",)),
        ((Service("TH100", modifiers=("95",)),),),
        encounter_class="virtual",
        share=8,
    ),
    VisitKind(
        "child visit",
        "harbor",
        "pediatrics",
        ("cedar",),
        "11",
        (("J06.9",), ("H66.90",), ("Z00.129",)),
        ((Service("OV100"),), (Service("OV200"),)),
        age_from_years=0,
        age_to_years=17,
        share=16,
    ),
    VisitKind(
        "therapy",
        "harbor",
        "therapy",
        ("dogwood",),
        "11",
        (("M54.50",), ("M25.561",)),
        (
            (Service("PT100", units=3.0, modifiers=("GP",)),),
            (Service("PT100", units=2.0, modifiers=("GP",)),),
        ),
        referring="asher",
        share=12,
    ),
    VisitKind(
        "emergency",
        "summit",
        "emergency",
        _EMERGENCY,
        "23",
        (("R07.9",), ("S93.401A",), ("S61.411A",), ("R10.9",)),
        (
            (_hospital("ED200", "0450"),),
            (_hospital("ED200", "0450"), _hospital("LB100", "0305")),
            (_hospital("ED300", "0450"), _hospital("XR120", "0324"), _hospital("LB110", "0301")),
            (
                _hospital("ED200", "0450"),
                _hospital("IJ100", "0450"),
                _hospital("J1885", "0636", units=2.0, modifiers=("JZ",)),
            ),
        ),
        encounter_class="emergency",
        type_of_bill="0131",
        duration_hours=4,
        share=22,
    ),
    VisitKind(
        "hospital stay",
        "summit",
        "medicine",
        ("ginkgo", "juniper"),
        "21",
        (("J18.9",), ("I48.91", "I10"), ("J44.9",), ("L03.115",)),
        (
            (_hospital("RM100", "0120", units=2.0), _hospital("LB110", "0301")),
            (
                _hospital("RM100", "0120", units=4.0),
                _hospital("XR120", "0324"),
                _hospital("LB100", "0305"),
            ),
        ),
        encounter_class="inpatient",
        type_of_bill="0111",
        duration_hours=20,
        share=7,
    ),
    VisitKind(
        "knee imaging",
        "summit",
        "imaging",
        ("ivy",),
        "22",
        (("M25.561",), ("M17.11",)),
        ((_hospital("MR200", "0610", modifiers=("RT",)),), (_hospital("XR200", "0320"),)),
        type_of_bill="0131",
        referring="hazel",
        share=8,
    ),
    VisitKind(
        "orthopedic visit",
        "summit",
        "orthopedics",
        ("hazel",),
        "22",
        (("M17.11",), ("M25.561",)),
        (
            (_hospital("XR200", "0320"),),
            (_hospital("L1833", "0270", modifiers=("RT",)), _hospital("XR200", "0320")),
        ),
        type_of_bill="0131",
        share=6,
    ),
)
# Procedures of each payer that need an authorization or a referral first.
AUTHORIZED_CODES = {
    ("bluepine", "MR200"): "authorization",
    ("meridian", "MR200"): "authorization",
    ("silverlake", "MR200"): "authorization",
    ("medicaid", "PT100"): "referral",
    ("workcover", "PT100"): "authorization",
}


def invent_visit(rng: Random, kind: VisitKind) -> Visit:
    """One visit of a kind."""
    return Visit(
        kind, rng.choice(kind.practitioners), rng.choice(kind.diagnoses), rng.choice(kind.services)
    )


def needed_authorizations(payer: str | None, visit: Visit) -> dict[str, str]:
    """``{code: authorization or referral}`` that a payer wants for the services of a visit."""
    return {
        service.code: AUTHORIZED_CODES[payer, service.code]
        for service in visit.services
        if (payer, service.code) in AUTHORIZED_CODES
    }
