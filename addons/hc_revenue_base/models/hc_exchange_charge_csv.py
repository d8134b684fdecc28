# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import tempfile
from itertools import islice

from odoo import fields, models
from odoo.exceptions import LockError

from ..hc_core import charge_csv
from ..hc_core.csv_reader import CsvFileError

ROWS_PER_STEP = 500
ENCOUNTERS_PER_STEP = 200


class HcExchange(models.Model):
    """Charge files: checked as a whole, imported step by step, then their encounters moved.

    A step takes a fixed number of rows, writes them and the counters, and is committed as one:
    a server killed at any moment goes on behind the last committed row. A step that fails is
    undone as a whole.
    """

    _inherit = "hc.exchange"

    def _handle_charge_csv(self, checkpoint):
        """Process a charge file from where it stopped; see :meth:`_process`."""
        self._check_may_import()
        if self.state in ("received", "failed"):
            with self.env.cr.savepoint():
                if not self._begin_charges():
                    return True
        if not (self._import_remaining_rows(checkpoint) and self._move_encounters(checkpoint)):
            return False
        with self.env.cr.savepoint():
            self._finish_charges()
        return True

    def _begin_charges(self):
        """Go through the whole file once: refuse it, or know how many rows there are."""
        self_sudo = self.sudo()
        try:
            with self_sudo._open_payload() as payload:
                summary = charge_csv.inspect_charges(payload, encoding=self_sudo.encoding)
        except CsvFileError as error:
            self._reject(str(error))
            return False
        if summary.sha256 != self_sudo.checksum:
            self._reject(
                self.env._("The stored file is not the one that was received. Send it again.")
            )
            return False
        self_sudo._transition("processing", facts={"rows": summary.row_count})
        self_sudo._write_guarded({"total_count": summary.row_count, "error": False})
        return True

    def _open_payload(self):
        """The stored file, opened for reading; the caller closes it."""
        attachment_sudo = self.sudo().payload_attachment_id
        if attachment_sudo.store_fname:
            return open(attachment_sudo._full_path(attachment_sudo.store_fname), "rb")
        stored = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        stored.write(attachment_sudo.raw or b"")
        stored.seek(0)
        return stored

    def _import_remaining_rows(self, checkpoint):
        """Import the rows behind the last committed one.

        :return: False when time was up before the last row
        """
        self_sudo = self.sudo()
        importer = self.env["hc.charge.importer"]
        references = importer._get_references()
        as_of = fields.Date.context_today(self, self_sudo.create_date)
        with self_sudo._open_payload() as payload:
            rows = charge_csv.read_charges(
                payload, as_of, encoding=self_sudo.encoding, skip_rows=self_sudo.processed_count
            )
            while step := list(islice(rows, ROWS_PER_STEP)):
                with self.env.cr.savepoint():
                    self_sudo._lock_step(step[0].row_index)
                    outcome = importer._import_rows(step, self, references)
                    self_sudo._record_step(outcome)
                if not self._pause(checkpoint, len(step)):
                    return False
        return True

    def _lock_step(self, next_row_index):
        """Make sure that nobody else works on the document, or has since the last commit."""
        locked = self.try_lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["processed_count", "state"])
        if not locked or self.processed_count != next_row_index or self.state != "processing":
            raise LockError(
                self.env._("%(name)s is being processed by somebody else.", name=self.name)
            )

    def _record_step(self, rows):
        """Count a step's rows and keep the remarks on them."""
        self.env["hc.exchange.row"].sudo()._create_guarded(
            [self._prepare_row_vals(row) for row in rows if row.errors or row.warnings]
        )
        refused = sum(bool(row.errors) for row in rows)
        repeated = sum(row.repeated for row in rows)
        self._write_guarded(
            {
                "processed_count": self.processed_count + len(rows),
                "failed_count": self.failed_count + refused,
                "repeated_count": self.repeated_count + repeated,
                "imported_count": self.imported_count + len(rows) - refused - repeated,
                "warning_count": self.warning_count
                + sum(bool(row.warnings and not row.errors) for row in rows),
            }
        )

    def _prepare_row_vals(self, row):
        issues = row.errors or row.warnings
        return {
            "exchange_id": self.id,
            "row_index": row.row_index,
            "line_number": row.line_number,
            "external_id": row.external_id,
            "result": "refused" if row.errors else "warning",
            "columns": " ".join(dict.fromkeys(issue.column for issue in issues if issue.column)),
            "codes": " ".join(dict.fromkeys(issue.code for issue in issues)),
            "message": "\n".join(issue.message for issue in issues),
        }

    def _pause(self, checkpoint, done):
        """Let the caller commit, and forget what was read: memory stays flat.

        :return: False when time is up
        """
        self.env.flush_all()
        left = self.sudo().total_count - self.sudo().processed_count
        go_on = checkpoint(done, left)
        self.env.invalidate_all()
        return go_on

    def _move_encounters(self, checkpoint):
        """Complete and approve the file's encounters, now that all their rows are in.

        An encounter with a refused row stays where it is: billed now, it would miss a service.

        :return: False when time was up before the last encounter
        """
        waiting = self.env["hc.encounter"].with_context(tracking_disable=True)
        domain = [("feed_exchange_id", "=", self.id)]
        if waiting.search_count(domain, limit=1) and not self.sudo().result_attachment_id:
            with self.env.cr.savepoint():
                self._hold_incomplete_encounters()
        may_approve = self._may_approve_coding()
        while encounters := waiting.search(domain, order="id", limit=ENCOUNTERS_PER_STEP):
            with self.env.cr.savepoint():
                encounters._apply_feed_status(may_approve)
            if not self._pause(checkpoint, 0):
                return False
        return True

    def _may_approve_coding(self):
        """Whether the sender's word is enough to declare codes final."""
        return self.env.su or any(
            map(
                self.env.user.has_group,
                ("hc_revenue_base.group_hc_coder", "hc_revenue_base.group_hc_integration"),
            )
        )

    def _hold_incomplete_encounters(self):
        """Write the file of refused rows and hold back the encounters that they belong to."""
        self_sudo = self.sudo()
        if not self_sudo.failed_count:
            return
        keys = self._write_result_file()
        facilities = self.env["hc.facility"].search([("code", "in", [key[0] for key in keys])])
        held = (
            self.env["hc.encounter"]
            .search(
                [
                    ("feed_exchange_id", "=", self.id),
                    ("facility_id", "in", facilities.ids),
                    ("number", "in", [key[1] for key in keys]),
                ]
            )
            .filtered(lambda e: (e.facility_id.code, e.number) in keys)
        )
        held._write_guarded({"feed_exchange_id": False})

    def _finish_charges(self):
        self_sudo = self.sudo()
        if self_sudo.failed_count and not self_sudo.result_attachment_id:
            self._write_result_file()
        counts = {
            "rows": self_sudo.total_count,
            "imported": self_sudo.imported_count,
            "repeated": self_sudo.repeated_count,
            "refused": self_sudo.failed_count,
        }
        self_sudo._transition("done", facts=counts)
        self_sudo._write_guarded(
            {"finished_at": self.env.cr.now().replace(microsecond=0), "error": False}
        )
        self._open_row_items()

    def _open_row_items(self):
        """One work item for the refused rows, one for the contradictions among them."""
        self_sudo = self.sudo()
        rows = self.env["hc.exchange.row"].sudo()
        refused = [("exchange_id", "=", self.id), ("result", "=", "refused")]
        conflicts = rows.search_count([*refused, ("codes", "like", "conflict")])
        what_to_do = self.env._(
            "Open the exchange, download the refused rows, correct and import them again. "
            "Their encounters wait until then."
        )
        if conflicts:
            self._open_import_item(
                "rows_conflict",
                self.env._(
                    "%(name)s: %(count)s rows contradict earlier ones",
                    name=self_sudo.name,
                    count=conflicts,
                ),
                what_to_do,
                kind="import_conflict",
            )
        if self_sudo.failed_count > conflicts:
            self._open_import_item(
                "rows_refused",
                self.env._(
                    "%(name)s: %(count)s rows refused",
                    name=self_sudo.name,
                    count=self_sudo.failed_count - conflicts,
                ),
                what_to_do,
            )
