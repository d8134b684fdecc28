# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import io
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from odoo.addons.hc_revenue_base.hc_core.csv_reader import CsvFileError, RecordReader
from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

from ..hc_dunning_core.agency_report import PAYMENT, read_header, read_rows
from ..hc_dunning_core.errors import DunningError

ROWS_PER_STEP = 20
MAX_FILE_BYTES = 10 * 1024**2
REPORT_GROUPS = (
    "hc_revenue_base.group_hc_supervisor",
    "hc_revenue_base.group_hc_finance_manager",
    "hc_revenue_base.group_hc_integration",
)


class HcExchange(models.Model):
    """What agencies report back: payments, and recalls that they confirm.

    A step takes some rows, books them and the counters, and is committed as one; each payment is
    booked once by its reference, whatever file it comes in.
    """

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[("agency_report", "Agency's Report (CSV)")],
        ondelete={"agency_report": "cascade"},
    )

    @api.model
    def _receive_agency_report(self, agency, content, name, external_id=None):
        """Store an agency's report, to be processed.

        :param bytes content: the file
        :param str external_id: the agency's number of the file; None: its content is its number
        :return: ``(exchange, verdict)`` as :meth:`_receive`
        :raise AccessError: the user may not report payments
        :raise UserError: the file is too large, or the agency has no payment source
        """
        self._check_may_report()
        agency.check_access("read")
        if len(content) > MAX_FILE_BYTES:
            raise UserError(
                self.env._("The file has more than %s MB. Split it.", MAX_FILE_BYTES // 1024**2)
            )
        if not agency.source_id:
            raise UserError(
                self.env._("Enter on %s in which journal its payments arrive.", agency.name)
            )
        external_id = external_id or hashlib.sha256(content).hexdigest()
        exchanges = self.with_company(agency.company_id)
        return exchanges._receive("agency_report", agency.code, external_id, content, name)

    @api.model
    def _check_may_report(self):
        if not self.env.su and not any(map(self.env.user.has_group, REPORT_GROUPS)):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "import",
                self.env._("Supervisors take in what agencies report. Ask one of them."),
                reason="no_report_role",
            )

    def _handle_agency_report(self, checkpoint):
        """Process a report from where it stopped; see :meth:`_process`."""
        self._check_may_report()
        exchange_sudo = self.sudo()
        agency = self._get_reporting_agency()
        if exchange_sudo.state in ("received", "failed"):
            exchange_sudo._transition("processing")
        try:
            rows = list(self._read_report())
        except (CsvFileError, DunningError) as error:
            self._reject(str(error))
            return True
        if not agency.source_id:
            self._reject(self.env._("No agency of this code has a payment source."))
            return True
        exchange_sudo._write_guarded({"total_count": len(rows), "error": False})
        waiting = iter(rows[exchange_sudo.processed_count :])
        while step := list(islice(waiting, ROWS_PER_STEP)):
            with self.env.cr.savepoint():
                self._lock_report()
                self._take_rows(agency, step)
            # What the cache knows of an account grows with each payment, and so does its upkeep.
            self.env.invalidate_all()
            if not checkpoint(len(step), len(rows) - exchange_sudo.processed_count):
                return False
        self._finish_report(agency)
        return True

    def _get_reporting_agency(self):
        return (
            self.env["hc.collection.agency"]
            .sudo()
            .search([("code", "=", self.source), ("company_id", "=", self.company_id.id)])
        )

    def _read_report(self):
        """The rows of the stored file.

        :raise CsvFileError: it is no text
        :raise DunningError: its header is not the one that was agreed
        """
        content = self.sudo().payload_attachment_id.raw or b""
        reader = RecordReader(io.BytesIO(content), self.sudo().encoding)
        reader.first_line()
        records = iter(reader)
        header = read_header(next(records).cells)
        today = fields.Date.context_today(self)
        return read_rows(
            header, ((each.line_number, each.cells, each.fault) for each in records), today
        )

    def _lock_report(self):
        locked = self.sudo().try_lock_for_update(allow_referencing=True)
        if not locked or self.sudo().state != "processing":
            raise LockError(
                self.env._("%(name)s is being processed by somebody else.", name=self.name)
            )

    def _take_rows(self, agency, rows):
        """Book some rows, each by itself; count them and keep why rows were refused.

        Accounts are settled once after all rows. Where one cannot be, each row settles by itself,
        so that the refused ones are found.
        """
        accounts = self.env["hc.collection.account"].sudo()
        try:
            with self.env.cr.savepoint(), accounts._settling_together():
                counts, remarks = self._book_rows(agency, rows)
        except CONCURRENCY_ERRORS:
            raise
        except UserError:
            counts, remarks = self._book_rows(agency, rows)
        exchange_sudo = self.sudo()
        self.env["hc.exchange.row"].sudo()._create_guarded(remarks)
        exchange_sudo._write_guarded(
            {name: exchange_sudo[name] + count for name, count in counts.items()}
            | {"processed_count": exchange_sudo.processed_count + len(rows)}
        )

    def _book_rows(self, agency, rows):
        """Book rows; one that is refused leaves nothing behind.

        :return: ``({counter: number}, values of the remarks)``
        """
        placements = self._find_placements(agency, rows)
        counts = {"failed_count": 0, "repeated_count": 0, "imported_count": 0}
        remarks = []
        for row in rows:
            fault, is_new = row.fault, True
            if not fault:
                try:
                    with self.env.cr.savepoint():
                        is_new = self._take_row(agency, placements.get(row.placement), row)
                except CONCURRENCY_ERRORS:
                    # Odoo's LockError is a UserError: the row is good, the step is done again.
                    raise
                except UserError as error:
                    fault = str(error)
            if fault:
                remarks.append(self._prepare_remark(row, fault))
            counts[
                "failed_count" if fault else "imported_count" if is_new else "repeated_count"
            ] += 1
        return counts, remarks

    @api.model
    def _find_placements(self, agency, rows):
        numbers = list({row.placement for row in rows if row.placement})
        found = (
            self.env["hc.placement"]
            .sudo()
            .search([("agency_id", "=", agency.id), ("name", "in", numbers)])
        )
        return found.grouped("name")

    def _take_row(self, agency, placement, row):
        """Book one sound row.

        :return: whether it says something new
        :raise UserError: it contradicts what is known
        """
        if row.kind == PAYMENT:
            return self._take_payment(agency, placement or self.env["hc.placement"], row)
        if not placement:
            raise UserError(self.env._("this agency has no such placement."))
        if placement.state == "recalled":
            return False
        if placement.state == "placed" and placement.file_id:
            placement._write_guarded({"recall_reason": self.env._("returned by the agency")})
        placement._transition(
            "recalled", reason=self.env._("confirmed in %s", self.name), facts={"exchange": self.id}
        )
        return True

    def _take_payment(self, agency, placement, row):
        currency = agency.company_id.currency_id
        if row.currency != currency.name:
            raise UserError(
                self.env._(
                    "payments of this agency are in %s: ask it for the amount.", currency.name
                )
            )
        account = placement.account_id
        report, _is_new = (
            self.env["hc.payment.report"]
            .with_company(agency.company_id)
            ._take(
                agency.source_id.code,
                "confirmed",
                row.reference,
                float(row.amount),
                row.currency,
                row.paid_on,
                # What names no placement of ours waits for a person.
                account_number=account.name or row.placement,
                case_numbers=placement._get_placed_cases().mapped("name"),
            )
        )
        _payment, is_new = self.env["hc.placement.payment"]._enter(
            agency, placement, report.sudo(), self
        )
        return is_new

    def _prepare_remark(self, row, fault):
        where = self.env._("Line %(line)s, %(column)s:", line=row.line, column=row.column or "-")
        return {
            "exchange_id": self.id,
            "row_index": row.line,
            "line_number": row.line,
            "external_id": row.reference,
            "result": "refused",
            "columns": row.column,
            "codes": "agency_report",
            "message": f"{where} {fault}",
        }

    def _finish_report(self, agency):
        exchange_sudo = self.sudo()
        refused = exchange_sudo.failed_count
        exchange_sudo._transition("done", facts={"agency": agency.id, "refused": refused})
        exchange_sudo._write_guarded({"finished_at": self.env.cr.now().replace(microsecond=0)})
        if refused:
            self.env["hc.work.item"]._open(
                [
                    {
                        "kind": "agency_report",
                        "severity": "error",
                        "queue_code": "collections",
                        "dedup_key": f"agency_report:{self.id}",
                        "name": self.env._(
                            "%(count)s rows of %(file)s were refused: ask %(agency)s",
                            count=refused,
                            file=self.name,
                            agency=agency.name,
                        ),
                        "company_id": self.company_id.id,
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                ]
            )
