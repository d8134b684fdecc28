# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64
import binascii
import io
import logging
from itertools import islice

from odoo import fields, models
from odoo.exceptions import UserError

from ..hc_core import charge_csv
from ..hc_core.csv_reader import CsvFileError

_logger = logging.getLogger(__name__)

CHECKED_ROWS = 1000
SHOWN_ERRORS = 20
# Larger files are processed in the background.
ROWS_AT_ONCE = 1000
SAMPLE_URL = "/hc_revenue_base/static/import/charges_sample.csv"


class HcChargeImportWizard(models.TransientModel):
    """Bring in a charge file: look at it first, then import it."""

    _name = "hc.charge.import.wizard"
    _description = "Import Charges"

    file = fields.Binary("Charge File", attachment=False)
    file_name = fields.Char()
    source = fields.Char(
        "Source System", size=64, help="System that the charges come from, as it is always named."
    )
    external_id = fields.Char(
        "File Number",
        size=64,
        help="The sender's number of the file. Empty: the content of the file is its number.",
    )
    encoding = fields.Selection(
        [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")], default="utf-8", required=True
    )
    checked_file_name = fields.Char(readonly=True)
    row_count = fields.Integer("Rows", readonly=True)
    column_names = fields.Text("Columns", readonly=True)
    file_error = fields.Text(readonly=True)
    row_errors = fields.Text("First Errors", readonly=True)
    error_count = fields.Integer("Rows With Errors", readonly=True)

    def action_check(self):
        """Read the file and show its columns and first errors; nothing is imported."""
        self.ensure_one()
        self.env["hc.exchange"]._check_may_import()
        self.write(self._check_content(self._get_content()))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Charges"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _get_content(self):
        # In the context of a form the field says how large the file is, not what is in it.
        encoded = self.with_context(bin_size=False).file
        if not encoded:
            raise UserError(self.env._("Choose a charge file first."))
        try:
            return base64.b64decode(encoded)
        except binascii.Error:
            raise UserError(self.env._("The file did not arrive whole. Choose it again.")) from None

    def _check_content(self, content):
        """What there is to say about a file: values for the wizard's own fields."""
        values = {
            "checked_file_name": self.file_name,
            "row_count": 0,
            "column_names": False,
            "file_error": False,
            "row_errors": False,
            "error_count": 0,
        }
        try:
            summary = charge_csv.inspect_charges(io.BytesIO(content), encoding=self.encoding)
        except CsvFileError as error:
            return values | {"file_error": str(error)}
        parsed = charge_csv.read_charges(
            io.BytesIO(content), fields.Date.context_today(self), encoding=self.encoding
        )
        importer = self.env["hc.charge.importer"]
        rows = importer._check_rows(
            list(islice(parsed, CHECKED_ROWS)), self.source or "", importer._get_references()
        )
        wrong = [row for row in rows if row.errors]
        return values | {
            "row_count": summary.row_count,
            "column_names": ", ".join(summary.columns),
            "error_count": len(wrong),
            "row_errors": "\n".join(
                issue.message for row in wrong[:SHOWN_ERRORS] for issue in row.errors
            ),
        }

    def action_import(self):
        """Store the file and process it: at once when it is small, else in the background."""
        self.ensure_one()
        content = self._get_content()
        exchange, verdict = self.env["hc.exchange"]._receive_charges(
            content,
            self.source,
            self.file_name or self.env._("charges.csv"),
            (self.external_id or "").strip() or None,
            self.encoding,
        )
        if verdict == "conflict":
            return self._notify(
                exchange,
                self.env._(
                    "A file of this number was received before with other content. It "
                    "stands; a work item was opened. Check the number with the sender."
                ),
            )
        if verdict == "duplicate":
            return self._notify(
                exchange,
                self.env._("This file was received before, nothing is imported again."),
            )
        if not (content.count(b"\n") <= ROWS_AT_ONCE and self._process_now(exchange)):
            self.env.ref("hc_revenue_base.ir_cron_process_exchanges").sudo()._trigger()
        return exchange._get_form_action()

    def _process_now(self, exchange):
        """Process in this request; whatever goes wrong is left to the Scheduled Action."""
        try:
            with self.env.cr.savepoint():
                return exchange._process(lambda done, left: True)
        except Exception as error:  # noqa: BLE001 - the file is stored and will be tried again
            _logger.warning(
                "exchange %s left to the Scheduled Action: %s", exchange.id, type(error).__name__
            )
            return False

    def _notify(self, exchange, message):
        action = {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "warning", "sticky": True, "message": message},
        }
        if exchange.has_access("read"):
            action["params"]["next"] = exchange._get_form_action()
        return action

    def action_download_sample(self):
        """Download a file to start from."""
        return {"type": "ir.actions.act_url", "url": SAMPLE_URL, "target": "download"}
