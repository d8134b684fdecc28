# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import io
import os
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_core import charge_csv, csv_safe
from ..hc_core.csv_reader import CsvFileError, RecordReader

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_SOURCE_LENGTH = 64
_REMARKS_PER_QUERY = 1000


class HcExchange(models.Model):
    """Charge files on their way in and, as files of refused rows, out again."""

    _inherit = "hc.exchange"

    @api.model
    def _receive_charges(self, content, source, name, external_id=None, encoding="utf-8"):
        """Store a charge file, to be processed.

        :param bytes content: the file
        :param str source: system that the charges come from
        :param str external_id: the sender's number of the file; None: its content is its number,
            so that a file of the same name with other content is another file
        :return: ``(exchange, verdict)`` as :meth:`_receive`
        :raise AccessError: the user may not import
        :raise UserError: no source, or the file is too large
        """
        self._check_may_import()
        source = (source or "").strip()
        if not source or len(source) > MAX_SOURCE_LENGTH or csv_safe.is_dangerous(source):
            raise UserError(
                self.env._(
                    "Name the system that the charges come from, in at most %(count)s characters.",
                    count=MAX_SOURCE_LENGTH,
                )
            )
        if len(content) > MAX_FILE_BYTES:
            raise UserError(
                self.env._(
                    "The file has more than %(count)s MB. Split it.",
                    count=MAX_FILE_BYTES // 1024**2,
                )
            )
        external_id = external_id or hashlib.sha256(content).hexdigest()
        return self._receive("charge_csv", source, external_id, content, name, encoding)

    @api.model
    def _run_charge_import(self, path, source, external_id=None, encoding="utf-8"):
        """Import a charge file from the server's disk and wait for it: ``./hc import``.

        Commits after every step; called again after an interruption, it goes on where it stopped.

        The file goes to the company whose facility its first row names.

        :param str path: the file
        :param str source: system that the charges come from
        :return: dict with ``exchange_id``, ``verdict`` (new, duplicate or conflict), ``state``,
            the counts ``rows``, ``imported``, ``repeated``, ``refused``, ``warnings``, ``error``
            and ``refused_path``, the file of refused rows beside the given one, or None
        :raise UserError: the file cannot be read
        """
        path = Path(path)
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise UserError(
                    self.env._(
                        "%(path)s has more than %(count)s MB. Split it.",
                        path=path,
                        count=MAX_FILE_BYTES // 1024**2,
                    )
                )
            content = path.read_bytes()
        except OSError as error:
            raise UserError(
                self.env._("%(path)s cannot be read: %(reason)s.", path=path, reason=error.strerror)
            ) from None
        company = self._get_company_of(content, encoding)
        exchange, verdict = self.with_company(company)._receive_charges(
            content, source, path.name, external_id, encoding
        )
        del content
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress()
        if verdict != "conflict" and exchange.sudo().state in ("received", "processing", "failed"):
            exchange._process_safely(lambda done, left: bool(commit_progress(done)))
            commit_progress()
        return exchange._get_report(verdict) | {"refused_path": exchange._save_result(path)}

    @api.model
    def _get_company_of(self, content, encoding):
        """The company whose facility the file's first readable row names.

        A server command has no company of its own; where the code is nobody's or several
        companies', it is the company of the environment.
        """
        today = fields.Date.context_today(self)
        try:
            parsed = charge_csv.read_charges(io.BytesIO(content), today, encoding=encoding)
            code = next((row.charge.facility_code for row in parsed if row.charge), None)
        except CsvFileError:
            code = None
        companies = self.env["hc.facility"].search([("code", "=", code)]).company_id
        return companies if len(companies) == 1 else self.env.company

    def _get_report(self, verdict):
        exchange_sudo = self.sudo()
        return {
            "exchange_id": self.id,
            "verdict": verdict,
            "state": exchange_sudo.state,
            "rows": exchange_sudo.total_count,
            "imported": exchange_sudo.imported_count,
            "repeated": exchange_sudo.repeated_count,
            "refused": exchange_sudo.failed_count,
            "warnings": exchange_sudo.warning_count,
            "error": exchange_sudo.error or "",
        }

    def _save_result(self, path):
        """Write the refused rows beside the imported file, readable by its owner only."""
        result_sudo = self.sudo().result_attachment_id
        if not result_sudo:
            return None
        target = path.with_name(f"{path.stem}-refused.csv")
        try:
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError:
            return None
        with open(descriptor, "wb") as file:
            file.write(result_sudo.raw)
        return str(target)

    def _write_result_file(self):
        """Attach the refused rows: the cells as they came, and why each was refused.

        The file can be corrected and imported as it is; no cell of it is a formula.

        :return: the encounters that the rows name, as a set of (facility code, encounter number)
        """
        named = set()
        lines = csv_safe.csv_lines(*self._get_result_rows(named))
        content = "".join(lines).encode()
        self._attach("result_attachment_id", f"refused-{self.id}.csv", content)
        return named

    def _get_result_rows(self, named):
        self_sudo = self.sudo()
        with self_sudo._open_payload() as payload:
            summary = charge_csv.inspect_charges(payload, encoding=self_sudo.encoding)
        columns = [name for name in summary.columns if name not in charge_csv.RESULT_COLUMNS]

        def rows():
            remarks = self_sudo._iterate_refused()
            remark = next(remarks, None)
            for row_index, record in enumerate(self_sudo._iterate_records(summary.delimiter)):
                if remark is None:
                    return
                if row_index != remark["row_index"]:
                    continue
                # A row may have too few cells or too many.
                cells = dict(
                    zip(summary.columns, map(csv_safe.restore_cell, record.cells), strict=False)
                )
                named.add(
                    (
                        cells.get("facility_code", "").strip(),
                        cells.get("encounter_number", "").strip(),
                    )
                )
                yield [
                    *(cells.get(name, "") for name in columns),
                    remark["result"],
                    remark["line_number"],
                    remark["columns"] or "",
                    remark["codes"],
                    remark["message"].replace("\n", " "),
                ]
                remark = next(remarks, None)

        return [*columns, *charge_csv.RESULT_COLUMNS], rows()

    def _iterate_records(self, delimiter):
        """The records of the stored file behind its header, as their cells came."""
        with self._open_payload() as payload:
            records = RecordReader(payload, self.encoding)
            records.delimiter = delimiter
            iterator = iter(records)
            next(iterator)
            yield from iterator

    def _iterate_refused(self):
        """The remarks on refused rows in the order of the file, a bounded number at a time."""
        names = ["row_index", "line_number", "result", "columns", "codes", "message"]
        last = -1
        while remarks := self.env["hc.exchange.row"].search_read(
            [("exchange_id", "=", self.id), ("result", "=", "refused"), ("row_index", ">", last)],
            names,
            order="row_index",
            limit=_REMARKS_PER_QUERY,
        ):
            yield from remarks
            last = remarks[-1]["row_index"]
