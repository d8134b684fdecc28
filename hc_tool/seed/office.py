# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The provider group of a seeded database: facilities, payers, codes and prices."""

from dataclasses import dataclass

from .siblings import prepare as prepare_siblings

# Name, code, billing policy.
_FACILITIES = (
    ("Seeded North Clinic", "SEEDN", "straight_through"),
    ("Seeded South Clinic", "SEEDS", "straight_through"),
    ("Seeded Review Clinic", "SEEDR", "review_first"),
)
_FACILITY_NPI = "1234567893"
_PRACTITIONER_NPI = "1987654328"
# Name, code, payer identifier, type.
_PAYERS = (
    ("Seeded Health Plan", "SEEDP1", "60054", "commercial"),
    ("Seeded Mutual", "SEEDP2", "60055", "commercial"),
    ("Seeded State Medicaid", "SEEDP3", "60056", "medicaid"),
)
_PRICES = (45, 62.5, 78, 95, 110.4, 132, 168.75, 210, 264, 315.2, 480, 1250)
_DIAGNOSES = (("Z00.00", "General examination"), ("I10", "Hypertension"), ("J06.9", "Cold"))


@dataclass(frozen=True)
class Office:
    """Records that every seeded case refers to and that are not copied.

    Attributes:
        facilities: the last one reviews its invoices before they are posted.
        payers: with thirty days to pay.
        practitioner: who treats everybody.
        procedures: codes with a price.
        diagnoses: codes.
        place_of_service: code of an office.
    """

    facilities: object
    payers: object
    practitioner: object
    procedures: object
    diagnoses: object
    place_of_service: object


def make_office(env) -> Office:
    """Create the provider group.

    Args:
        env: environment of the superuser.

    Raises:
        ValueError: the database was seeded before.
    """
    codes = [code for _name, code, _policy in _FACILITIES]
    if env["hc.facility"].search_count([("code", "in", codes)]):
        raise ValueError("the database to start from holds seeded cases already")
    state = env.ref("base.state_us_14")
    facilities = env["hc.facility"].create([_facility_vals(state, *row) for row in _FACILITIES])
    terms = env.ref("account.account_payment_term_30days")
    facilities.self_pay_payment_term_id = terms
    procedures = env["hc.code"].create(
        [
            {"system": "procedure", "code": f"SEED{number:02}", "name": f"Service {number}"}
            for number in range(len(_PRICES))
        ]
    )
    prices = list(zip(procedures, _PRICES, strict=True))
    env["hc.fee.schedule"].create([_schedule_vals(facility, prices) for facility in facilities])
    payers = env["hc.payer"].create([_payer_vals(terms, *row) for row in _PAYERS])
    prepare_siblings(env, payers)
    return Office(
        facilities,
        payers,
        env["hc.practitioner"].create({"name": "Seeded Practitioner", "npi": _PRACTITIONER_NPI}),
        procedures,
        env["hc.code"].union(*(_code(env, "diagnosis", *row) for row in _DIAGNOSES)),
        _code(env, "place_of_service", "11", "Office"),
    )


def _facility_vals(state, name, code, policy):
    return {
        "name": name,
        "code": code,
        "npi": _FACILITY_NPI,
        "tax_identifier": "12-3456789",
        "taxonomy_code": "261QP2300X",
        "street": "1 Main Street",
        "city": "Springfield",
        "zip": "62701-1234",
        "state_id": state.id,
        "billing_policy": policy,
    }


def _payer_vals(terms, name, code, identifier, payer_type):
    return {
        "name": name,
        "code": code,
        "payer_identifier": identifier,
        "payer_type": payer_type,
        "payment_term_id": terms.id,
        # Copies differ in age; none may become a finding by its age alone.
        "eligibility_fresh_days": 365,
    }


def _schedule_vals(facility, prices):
    return {
        "name": f"Prices of {facility.name}",
        "date_from": "2020-01-01",
        "facility_id": facility.id,
        "line_ids": [(0, 0, {"code_id": code.id, "unit_price": price}) for code, price in prices],
    }


def _code(env, system, code, name):
    found = env["hc.code"].search([("system", "=", system), ("code", "=", code)], limit=1)
    return found or env["hc.code"].create({"system": system, "code": code, "name": name})
