# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A seeded database is one that the application could have made: log, ledger, numbers, fields."""

import hashlib
from contextlib import contextmanager

import databases
import population
import pytest

from hc_tool.seed.plan import SET_CASES, make_plan

CASES = 300
# The originals and five copies of them.
SETS = CASES // SET_CASES


def _open(name):
    """Open an environment on a database, undone at the end."""
    import odoo
    from odoo.modules.registry import Registry

    @contextmanager
    def open_environment():
        with Registry(name).cursor() as cursor:
            yield odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            cursor.rollback()

    return open_environment


@contextmanager
def _seeded_database(template, name):
    """Clone and seed a database; yield how to open it and what the seeder counted."""
    from hc_tool.seed.run import Seeder

    with databases.cloned(template, name):
        open_environment = _open(name)
        with open_environment() as env:
            counts = Seeder(env, make_plan(CASES, seed=7)).run()["counts"]
        yield open_environment, counts


@pytest.fixture(scope="module")
def seeded(odoo_env, database_name, template_name):
    with _seeded_database(template_name, f"{database_name}_seed") as made:
        yield made


def _rows(env, query, *arguments):
    env.cr.execute(query, arguments or None)
    return env.cr.fetchall()


def test_every_kind_of_case_is_there(seeded):
    open_environment, counts = seeded
    with open_environment() as env:
        stages = dict(_rows(env, "SELECT stage, count(*) FROM hc_billing_case GROUP BY stage"))
    assert counts["hc_billing_case"] == sum(stages.values()) == CASES
    assert set(stages) >= {"draft", "coding", "exception", "ready", "invoiced", "closed"}
    assert stages["closed"] + stages["invoiced"] > 0.8 * CASES


def test_the_log_is_whole_and_sealed(seeded):
    open_environment, counts = seeded
    with open_environment() as env:
        assert env["hc.transition.seal"]._verify() is None
        assert counts["hc_transition"] == counts["hc_transition_seal"]
        states = _rows(
            env,
            """SELECT c.stage, log.to_state FROM hc_billing_case c
                 JOIN LATERAL (SELECT to_state FROM hc_transition
                       WHERE res_model = 'hc.billing.case' AND res_id = c.id
                         AND field_name = 'stage'
                    ORDER BY sequence DESC LIMIT 1) log ON TRUE""",
        )
    assert len(states) == CASES
    assert all(stage == logged for stage, logged in states)


def test_every_entry_balances_and_every_case_adds_up(seeded):
    open_environment, _counts = seeded
    with open_environment() as env:
        unbalanced = _rows(
            env, "SELECT move_id FROM account_move_line GROUP BY move_id HAVING sum(balance) != 0"
        )
        wrong_residuals = _rows(
            env,
            """SELECT line.id FROM account_move_line line
                 JOIN account_account account ON account.id = line.account_id
            LEFT JOIN account_partial_reconcile p
                   ON line.id IN (p.debit_move_id, p.credit_move_id)
                WHERE account.account_type = 'asset_receivable' AND line.parent_state = 'posted'
             GROUP BY line.id
               HAVING line.amount_residual
                      != line.balance - sign(line.balance) * COALESCE(sum(p.amount), 0)""",
        )
        cases = _rows(
            env,
            """SELECT c.id, c.stage, c.amount_charged, COALESCE(sum(line.balance), 0),
                      COALESCE(sum(line.amount_residual), 0), COALESCE(sum(paid.amount), 0)
                 FROM hc_billing_case c
                 JOIN account_move_line line ON line.hc_case_id = c.id
                      AND line.parent_state = 'posted' AND line.display_type = 'payment_term'
            LEFT JOIN LATERAL (SELECT sum(amount) AS amount FROM account_partial_reconcile
                       WHERE debit_move_id = line.id) paid ON TRUE
             GROUP BY c.id""",
        )
        balances = dict(_rows(env, _BALANCES))
        read_model = {
            case.id: amount
            for case, amount in env["hc.balance"]._read_group([], ["case_id"], ["amount_open:sum"])
        }
    assert not unbalanced
    assert not wrong_residuals
    assert cases
    for _case, stage, charged, invoiced, still_open, paid in cases:
        assert charged == invoiced
        assert round(charged - paid, 2) == round(still_open, 2)
        assert (stage == "closed") == (still_open == 0)
    assert read_model == pytest.approx(balances)


_BALANCES = """
SELECT line.hc_case_id, sum(line.amount_residual) FROM account_move_line line
  JOIN account_account account ON account.id = line.account_id
 WHERE account.account_type = 'asset_receivable' AND line.parent_state = 'posted'
   AND line.hc_case_id IS NOT NULL GROUP BY 1"""


def test_receivables_are_spread_over_eighteen_months(seeded):
    open_environment, _counts = seeded
    with open_environment() as env:
        [(months, oldest)] = _rows(
            env,
            """SELECT count(DISTINCT date_trunc('month', date_maturity)),
                      current_date - min(date_maturity) FROM account_move_line
                WHERE display_type = 'payment_term' AND amount_residual != 0
                  AND parent_state = 'posted'""",
        )
    assert months >= 5
    assert 365 < oldest < 560


def test_numbers_have_no_gap(seeded):
    open_environment, _counts = seeded
    with open_environment() as env:
        ranges = _rows(
            env,
            """SELECT sequence_prefix, count(*), count(DISTINCT name), min(sequence_number),
                      max(sequence_number), bool_or(made_sequence_gap) FROM account_move
                WHERE state = 'posted' GROUP BY journal_id, sequence_prefix""",
        )
        misdated = _rows(
            env,
            "SELECT name FROM account_move WHERE state = 'posted'"
            " AND name NOT LIKE '%/' || extract(year FROM date) || '/%'",
        )
    assert len(ranges) >= 4, "invoices and payments of two years"
    for _prefix, count, names, first, last, has_gap in ranges:
        assert (first, last) == (1, count)
        assert names == count
        assert not has_gap
    assert not misdated


def _changed_by_recomputing(env, records):
    """Names of the stored computed fields that the ORM computes anew with another value."""
    fields = [
        field
        for field in records._fields.values()
        if field.store and field.compute and field.column_type
    ]
    changed = set()
    before = records.read([field.name for field in fields], load=None)
    for field in fields:
        env.add_to_compute(field, records)
    records.flush_recordset()
    records.invalidate_recordset()
    for old, new in zip(before, records.read(list(before[0]), load=None), strict=True):
        changed |= {(name, f"{old[name]} → {new[name]}") for name in old if new[name] != old[name]}
    return changed


COMPUTED = (
    *("hc.encounter", "hc.encounter.diagnosis", "hc.service.line", "hc.charge", "hc.coverage"),
    *("hc.billing.case", "hc.document", "account.move", "account.move.line", "account.payment"),
    *("account.partial.reconcile", "account.full.reconcile", "res.partner", "hc.work.item"),
    *("hc.claim", "hc.claim.line", "hc.collection.account"),
)


@pytest.mark.parametrize("model_name", COMPUTED)
def test_stored_fields_are_what_the_application_computes(seeded, model_name):
    """What recomputes unchanged on a record of the application does so on a copy."""
    open_environment, _counts = seeded
    with open_environment() as env:
        share = env[model_name].search_count([]) // SETS
        # The application's own records come first, then the copies, the latest at the end.
        originals = env[model_name].search([], order="id", limit=share)
        records = env[model_name].search([], order="id desc", limit=share)
        unstable = {name for name, _change in _changed_by_recomputing(env, originals)}
        changed = _changed_by_recomputing(env, records)
    assert not {change for change in changed if change[0] not in unstable}


def test_a_held_case_is_billed_once_it_is_mended(seeded):
    open_environment, _counts = seeded
    with open_environment() as env:
        held = env["hc.billing.case"].search([("stage", "in", ("exception", "readiness_check"))])
        held._run_readiness()
        broken = held.filtered(lambda case: case.open_finding_ids.filtered("is_blocking"))
        without_city = broken.filtered(
            lambda case: "DEM-01" in case.open_finding_ids.mapped("rule_code")
        )[-1:]
        assert without_city
        without_city.patient_id.city = "Springfield"
        without_city.encounter_id._prepare_billing()
        assert without_city.stage == "invoiced"
        assert not without_city.work_item_ids.filtered(lambda item: item.state == "open")


def test_odoo_settles_a_seeded_invoice(seeded):
    open_environment, _counts = seeded
    with open_environment() as env:
        invoice = env["account.move"].search(
            [("hc_case_id", "!=", False), ("payment_state", "=", "partial")],
            order="id desc",
            limit=1,
        )
        case = invoice.hc_case_id
        assert case.stage == "invoiced"
        wizard = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({}).action_create_payments()
        assert invoice.amount_residual == 0
        assert case.stage == "closed"


def test_the_next_bill_gets_the_next_numbers(seeded):
    open_environment, counts = seeded
    with open_environment() as env:
        encounter = population.encounters(env, 1, "after-seed-")
        encounter.action_complete()
        encounter.action_approve_coding()
        case = encounter._prepare_billing()
        assert case.name.endswith(f"/{counts['hc_billing_case'] + 1:06}")
        invoice = case.invoice_ids
        assert invoice.state == "posted"
        highest = max(
            env["account.move"]
            .search([("sequence_prefix", "=", invoice.sequence_prefix)])
            .mapped("sequence_number")
        )
        assert invoice.sequence_number == highest
        assert not invoice.made_sequence_gap
        while env["hc.transition.seal"]._seal():
            pass
        assert env["hc.transition.seal"]._verify() is None


_COLUMNS = {
    "hc_patient": "id, mrn, last_name, first_name, birth_date",
    "hc_encounter": "id, number, patient_id, started_at, state",
    "hc_charge": "id, name, case_id, units, amount, state",
    "hc_billing_case": "id, name, stage, encounter_id, payer_id, amount_charged",
    "account_move": "id, name, date, amount_total, amount_residual, payment_state, ref",
    "account_move_line": "id, move_id, name, account_id, balance, date_maturity, hc_case_id",
    "account_partial_reconcile": "id, debit_move_id, credit_move_id, amount",
    "hc_transition": "id, res_model, res_id, sequence, to_state, facts",
}


def _content_digests(open_environment):
    with open_environment() as env:
        return {
            table: hashlib.sha256(
                repr(_rows(env, f"SELECT {columns} FROM {table} ORDER BY id")).encode()
            ).hexdigest()
            for table, columns in _COLUMNS.items()
        }


def test_the_same_seed_gives_the_same_database(seeded, odoo_env, database_name, template_name):
    open_environment, counts = seeded
    with _seeded_database(template_name, f"{database_name}_twin") as (open_twin, twin_counts):
        assert twin_counts == counts
        assert _content_digests(open_twin) == _content_digests(open_environment)
