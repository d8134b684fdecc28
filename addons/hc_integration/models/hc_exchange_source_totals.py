# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import re
from decimal import Decimal

from odoo import fields, models

from odoo.addons.hc_revenue_base.hc_core.csv_reader import CsvFileError, RecordReader

from ..hc_webhook_core import proof as proof_core
from .hc_event_handler_totals import TELLERS

_COLUMNS = ("day", "event_type", "count", "amount", "currency", "message_id")
_MAX_ROWS = 50_000
_MAX_DAYS = 31
_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)


class HcExchange(models.Model):
    """A day's totals as a file: a row for each type, or for each message.

    The columns are those of the event ``source.totals``; a row with ``message_id`` stands for
    one message, and the rows of a type and currency are added up.
    """

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[("source_totals", "Totals of Connected Systems (CSV)")],
        ondelete={"source_totals": "cascade"},
    )

    def _handle_source_totals(self, checkpoint):
        """Take in the totals; the days of one file are taken all, or none."""
        self.ensure_one()
        self_sudo = self.sudo()
        if self_sudo.state in ("done", "rejected"):
            return True
        self_sudo._transition_where_allowed("processing")
        source_sudo = (
            self.env["hc.integration.source"]
            .sudo()
            .search([("code", "=", self_sudo.source), ("company_id", "=", self_sudo.company_id.id)])
        )
        problem = self._find_totals_problem(source_sudo)
        if problem:
            self._reject(problem)
            return True
        try:
            with self.env.cr.savepoint():
                for data in self._read_totals_file():
                    self.env["hc.integration.proof"].sudo()._take_totals(
                        source_sudo,
                        fields.Date.to_date(data["day"]),
                        proof_core.read_totals(data),
                        self,
                    )
        except (CsvFileError, proof_core.TotalsError) as error:
            self._reject(str(error))
            return True
        checkpoint(1, 0)
        self_sudo._transition("done")
        self_sudo._write_guarded({"finished_at": self.env.cr.now().replace(microsecond=0)})
        return True

    def _find_totals_problem(self, source_sudo):
        """Why the sender may not tell totals of this system; empty where it may."""
        if not source_sudo:
            return self.env._(
                "No connected system has the code %(code)s. Totals are told under the code of the "
                "system that sent.",
                code=self.sudo().source,
            )
        user = self.env.user
        if user != source_sudo.user_id and not any(map(user.has_group, TELLERS)):
            return self.env._("Operations or administrators tell totals in place of a system.")
        return ""

    def _read_totals_file(self):
        """The days of the file, each as the event would tell it.

        :raise CsvFileError: it is no such file
        :raise TotalsError: a line does not fit
        """
        exchange_sudo = self.sudo()
        records = iter(RecordReader([exchange_sudo.payload_attachment_id.raw],
                                    exchange_sudo.encoding))  # fmt: skip
        header = next(records, None)
        names = [cell.strip().lower() for cell in header.cells] if header else []
        missing = {"day", "event_type"} - set(names)
        unknown = set(names) - set(_COLUMNS)
        if missing or unknown or len(set(names)) != len(names):
            raise proof_core.TotalsError(
                self.env._(
                    "Line 1 must name columns among %(columns)s, each once, day and event_type "
                    "always.",
                    columns=", ".join(_COLUMNS),
                )
            )
        days = {}
        for number, record in enumerate(records, start=1):
            if number > _MAX_ROWS:
                raise CsvFileError("too_many_rows", max_rows=_MAX_ROWS)
            self._add_totals_row(days, names, record)
        if len(days) > _MAX_DAYS:
            raise proof_core.TotalsError(
                self.env._("The file is about more than %(days)s days.", days=_MAX_DAYS)
            )
        return [
            {"day": day, "totals": [_as_told(key, row) for key, row in rows.items()]}
            for day, rows in sorted(days.items())
        ]

    def _add_totals_row(self, days, names, record):
        """Add a line to its day, type and currency."""
        cells = dict(zip(names, (cell.strip() for cell in record.cells), strict=False))
        day, count, amount = (cells.get(name, "") for name in ("day", "count", "amount"))
        message_id = cells.get("message_id", "")
        fault = record.fault
        if not fault and not _is_day(day):
            fault = self.env._("day is no day, write YYYY-MM-DD")
        if not fault and not cells.get("event_type"):
            fault = self.env._("event_type is empty")
        if not fault and not (count.isascii() and count.isdecimal() or message_id and not count):
            fault = self.env._("count is no whole number")
        if not fault and amount and not _AMOUNT.fullmatch(amount):
            fault = self.env._("amount is no number like 12.50")
        if fault:
            raise proof_core.TotalsError(
                self.env._(
                    "Line %(line)s: %(fault)s.", line=record.line_number, fault=fault.rstrip(".")
                )
            )
        key = (cells["event_type"], cells.get("currency", "").upper())
        row = days.setdefault(day, {}).setdefault(key, {"count": 0, "amounts": [], "ids": []})
        row["count"] += int(count or 1)
        if amount:
            row["amounts"].append(amount)
        if message_id:
            row["ids"].append(message_id)


def _is_day(text):
    try:
        return len(text) == 10 and bool(fields.Date.to_date(text))
    except ValueError:
        return False


def _as_told(key, row):
    """A type's rows as one row of the event."""
    event_type, currency = key
    told = {"event_type": event_type, "count": row["count"]}
    if currency:
        told["currency"] = currency
    if row["amounts"]:
        told["amount"] = str(sum(map(Decimal, row["amounts"])))
    if row["ids"]:
        told["message_ids"] = row["ids"]
    return told
