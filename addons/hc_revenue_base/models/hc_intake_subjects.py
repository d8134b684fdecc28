# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What registrations are checked for: visits to come or under way, and coverages without one."""

from typing import NamedTuple

from odoo.tools import SQL

from ..hc_core.readiness.rows import CaseSheet
from .hc_readiness_loader import load_registration_sheets, load_visit_sheets


class IntakeSubject(NamedTuple):
    """One visit, or one coverage of a patient without a visit."""

    patient_id: int
    facility_id: int | None
    sheet: CaseSheet


def find_subjects(env, patient_ids, as_of):
    """Return the subjects of the patients, loaded with a fixed number of queries."""
    open_visits = env.execute_query(
        SQL(
            """SELECT id, patient_id, facility_id, feed_exchange_id FROM hc_encounter
                WHERE patient_id = ANY(%s) AND state IN ('planned', 'in_progress')
             ORDER BY started_at, id""",
            list(patient_ids),
        )
    )
    visiting = {row[1] for row in open_visits}
    # Visits that wait for the end of their file took place: the bill's own check judges them.
    visits = [row[:3] for row in open_visits if not row[3]]
    coverages = env.execute_query(
        SQL(
            """SELECT coverage.id, coverage.patient_id, NULL
                 FROM hc_coverage coverage
                WHERE coverage.patient_id = ANY(%(patients)s) AND coverage.active
                  AND coverage.coverage_order = '1'
                  AND (coverage.date_to IS NULL OR coverage.date_to >= %(as_of)s)
             ORDER BY coverage.id""",
            patients=[each for each in patient_ids if each not in visiting],
            as_of=as_of,
        )
    )
    subjects = []
    for found, load in ((visits, load_visit_sheets), (coverages, load_registration_sheets)):
        sheets = load(env, [row[0] for row in found], as_of) if found else {}
        subjects += [
            IntakeSubject(patient_id, facility_id, sheets[record_id])
            for record_id, patient_id, facility_id in found
            if record_id in sheets
        ]
    return subjects
