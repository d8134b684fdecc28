# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class HcChargeImporter(models.AbstractModel):
    """Coverages and authorizations of a charge file."""

    _inherit = "hc.charge.importer"

    def _get_or_create_coverages(self, rows, patients):
        """The primary coverage by row index, for rows that name a payer."""
        coverages_sudo = self.env["hc.coverage"].sudo()
        insured = [row for row in rows if row.resolved.payer_id]
        known = {}
        for coverage in coverages_sudo.search(
            [
                ("patient_id", "in", [patients[row.charge.patient_mrn].id for row in insured]),
                ("payer_id", "in", list({row.resolved.payer_id for row in insured})),
            ],
            order="coverage_order, id",
        ):
            known.setdefault((coverage.patient_id.id, coverage.payer_id.id), []).append(coverage)
        new, by_row = {}, {}
        for row in insured:
            patient = patients[row.charge.patient_mrn]
            owner = (patient.id, row.resolved.payer_id)
            coverage = _choose_coverage(known.get(owner, ()), row.charge)
            if coverage:
                self._complete_coverage(coverage, row.charge)
                by_row[row.row_index] = coverage.id
            else:
                key = (*owner, row.charge.member_id)
                new.setdefault(key, self._prepare_coverage_vals(row, patient))
                by_row[row.row_index] = key
        ids = dict(zip(new, coverages_sudo.create(list(new.values())).ids, strict=True))
        return {index: ids.get(value, value) for index, value in by_row.items()}

    def _prepare_coverage_vals(self, row, patient):
        charge = row.charge
        return {
            "patient_id": patient.id,
            "payer_id": row.resolved.payer_id,
            "coverage_order": "1",
            "member_id": charge.member_id or False,
            "subscriber_relation": charge.subscriber_relation or "self",
            "date_from": charge.coverage_start or False,
            "date_to": charge.coverage_end or False,
        }

    def _complete_coverage(self, coverage, charge):
        missing = {
            name: value
            for name, value in (
                ("member_id", charge.member_id),
                ("date_from", charge.coverage_start),
                ("date_to", charge.coverage_end),
            )
            if value and not coverage[name]
        }
        date_from = missing.get("date_from") or coverage.date_from
        date_to = missing.get("date_to") or coverage.date_to
        if missing and not (date_from and date_to and date_to < date_from):
            coverage.write(missing)

    def _find_authorizations(self, rows, patients):
        """The authorization by row index, for rows that name one on file."""
        named = [row for row in rows if row.charge.authorization_number and row.resolved.payer_id]
        if not named:
            return {}
        on_file = {
            (auth.patient_id.id, auth.payer_id.id, auth.number): auth.id
            for auth in self.env["hc.authorization"]
            .sudo()
            .search(
                [
                    ("number", "in", [row.charge.authorization_number for row in named]),
                    ("patient_id", "in", [patients[row.charge.patient_mrn].id for row in named]),
                ]
            )
        }
        found = {}
        for row in named:
            key = (
                patients[row.charge.patient_mrn].id,
                row.resolved.payer_id,
                row.charge.authorization_number,
            )
            if key in on_file:
                found[row.row_index] = on_file[key]
            else:
                row.warnings.append(
                    self._issue(row, "authorization_number", "authorization_unknown")
                )
        return found


def _choose_coverage(coverages, charge):
    """The coverage that a charge means: same member id or none, best in force that day."""
    candidates = [
        coverage
        for coverage in coverages
        if not charge.member_id or not coverage.member_id or coverage.member_id == charge.member_id
    ]
    return max(
        candidates,
        key=lambda coverage: (
            coverage._is_effective(charge.service_date),
            coverage.member_id == charge.member_id,
        ),
        default=None,
    )
