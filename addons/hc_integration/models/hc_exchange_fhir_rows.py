# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dataclasses import dataclass, field, replace

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core import charge_csv
from odoo.addons.hc_revenue_base.models.hc_charge_importer import ImportRow, Issue

from ..hc_fhir.drafts import Draft
from ..hc_fhir.places import element_path

# A visit is no charge; what a charge must have and a visit has not is filled in for the check.
_VISIT_FILLER = {"procedure_code": "VISIT", "external_id": "visit"}


@dataclass(frozen=True, slots=True)
class ClinicalRow:
    """A draft whose cells were read; the importer takes it like a row of a charge file.

    :ivar content_digest: digest of the record alone, so that a patient who moved since does not
        make a contradiction of a charge that is sent again
    """

    row_index: int
    line_number: int
    external_id: str
    charge: charge_csv.ChargeRow | None
    errors: tuple
    draft: Draft
    content_digest: str


@dataclass(slots=True)
class ClinicalImportRow(ImportRow):
    """A draft on its way in, whose remarks name elements instead of columns.

    :ivar made: which record became of it, as values of ``hc.fhir.resource``
    """

    draft: Draft | None = None
    content_digest: str = ""
    made: dict = field(default_factory=dict)

    def remark(self, column, code, reason):
        """A remark on the element that a column was read from."""
        path = element_path(self.draft.source_kind, column, self.draft.paths or _own(self.draft))
        return Issue(path, code, f"{path}: {reason}")


def _is_visit(row):
    return isinstance(row, ClinicalImportRow) and row.draft.kind == "visit"


def _own(draft):
    return {"own": draft.path}


def read_row(draft, row_index, as_of, content_digest):
    """Read the cells of a visit or charge as those of a charge file are read.

    :param draft: a sound draft of kind ``visit`` or ``charge``
    :param row_index: its place among the drafts
    :param as_of: day on which the document came, the bound of its dates
    """
    cells = {name: text for name, text in draft.cells.items() if text}
    if draft.kind == "visit":
        cells = _VISIT_FILLER | cells
    charge, errors = charge_csv.read_cells(cells, draft.position, as_of)
    if charge and draft.kind == "visit":
        charge = replace(charge, procedure_code="", external_id="")
    external_id = draft.external_id or f"{draft.source_kind}/{draft.resource_id}"
    return ClinicalRow(
        row_index, draft.position, external_id[:64], charge, tuple(errors), draft, content_digest
    )


class HcChargeImporter(models.AbstractModel):
    """Visits and charges that came as resources or segments instead of rows of a file."""

    _inherit = "hc.charge.importer"

    def _start_row(self, parsed, source):
        if not isinstance(parsed, ClinicalRow):
            return super()._start_row(parsed, source)
        row = ClinicalImportRow(
            parsed.row_index,
            parsed.line_number,
            parsed.external_id,
            parsed.charge,
            draft=parsed.draft,
            content_digest=parsed.content_digest,
        )
        for error in parsed.errors:
            reason = error.message.partition(": ")[2]
            row.errors.append(row.remark(error.column, error.code, reason))
        if row.charge:
            row.charge = replace(row.charge, source_system=source)
            coding = "approved" if row.charge.coding_approved else "open"
            row.digest = f"{row.content_digest}/{row.charge.encounter_status}/{coding}"
        return row

    def _issue(self, row, column, code, value=""):
        if not isinstance(row, ClinicalImportRow):
            return super()._issue(row, column, code, value)
        return row.remark(column, code, self._get_reasons()[code] % {"value": value})

    @api.model
    def _import_visits(self, parsed_rows, exchange, references):
        """Import visits, whether or not anything was charged yet.

        :param list parsed_rows: of :func:`read_row`
        :return: a list of :class:`ClinicalImportRow`, one per row
        """
        importer = self.with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        rows = importer._check_rows(parsed_rows, exchange.source, references)
        importer._check_encounters([row for row in rows if not row.errors])
        importer._check_patients([row for row in rows if not row.errors])
        importer._write_isolated([row for row in rows if not row.errors], exchange)
        return rows

    def _write_rows(self, rows, exchange):
        visits = [row for row in rows if _is_visit(row)]
        if visits:
            self._write_visits(visits, exchange)
        charges = [row for row in rows if not _is_visit(row)]
        return super()._write_rows(charges, exchange) if charges else None

    def _write_visits(self, rows, exchange):
        patients = self._get_or_create_patients(rows)
        coverages = self._get_or_create_coverages(rows, patients)
        encounters = self._get_or_create_encounters(rows, patients, coverages, {}, exchange)
        self._get_or_create_diagnoses(rows, encounters)
        self._add_missing_coverages(rows, encounters, coverages)

    def _add_missing_coverages(self, rows, encounters, coverages):
        """Give a visit the insurance that was told of later, until it is billed."""
        for row in rows:
            encounter = encounters[row.encounter_key]
            coverage_id = coverages.get(row.row_index)
            if coverage_id and not encounter.primary_coverage_id and not encounter.case_ids:
                encounter.primary_coverage_id = coverage_id

    @api.model
    def _find_visit_ids(self, rows):
        """Encounter ids of visits and charges by row index."""
        keys = {row.encounter_key: row for row in rows}
        if not keys:
            return {}
        found = self._find_encounters([*keys.values()])
        ids = {(e.facility_id.id, e.source, e.number): e.id for e in found}
        return {row.row_index: ids.get(row.encounter_key) for row in rows}

    def _check_encounters(self, rows):
        result = super()._check_encounters(rows)
        charges = [
            row
            for row in rows
            if isinstance(row, ClinicalImportRow) and not _is_visit(row) and not row.errors
        ]
        for row in self._find_charged_otherwise(charges):
            row.errors.append(self._issue(row, "", "charged_otherwise"))
        return result

    def _get_reasons(self):
        return super()._get_reasons() | {
            "charged_otherwise": self.env._(
                "the visit was charged before by resources of another kind. Send ChargeItems or "
                "Claims for a visit, not both."
            )
        }

    def _find_charged_otherwise(self, rows):
        """Rows whose encounter the source has charged by another kind of resource before.

        The same visit as ChargeItems and as a Claim would be billed twice.
        """
        encounter_ids = self._find_visit_ids(rows)
        known = {id_ for id_ in encounter_ids.values() if id_}
        if not known:
            return []
        self.env["hc.service.line"].flush_model(["encounter_id", "source", "external_id"])
        kinds = {}
        for encounter_id, kind in self.env.execute_query(
            SQL(
                """SELECT DISTINCT encounter_id, split_part(external_id, '/', 1)
                     FROM hc_service_line
                    WHERE encounter_id IN %s AND source = %s AND external_id IS NOT NULL""",
                tuple(known),
                rows[0].charge.source_system,
            )
        ):
            kinds.setdefault(encounter_id, set()).add(kind)
        return [
            row
            for row in rows
            if kinds.get(encounter_ids[row.row_index], set()) - {row.draft.record.kind}
        ]
