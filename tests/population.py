# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Builds a provider group of any size, through the ORM, set by set."""

from datetime import date, datetime, timedelta

from odoo.tools import SQL

SERVICE_DATE = date.today() - timedelta(days=1)
# What invoices of yesterday have told the planner: without them it takes the tables for empty and
# joins every line with every line, in stock Odoo's own queries as in ours.
LEDGER = ("account.move", "account.move.line", "account.partial.reconcile", "account.payment")


def group(env):
    """Facility, payer, codes and prices that bill without a finding; made once per database."""
    facility = env["hc.facility"].search([("code", "=", "BENCH")])
    if facility:
        return facility
    codes = env["hc.code"].create(
        [{"system": "procedure", "code": f"BEN{n}", "name": f"Service {n}"} for n in range(2)]
    )
    facility = env["hc.facility"].create(
        {
            "name": "Bench Clinic",
            "code": "BENCH",
            "npi": "1234567893",
            "tax_identifier": "12-3456789",
            "taxonomy_code": "261QP2300X",
            "street": "1 Main Street",
            "city": "Springfield",
            "zip": "62701-1234",
            "state_id": env.ref("base.state_us_14").id,
        }
    )
    env["hc.practitioner"].create({"name": "Bench Practitioner", "npi": "1679576722"})
    env["hc.payer"].create({"name": "Bench Payer", "code": "BENCH", "payer_identifier": "60054"})
    env["hc.fee.schedule"].create(
        {
            "name": "Bench prices",
            "date_from": "2020-01-01",
            "facility_id": facility.id,
            "line_ids": [(0, 0, {"code_id": code.id, "unit_price": 100.0}) for code in codes],
        }
    )
    return facility


def payers(env, count):
    """`count` payers without findings, the one of :func:`group` first."""
    group(env)
    found = env["hc.payer"].search([("code", "=like", "BENCH%")], order="id", limit=count)
    missing = range(len(found), count)
    return found + env["hc.payer"].create(
        [
            {"name": f"Bench Payer {n}", "code": f"BENCH{n}", "payer_identifier": f"B{n:04}"}
            for n in missing
        ]
    )


def encounters(env, count, prefix, payer_count=1):
    """`count` completed and coded encounters with two services each, one patient each.

    Their coverages are spread evenly over `payer_count` payers.
    """
    facility = group(env)
    diagnosis = _code(env, "diagnosis", "Z00.00")
    insurers = payers(env, payer_count)
    practitioner = env["hc.practitioner"].search([("npi", "=", "1679576722")])
    patients = env["hc.patient"].create([_patient(env, f"{prefix}{n}", n) for n in range(count)])
    coverages = env["hc.coverage"].create(
        [
            {
                "patient_id": patient.id,
                "payer_id": insurers[n % payer_count].id,
                "member_id": f"W{n:09}",
                "eligibility_status": "active",
                "eligibility_checked_on": SERVICE_DATE,
            }
            for n, patient in enumerate(patients)
        ]
    )
    start = datetime.combine(SERVICE_DATE, datetime.min.time()) + timedelta(hours=14)
    created = env["hc.encounter"].create(
        [
            {
                "number": f"{prefix}{n}",
                "facility_id": facility.id,
                "patient_id": patient.id,
                "primary_coverage_id": coverage.id,
                "attending_id": practitioner.id,
                "started_at": start,
                "ended_at": start + timedelta(hours=1),
                "note_signed_on": SERVICE_DATE,
                "diagnosis_ids": [(0, 0, {"code_id": diagnosis.id})],
            }
            for n, (patient, coverage) in enumerate(zip(patients, coverages, strict=True))
        ]
    )
    _document(env, created)
    analyze(env, "hc.patient", "hc.coverage", "hc.encounter", "hc.service.line", "hc.document")
    # What is tracked is tracked as for records of an earlier request.
    env.cr.flush()
    env.invalidate_all()
    return created


def analyze(env, *models):
    """Let the planner look at tables that were empty when it last did; the server does it daily."""
    env.flush_all()
    for model in models:
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(env[model]._table)))


def _document(env, encounters):
    """Consent and two services for each encounter."""
    codes = env["hc.code"].search([("code", "in", ("BEN0", "BEN1"))])
    office = _code(env, "place_of_service", "11")
    env["hc.document"].create(
        [
            {
                "name": "Consent",
                "document_type": "consent",
                "patient_id": e.patient_id.id,
                "encounter_id": e.id,
                "document_date": SERVICE_DATE,
            }
            for e in encounters
        ]
    )
    env["hc.service.line"].create(
        [
            {
                "encounter_id": e.id,
                "service_date": SERVICE_DATE,
                "code_id": code.id,
                "units": 1,
                "place_of_service_id": office.id,
                "performer_id": e.attending_id.id,
                "diagnosis_ids": [(6, 0, e.diagnosis_ids.ids)],
            }
            for e in encounters
            for code in codes
        ]
    )


def _code(env, system, code):
    found = env["hc.code"].search([("system", "=", system), ("code", "=", code)], limit=1)
    return found or env["hc.code"].create({"system": system, "code": code, "name": code})


def _patient(env, mrn, number):
    # Names and birth dates differ, so that nobody looks like somebody else's duplicate.
    return {
        "mrn": mrn,
        "last_name": f"Bench{number}",
        "first_name": "Pat",
        "birth_date": date(1950, 1, 1) + timedelta(days=number % 20000),
        "sex": "female",
        "street": "9 Elm Street",
        "city": "Springfield",
        "zip": "62701",
        "state_id": env.ref("base.state_us_14").id,
    }


def bill_guarantors(encounters):
    """Bill visits without insurance to who answers for the patients.

    Args:
        encounters: new ones, without coverage.

    Returns:
        the accounts that owe them, in the order of the visits.
    """
    env = encounters.env
    encounters.action_complete()
    encounters.action_approve_coding()
    env.cr.precommit.run()
    env["hc.encounter"]._cron_prepare_billing()
    env.invalidate_all()
    cases = encounters.case_ids
    assert set(cases.mapped("stage")) == {"invoiced"}
    partners = [case._get_party("patient") for case in cases]
    found = env["hc.collection.account"].search(
        [("partner_id", "in", [partner.id for partner in partners])]
    )
    by_partner = {account.partner_id: account for account in found}
    return found.browse([by_partner[partner].id for partner in partners])


def owing_accounts(env, count, prefix):
    """Collection accounts of `count` uninsured patients who owe a case of two services each."""
    # What is billed today is owed today at the office too, at any hour.
    env.company.partner_id.tz = "UTC"
    billed = encounters(env, count, prefix)
    billed.primary_coverage_id = False
    rule = env.ref("hc_revenue_base.automation_hc_encounter_completed_and_coded")
    rule._config_write({"active": False})
    billed.action_complete()
    billed.action_approve_coding()
    cases = env["hc.billing.case"]._create_for(billed)
    billed.service_line_ids._convert_to_charges()
    for stage in ("charge_review", "coding", "readiness_check"):
        cases._transition(stage)
    cases._run_readiness()
    cases.filtered(lambda case: case.stage == "ready")._bill(raise_errors=True)
    partners = billed.patient_id.partner_id
    return env["hc.collection.account"].search([("partner_id", "in", partners.ids)])
