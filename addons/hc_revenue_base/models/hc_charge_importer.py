# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
from dataclasses import dataclass, field, replace

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError

from ..hc_core import charge_csv, csv_safe
from .hc_charge_reference import ChargeReferences, ResolvedCharge

_logger = logging.getLogger(__name__)

# Text that is kept and may leave the system again in an export.
_TEXT_COLUMNS = (
    "source_system",
    "external_id",
    "encounter_number",
    "patient_mrn",
    "patient_last_name",
    "patient_first_name",
    "patient_street",
    "patient_city",
    "patient_state",
    "patient_zip",
    "member_id",
    "authorization_number",
)


@dataclass(slots=True)
class Issue:
    """One remark on a row: an error keeps it out, a warning does not."""

    column: str
    code: str
    message: str


@dataclass(slots=True)
class ImportRow:
    """One row on its way in, with what was found out about it."""

    row_index: int
    line_number: int
    external_id: str
    charge: charge_csv.ChargeRow | None
    errors: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    resolved: ResolvedCharge | None = None
    digest: str = ""
    repeated: bool = False
    service_line_id: int | None = None

    @property
    def encounter_key(self):
        """What tells one encounter from another."""
        return (self.resolved.facility_id, self.charge.source_system, self.charge.encounter_number)


class HcChargeImporter(models.AbstractModel):
    """Brings rows of charge files into encounters and their services.

    One importer for every way in. A batch of rows is checked with a handful of queries, then
    written with one ``create`` per model; where the database still objects, row by row.
    Encounters and services are written under the user's own rights; patients, coverages,
    authorizations and diagnoses are looked up and filled beyond them, because the user may not
    yet see a patient whom another facility has registered, and because a feed writes names and
    diagnoses that its own user need not be able to read.
    """

    _name = "hc.charge.importer"
    _description = "Charge Importer"

    @api.model
    def _get_references(self):
        return ChargeReferences(self.env(context=dict(self.env.context, active_test=True)))

    @api.model
    def _import_rows(self, parsed_rows, exchange, references):
        """Import a batch of rows of a file.

        :param list parsed_rows: what :func:`charge_csv.read_charges` yields
        :param exchange: the document they come from
        :param references: what :meth:`_get_references` returned, kept for the whole file
        :return: a list of :class:`ImportRow`, one per row, with their errors and warnings
        """
        importer = self.with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        rows = importer._check_rows(parsed_rows, exchange.source, references)
        sound = [row for row in rows if not row.errors]
        known = importer._classify_known(sound)
        fresh = [row for row in sound if not row.errors and not row.repeated]
        importer._check_encounters(fresh)
        importer._check_patients([row for row in fresh if not row.errors])
        importer._write_isolated([row for row in fresh if not row.errors], exchange)
        importer._note_status_changes(known, exchange)
        return rows

    @api.model
    def _check_rows(self, parsed_rows, source, references):
        """Check rows without writing anything: what a preview shows.

        :return: a list of :class:`ImportRow`, one per row
        """
        rows = [self._start_row(parsed, source) for parsed in parsed_rows]
        readable = [row for row in rows if row.charge]
        references.load([row.charge for row in readable])
        for row in readable:
            self._check_row(row, references)
        return rows

    def _start_row(self, parsed, source):
        row = ImportRow(parsed.row_index, parsed.line_number, parsed.external_id, parsed.charge)
        row.errors += [Issue(error.column, error.code, error.message) for error in parsed.errors]
        if row.charge:
            if not row.charge.source_system:
                row.charge = replace(row.charge, source_system=source)
            row.digest = _content_digest(row.charge)
        return row

    def _check_row(self, row, references):
        for column in _TEXT_COLUMNS:
            if csv_safe.is_dangerous(getattr(row.charge, column)):
                row.errors.append(self._issue(row, column, "formula_text"))
        row.resolved = references.resolve(
            row.charge,
            lambda column, code, value: row.errors.append(self._issue(row, column, code, value)),
        )
        places = self.env.company.currency_id.decimal_places
        price = row.charge.unit_price
        if price is not None and price != round(price, places):
            row.errors.append(self._issue(row, "unit_price", "price_too_precise", places))

    def _issue(self, row, column, code, value=""):
        """A remark in words: where, what, and what to do; never a patient's data."""
        reason = self._get_reasons()[code] % {"value": value}
        where = self.env._("Line %(line)s, %(column)s:", line=row.line_number, column=column)
        return Issue(column, code, f"{where} {reason}")

    def _get_reasons(self):
        """The reasons for which rows are refused, besides those of the file's form."""
        return {
            "formula_text": self.env._(
                "begins like a spreadsheet formula. Remove the leading sign."
            ),
            "facility_unknown": self.env._(
                "%(value)s is no facility that you may import for. Check the code, or ask for "
                "access to the facility."
            ),
            "department_unknown": self.env._(
                "%(value)s is no department of the facility. Check the code or add it."
            ),
            "payer_unknown": self.env._(
                "%(value)s is no payer here. Check the code or add the payer."
            ),
            "performer_unknown": self.env._(
                "%(value)s is no practitioner here. Check the NPI or add the practitioner."
            ),
            "code_unknown": self.env._(
                "%(value)s is not in the code table. Check the code, or load the table it is in."
            ),
            "code_expired": self.env._(
                "%(value)s is not in force on the service date. Use the code in force that day."
            ),
            "price_too_precise": self.env._(
                "has more than %(value)s decimals, the most that the currency has."
            ),
            "conflict": self.env._(
                "was received before with other content. The first one stands: correct it in "
                "the encounter, or ask the sender which one is right."
            ),
            "patient_conflict": self.env._(
                "the encounter belongs to another patient. Check the encounter number."
            ),
            "patient_unproven": self.env._(
                "this facility has not treated the patient with this record number, and last name "
                "and birth date of the row are not the patient's. Check the record number."
            ),
            "encounter_cancelled": self.env._("the encounter is cancelled. Check the number."),
            "not_written": self.env._("the row could not be stored: %(value)s"),
            "patient_differs": self.env._(
                "differs from the patient's record, which was kept. Correct one of them."
            ),
            "state_unknown": self.env._("%(value)s is no state; it was left empty."),
            "payer_differs": self.env._("differs from the encounter's payer, which was kept."),
            "authorization_unknown": self.env._(
                "is not on file for the patient and payer. The service was imported without it."
            ),
        }

    def _classify_known(self, rows):
        """Find the rows whose service was received before.

        :return: the rows that repeat a known service but tell a new status of its encounter
        """
        lines_sudo = (
            self.env["hc.service.line"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "=", self.env.company.id),
                    ("source", "in", list({row.charge.source_system for row in rows})),
                    ("external_id", "in", list({row.charge.external_id for row in rows})),
                ],
                ["source", "external_id", "content_digest"],
            )
        )
        digests = {
            (line.source, line.external_id): (line.content_digest or "", line.id)
            for line in lines_sudo
        }
        status_changes = []
        for row in rows:
            key = (row.charge.source_system, row.charge.external_id)
            if key not in digests:
                digests[key] = (row.digest, None)
                continue
            digest, line_id = digests[key]
            if digest.partition("/")[0] != row.digest.partition("/")[0]:
                row.errors.append(self._issue(row, "external_id", "conflict"))
                continue
            row.repeated = True
            row.service_line_id = line_id
            if digest != row.digest and line_id:
                status_changes.append(row)
        return status_changes

    def _note_status_changes(self, rows, exchange):
        """Services known already whose encounter has moved on."""
        lines = self.env["hc.service.line"].browse([row.service_line_id for row in rows])
        by_encounter = {}
        for row, line in zip(rows, lines, strict=True):
            line.content_digest = row.digest
            by_encounter.setdefault(line.encounter_id, []).append(row)
        self._mark_encounters(by_encounter, exchange)

    def _write_isolated(self, rows, exchange):
        """Write all rows together; where the database objects, each by itself."""
        if not rows:
            return
        try:
            with self.env.cr.savepoint():
                self._write_rows(rows, exchange)
            return
        except (UserError, psycopg2.IntegrityError, psycopg2.DataError) as error:
            _logger.info("exchange %s: rows one by one after %s", exchange.id, type(error).__name__)
        for row in rows:
            row.warnings.clear()
            try:
                with self.env.cr.savepoint():
                    self._write_rows([row], exchange)
            except UserError as error:
                row.errors.append(self._issue(row, "", "not_written", str(error)))
            except (psycopg2.IntegrityError, psycopg2.DataError) as error:
                # The database's own message quotes values.
                constraint = error.diag.constraint_name or type(error).__name__
                row.errors.append(self._issue(row, "", "not_written", constraint))


def _content_digest(charge):
    """Digest of a charge, and behind a slash what it says of the encounter's progress.

    A feed that sends a charge again because the visit has been completed or coded since does not
    contradict itself; one that sends other units does.
    """
    content = charge_csv.row_digest(
        replace(charge, encounter_status="completed", coding_approved=False)
    )
    coding = "approved" if charge.coding_approved else "open"
    return f"{content}/{charge.encounter_status}/{coding}"
