# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Real input: every Synthea encounter becomes a posted invoice or a named exception."""

from collections import Counter

import pytest
from synthea import FOLDER, TIME_ZONE, facility_npi, read_corpus

# What an import may touch; compared before and after a second import.
COUNTED = (
    "hc.patient",
    "hc.coverage",
    "hc.encounter",
    "hc.encounter.diagnosis",
    "hc.service.line",
    "hc.charge",
    "hc.billing.case",
    "hc.readiness.finding",
    "account.move",
    "account.move.line",
    "res.partner",
)


@pytest.fixture(scope="module")
def synthea(corpus):
    """The corpus as a charge file; skipped where the bundles are missing."""
    folder = corpus / FOLDER
    if not folder.is_dir():
        pytest.skip(f"no bundles in {folder} (HC_CORPUS)")
    return read_corpus(folder)


def create_master_data(env, synthea):
    """Facilities, payers and practitioners by hand; code tables by Odoo's own import."""
    for position, (code, organization) in enumerate(sorted(synthea.facilities.items()), start=1):
        address = organization["address"][0]
        env["hc.facility"].create(
            {
                "name": organization["name"],
                "code": code,
                "timezone": TIME_ZONE,
                "npi": facility_npi(position),
                "tax_identifier": f"12-{position:07}",
                "taxonomy_code": "282N00000X",
                "street": address["line"][0],
                "city": address["city"],
                "zip": address["postalCode"],
            }
        )
    env["hc.payer"].create(
        [
            {"code": code, "name": name, "payer_identifier": f"{number:05}"}
            for number, (code, name) in enumerate(sorted(synthea.payers.items()), start=1)
        ]
    )
    env["hc.practitioner"].create(
        [{"npi": number, "name": name} for number, name in sorted(synthea.practitioners.items())]
    )
    loaded = env["hc.code"].load(
        ["system", "code", "name", "date_from"],
        [
            [system, code, label, "1990-01-01"]
            for (system, code), label in sorted(synthea.codes.items())
        ],
    )
    assert len(loaded["ids"]) == len(synthea.codes), loaded["messages"]


def complete_records(env, encounters):
    """What the office adds that no bundle has, encounter by encounter, each billed at once.

    Consent, signature, a diagnosis where the visit has none, eligibility on the day of service,
    enrollment, and a filing limit that lets visits of past years be billed.
    """
    checkup = env["hc.code"].create(
        {"system": "diagnosis", "code": "CHECKUP", "name": "Check-up", "date_from": "1990-01-01"}
    )
    encounters.payer_id.timely_filing_days = 20_000
    env["hc.practitioner.enrollment"].create(
        [
            {"practitioner_id": practitioner.id, "payer_id": payer.id, "date_from": "1990-01-01"}
            for practitioner in encounters.service_line_ids.performer_id
            for payer in encounters.payer_id
        ]
    )
    for encounter in encounters:
        day = max(encounter.service_line_ids.mapped("service_date"))
        encounter.note_signed_on = day
        env["hc.document"].create(
            {
                "name": "Consent",
                "document_type": "consent",
                "document_date": day,
                "patient_id": encounter.patient_id.id,
                "encounter_id": encounter.id,
            }
        )
        if not encounter.diagnosis_ids:
            env["hc.encounter.diagnosis"].create(
                {"encounter_id": encounter.id, "code_id": checkup.id}
            )
        for line in encounter.service_line_ids.filtered(lambda line: not line.diagnosis_ids):
            line.diagnosis_ids = encounter.diagnosis_ids
        encounter.primary_coverage_id.write(
            {"eligibility_status": "active", "eligibility_checked_on": day}
        )
        encounter.case_ids._advance()


def outcome_of(case):
    """``invoiced`` with a posted invoice, or the named findings that hold the case."""
    if case.stage in ("invoiced", "closed"):
        assert case.invoice_ids.filtered(lambda move: move.state == "posted"), case.name
        return "invoiced"
    assert case.stage == "exception", (case.name, case.stage)
    blocking = case.finding_ids.filtered(
        lambda finding: finding.is_blocking and finding.state == "open"
    )
    assert blocking, f"{case.name} is held and nobody says why"
    assert all(blocking.mapped("message")), case.name
    assert blocking.work_item_id, f"{case.name} is held and nobody works on it"
    return " ".join(sorted(blocking.mapped("rule_code")))


def assert_ledger_holds(env, cases):
    """Every entry balances; what a case charged and nobody paid is open, to the cent."""
    moves = env["account.move"].search([("hc_case_id", "in", cases.ids)])
    for move in moves:
        assert move.currency_id.is_zero(sum(move.line_ids.mapped("balance"))), move.name
    for case in cases:
        items = env["account.move.line"].search(
            [
                ("hc_case_id", "=", case.id),
                ("parent_state", "=", "posted"),
                ("account_type", "=", "asset_receivable"),
            ]
        )
        billed = case.charge_ids.filtered(lambda charge: charge.state == "billed")
        charged = sum(billed.mapped("amount"))
        assert case.currency_id.compare_amounts(sum(items.mapped("amount_residual")), charged) == 0


def count_records(env):
    """Number of records of everything that an import may touch, and the ledger's total."""
    counts = {
        model: env[model].with_context(active_test=False).search_count([(1, "=", 1)])
        for model in COUNTED
    }
    lines = env["account.move.line"].search([("parent_state", "=", "posted")])
    return counts | {"debit": round(sum(lines.mapped("debit")), 2)}


def test_every_encounter_is_billed_or_held_by_name(odoo_env, synthea, tmp_path, record_property):
    path = tmp_path / "synthea.csv"
    synthea.write_charges(path)
    with odoo_env() as env:
        create_master_data(env, synthea)
        report = env["hc.exchange"]._run_charge_import(str(path), "synthea")
        remarks = env["hc.exchange.row"].search(
            [("exchange_id", "=", report["exchange_id"]), ("result", "=", "refused")]
        )
        refused_lines = {remark.line_number: remark.codes for remark in remarks}
        env["hc.encounter"]._cron_prepare_billing()
    assert report["state"] == "done"
    assert report["imported"] + report["refused"] == len(synthea.rows)

    with odoo_env() as env:
        encounters = env["hc.encounter"].search([("source", "=", "synthea")])
        assert_all_accounted_for(synthea, encounters, refused_lines)
        as_imported = Counter(map(outcome_of, encounters.case_ids))
        complete_records(env, encounters)
    with odoo_env() as env:
        cases = env["hc.encounter"].search([("source", "=", "synthea")]).case_ids
        completed = Counter(map(outcome_of, cases))
        assert completed["invoiced"], completed
        assert_ledger_holds(env, cases)
        before = count_records(env)
    assert_second_import_changes_nothing(odoo_env, path, before)
    record_property("import", str(report))
    record_property("as_imported", str(dict(as_imported)))
    record_property("completed_by_the_office", str(dict(completed)))


def assert_all_accounted_for(synthea, encounters, refused_lines):
    """No encounter of the bundles is missing: it has a case, or its rows a named refusal."""
    refused = {
        row["encounter_number"]
        for line_number, row in enumerate(synthea.rows, start=2)
        if line_number in refused_lines
    }
    assert all(refused_lines.values())
    assert set(encounters.mapped("number")) | refused == synthea.encounter_numbers
    for encounter in encounters:
        assert len(encounter.case_ids) == 1, encounter.number


def assert_second_import_changes_nothing(odoo_env, path, before):
    """The same rows in another file: all known already, no record and no cent more."""
    again = path.with_name("again.csv")
    again.write_bytes(path.read_bytes() + b"\r\n")
    with odoo_env() as env:
        report = env["hc.exchange"]._run_charge_import(str(again), "synthea")
        env["hc.encounter"]._cron_prepare_billing()
    assert report["imported"] == 0
    with odoo_env() as env:
        assert count_records(env) == before
