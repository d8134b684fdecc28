# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Loads what the readiness facts of a batch are derived from, one query per kind of row.

SQL and not the ORM: a batch touches some twenty tables, and reading it record by record costs
more than all rules together. Access was checked on the cases before; the facts hold no patient
data (see ``hc_core.readiness``).
"""

from collections import defaultdict
from decimal import Decimal

from odoo.tools import SQL

from ..hc_core.code_edits import CodePair, CodePairTable, UnitLimit
from ..hc_core.readiness import rows
from . import hc_readiness_queries as queries

# A procedure's amounts are compared with those of about half a year.
HISTORY_DAYS = 180


def load_sheets(env, case_ids, as_of):
    """Return ``{case id: CaseSheet}`` for the cases that exist."""
    return _build_sheets(env, _rows(env, queries.cases(case_ids), rows.CaseRow), as_of)


def load_visit_sheets(env, encounter_ids, as_of):
    """Return ``{encounter id: CaseSheet}`` for visits that have no case yet.

    All documented services count as planned, whether charged or not.
    """
    visits = _rows(env, queries.visits(encounter_ids), rows.CaseRow)
    return _build_sheets(
        env, [_fresh_while_ahead(visit, as_of) for visit in visits], as_of, planned=True
    )


def load_registration_sheets(env, coverage_ids, as_of):
    """Return ``{coverage id: CaseSheet}`` for coverages of patients without a visit.

    How old an eligibility answer is matters from the moment a visit is planned.
    """
    registrations = [
        row._replace(
            encounter_date=as_of, eligibility_checked_on=row.eligibility_checked_on and as_of
        )
        for row in _rows(env, queries.registrations(coverage_ids), rows.CaseRow)
    ]
    return _build_sheets(env, registrations, as_of, planned=True)


def _fresh_while_ahead(visit, as_of):
    """Count the age of an eligibility answer until today while the visit is ahead.

    Nobody can renew today the answer that will be due on the day of the visit.
    """
    checked_on, day = visit.eligibility_checked_on, visit.encounter_date
    if not checked_on or day <= as_of:
        return visit
    return visit._replace(eligibility_checked_on=checked_on + (day - as_of))


def _build_sheets(env, cases, as_of, planned=False):
    encounter_ids = [case.encounter_id for case in cases]
    lines = _grouped(_rows(env, queries.lines(encounter_ids), rows.LineRow), "encounter_id")
    diagnoses = defaultdict(list)
    for encounter_id, code_id in env.execute_query(queries.diagnoses(encounter_ids)):
        diagnoses[encounter_id].append(code_id)
    patient_ids = list({case.patient_id for case in cases})
    documents = _grouped(_rows(env, queries.documents(patient_ids), rows.DocumentRow), "patient_id")
    tables = _load_tables(env, cases, lines, diagnoses, as_of)
    global_periods = _load_global_periods(env, lines, tables)
    charge_ids = [line.charge_id for each in lines.values() for line in each if line.charge_id]
    billed_before_ids = frozenset(
        charge_id for (charge_id,) in env.execute_query(queries.billed_before(charge_ids))
    )
    sheets = {}
    for case in cases:
        charged, uncharged = _split_lines(case, lines.get(case.encounter_id, ()), tables, planned)
        days = [line.row.service_date for line in charged] or [case.encounter_date]
        sheets[case.case_id] = rows.CaseSheet(
            case,
            as_of,
            tables,
            charged,
            uncharged,
            [tables.codes[code_id] for code_id in diagnoses.get(case.encounter_id, ())],
            documents.get(case.patient_id, ()),
            global_periods.get(case.patient_id, ()),
            billed_before_ids,
            min(days),
            max(days),
        )
    return sheets


def _rows(env, query, row_class):
    return list(map(row_class._make, env.execute_query(query)))


def _grouped(loaded, name):
    groups = defaultdict(list)
    for row in loaded:
        groups[getattr(row, name)].append(row)
    return groups


def _split_lines(case, lines, tables, planned):
    codes = tables.codes
    charged, uncharged = [], []
    for row in lines:
        if row.charge_id is None and not planned:
            uncharged.append(codes[row.code_id])
            continue
        charged.append(
            rows.ChargedLine(
                row,
                codes[row.code_id],
                Decimal(row.units),
                row.performer_id or case.attending_id,
                codes.get(row.place_id),
                codes.get(row.revenue_code_id),
                tuple([codes[modifier_id].code for modifier_id in row.modifier_ids]),
            )
        )
    return charged, uncharged


def _load_tables(env, cases, lines, diagnoses, as_of):
    all_lines = [line for each in lines.values() for line in each]
    procedure_ids = list({line.code_id for line in all_lines})
    codes = _load_codes(env, all_lines, diagnoses)
    texts = list({codes[code_id].code for code_id in procedure_ids})
    payer_ids = list({case.payer_id for case in cases if case.payer_id})
    company_ids = list({case.company_id for case in cases})
    linked_ids = {line.authorization_id for line in all_lines}
    linked_ids.update(case.authorization_id for case in cases)
    linked_ids.discard(None)
    tables = rows.Tables(codes=codes)
    tables.pairs = CodePairTable(
        CodePair(*row) for row in env.execute_query(queries.code_pairs(texts))
    )
    limits = [
        UnitLimit(code, Decimal(units), basis, date_from, date_to)
        for code, units, basis, date_from, date_to in env.execute_query(queries.unit_limits(texts))
    ]
    tables.unit_limits = _grouped(limits, "code")
    if linked_ids:
        loaded = _rows(env, queries.authorizations(list(linked_ids)), rows.AuthorizationRow)
        tables.authorizations = {row.id: row for row in loaded}
    requirements = defaultdict(list)
    for row in _rows(env, queries.requirements(payer_ids, procedure_ids), rows.RequirementRow):
        requirements[row.payer_id, row.code_id].append(row)
    tables.requirements = requirements
    tables.document_requirements = _rows(
        env, queries.document_requirements(company_ids), rows.DocumentRequirementRow
    )
    _load_enrollments(env, tables, payer_ids)
    tables.statistics = {
        (company_id, code_id): rows.AmountStatistics(*spread)
        for company_id, code_id, *spread in env.execute_query(
            queries.amount_statistics(company_ids, procedure_ids, as_of, HISTORY_DAYS)
        )
    }
    return tables


def _load_codes(env, lines, diagnoses):
    ids = {code_id for each in diagnoses.values() for code_id in each}
    for line in lines:
        ids.update((line.code_id, line.place_id, line.revenue_code_id))
        ids.update(line.modifier_ids)
        ids.update(line.diagnosis_ids)
    ids.discard(None)
    return {code.id: code for code in _rows(env, queries.codes(list(ids)), rows.CodeRow)}


def _load_enrollments(env, tables, payer_ids):
    enrollments = defaultdict(list)
    for practitioner_id, payer_id, date_from, date_to in env.execute_query(
        SQL(
            """SELECT practitioner_id, payer_id, date_from, date_to
                 FROM hc_practitioner_enrollment WHERE payer_id = ANY(%s)""",
            payer_ids,
        )
    ):
        enrollments[practitioner_id, payer_id].append((date_from, date_to))
    tables.enrollments = enrollments
    tables.enrollment_payer_ids = frozenset(payer_id for _id, payer_id in enrollments)


def _load_global_periods(env, lines, tables):
    visits = [
        line
        for each in lines.values()
        for line in each
        if line.charge_id and tables.codes[line.code_id].is_evaluation_visit
    ]
    if not visits:
        return {}
    query = queries.global_periods(
        [line.charge_id for line in visits], min(line.service_date for line in visits)
    )
    return _grouped(_rows(env, query, rows.GlobalPeriodRow), "patient_id")
