# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
from zoneinfo import ZoneInfo

from odoo import fields, models

from odoo.addons.hc_revenue_base.hc_core import charge_columns, charge_csv, csv_safe
from odoo.addons.hc_revenue_base.models.hc_exchange_charge_csv import ROWS_PER_STEP

from ..hc_fhir.drafts import Naming, build_drafts, names_needed
from ..hc_fhir.fhir_reader import read_fhir
from ..hc_fhir.findings import DocumentError

CLINICAL_TYPES = ("fhir_bundle", "hl7v2")
# Who may hand over documents in the name of a system.
HAND_OVER_GROUP = "hc_revenue_base.group_hc_administrator"


class HcExchange(models.Model):
    """Clinical documents: read as a whole, taken in step by step, then their visits moved.

    They enter through the base's charge importer, so that a visit is checked and billed the same
    whether it came as CSV, as FHIR or as HL7 v2. A step is committed as one; a server killed at any
    moment goes on behind the last one.
    """

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[("fhir_bundle", "FHIR R4 (JSON)")], ondelete={"fhir_bundle": "cascade"}
    )
    ignored_note = fields.Char(
        "Not Taken In", readonly=True, help="Resources of types that billing has no use for."
    )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"ignored_note"}

    def _handle_fhir_bundle(self, checkpoint):
        """Process a FHIR document from where it stopped; see :meth:`_process`."""
        return self._handle_clinical(checkpoint)

    def _handle_clinical(self, checkpoint):
        self._check_may_import()
        self._check_is_sender()
        try:
            intake = self._read_clinical()
        except DocumentError as error:
            with self.env.cr.savepoint():
                self._reject(error.message)
            return True
        drafts = self._build_drafts(intake)
        if self.state in ("received", "failed"):
            with self.env.cr.savepoint():
                self._begin_clinical(intake, drafts)
        if not self._take_in_drafts(intake, drafts, checkpoint):
            return False
        if not self._move_encounters(checkpoint):
            return False
        with self.env.cr.savepoint():
            self._finish_charges()
        return True

    def _check_is_sender(self):
        """Whether the sender is who the document says: a system overwrites what it registered.

        :raise AccessError: the document goes by the name of a connected system that acts as
            somebody else
        """
        source = self._get_clinical_source()
        is_known = not source or self.env.user == source.user_id
        if self.env.su or is_known or self.env.user.has_group(HAND_OVER_GROUP):
            return
        message = self.env._(
            "%(sender)s is the name of another connected system. Send documents by your own.",
            sender=self.sudo().source,
        )
        raise self.env["hc.refused.attempt"]._refuse(
            self, "import", message, reason="foreign_source"
        )

    def _read_clinical(self):
        """The stored document, read.

        :raises DocumentError: it cannot be read, or is not what was received
        """
        self_sudo = self.sudo()
        with self_sudo._open_payload() as payload:
            content = payload.read()
        if hashlib.sha256(content).hexdigest() != self_sudo.checksum:
            raise DocumentError(
                "changed", "The stored file is not the one that was received. Send it again."
            )
        return self._parse_clinical(content)

    def _parse_clinical(self, content):
        """Read a document of this exchange's type; see :func:`hc_fhir.fhir_reader.read_fhir`."""
        source = self._get_clinical_source()
        return read_fhir(content, base_url=source.fhir_base_url or "")

    def _get_clinical_source(self):
        """The connected system that sent the document; none where a person handed it in."""
        return (
            self.env["hc.integration.source"]
            .sudo()
            .search([("code", "=", self.sudo().source), ("company_id", "=", self.env.company.id)])
        )

    def _begin_clinical(self, intake, drafts):
        self_sudo = self.sudo()
        self_sudo._transition("processing", facts={"rows": len(drafts)})
        ignored = ", ".join(f"{count} {name}" for name, count in sorted(intake.ignored.items()))
        self_sudo._write_guarded(
            {"total_count": len(drafts), "error": False, "ignored_note": ignored[:500]}
        )

    def _build_drafts(self, intake):
        """What is to be done, with the codes of facilities and payers that are known here."""
        self._add_known_records(intake)
        return build_drafts(intake, self._load_naming(*names_needed(intake)))

    def _load_naming(self, _facility_names, payer_names):
        """The facilities that the source may speak about, and the payers, by all their names."""
        facilities = self._get_scope()
        places = _unambiguous(
            (name, (facility.code, facility.timezone))
            for facility in facilities
            for name in (facility.code, facility.npi, facility.name)
        )
        payers = self.env["hc.payer"].search([("company_id", "=", self.env.company.id)])
        codes = _unambiguous(
            (name, payer.code)
            for payer in payers
            for name in (payer.code, payer.payer_identifier, payer.name)
        )
        default = (facilities.code, ZoneInfo(facilities.timezone)) if len(facilities) == 1 else None
        return Naming(
            {name: (code, ZoneInfo(zone)) for name, (code, zone) in places.items()},
            {name: code for name, code in codes.items() if name in payer_names},
            default,
        )

    def _take_in_drafts(self, intake, drafts, checkpoint):
        """Take in the drafts behind the last committed one.

        :return: False when time was up before the last
        """
        self_sudo = self.sudo()
        references = self.env["hc.charge.importer"]._get_references()
        while (start := self_sudo.processed_count) < len(drafts):
            step = [*enumerate(drafts[start : start + ROWS_PER_STEP], start=start)]
            with self.env.cr.savepoint():
                self_sudo._lock_step(start)
                rows = self._take_in_step(intake, step, references)
                self_sudo._record_step(rows)
            if not self._pause(checkpoint, len(step)):
                return False
        return True

    def _write_result_file(self):
        """Attach what was refused: the element, the reason, and a charge's cells where it has any.

        :return: the encounters that must wait, as a set of (facility code, encounter number)
        """
        if self.sudo().document_type not in CLINICAL_TYPES:
            return super()._write_result_file()
        drafts = self._build_drafts(self._read_clinical())
        held = set()
        columns = list(charge_columns.COLUMN_BY_NAME)

        def rows():
            for remark in self.sudo()._iterate_refused():
                draft = drafts[remark["row_index"]]
                held.update(draft.visits)
                yield [
                    draft.source_kind,
                    draft.resource_id,
                    *(draft.cells.get(name, "") for name in columns),
                    remark["result"],
                    remark["line_number"],
                    remark["columns"] or "",
                    remark["codes"],
                    remark["message"].replace("\n", " "),
                ]

        header = ["resource_type", "resource_id", *columns, *charge_csv.RESULT_COLUMNS]
        content = "".join(csv_safe.csv_lines(header, rows())).encode()
        self._attach("result_attachment_id", f"refused-{self.id}.csv", content)
        return held


def _unambiguous(named):
    """``{name in small letters: value}`` without names that mean two things: never guess."""
    found, ambiguous = {}, set()
    for name, value in named:
        key = (name or "").casefold()
        if key and found.setdefault(key, value) != value:
            ambiguous.add(key)
    return {name: value for name, value in found.items() if name not in ambiguous}
