# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
from collections import Counter
from datetime import timedelta, timezone
from io import BytesIO

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.hc_core.csv_safe import csv_lines

from ..hc_approval_core.trail import COLUMNS

EXPORTING_GROUPS = (
    "hc_revenue_base.group_hc_compliance",
    "hc_revenue_base.group_hc_finance_manager",
    "hc_revenue_base.group_hc_director",
)
_BATCH = 500
# A part that a spreadsheet program still opens; the next request begins a new one.
_PART_BYTES = 16_000_000
# More would be no paper that anybody reads; the CSV holds all of them.
_PAPER_REQUESTS = 150
_NAMED_BREAKS = 20


class HcApprovalExport(models.Model):
    """The approval trail as it was handed out: by whom, of what, with which files and proof.

    Rows are history. The files are attachments that nobody changes, and their SHA-256 stands on
    the row, in the log and, for the CSV, in the PDF.
    """

    _name = "hc.approval.export"
    _description = "Export of the Approval Trail"
    _inherit = ["hc.guarded.mixin"]
    _order = "id desc"
    _guarded_fields = frozenset(
        {
            "user_id",
            "company_id",
            "exported_at",
            "date_from",
            "date_to",
            "kinds",
            "facility_ids",
            "state",
            "request_count",
            "decision_count",
            "log_count",
            "unsealed_count",
            "proof",
            "proof_text",
            "seal_position",
            "seal_hash",
            "checksums",
            "attachment_ids",
        }
    )

    user_id = fields.Many2one("res.users", "Exported By", required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    exported_at = fields.Datetime("When", required=True, readonly=True)
    date_from = fields.Date("Requested From", required=True, readonly=True)
    date_to = fields.Date("Requested To", required=True, readonly=True)
    kinds = fields.Char(readonly=True, help="Empty: all kinds.")
    facility_ids = fields.Many2many("hc.facility", string="Facilities", readonly=True)
    state = fields.Char("Status", readonly=True, help="Empty: every status.")
    request_count = fields.Integer("Requests", readonly=True)
    decision_count = fields.Integer("Decisions", readonly=True)
    log_count = fields.Integer("Log Entries", readonly=True)
    unsealed_count = fields.Integer("Not Sealed Yet", readonly=True)
    proof = fields.Selection(
        [("intact", "Every Chain Holds"), ("broken", "Broken")], "Chain Proof", readonly=True
    )
    proof_text = fields.Text("What Does Not Hold", readonly=True)
    seal_position = fields.Integer("Last Seal", readonly=True, aggregator=None)
    seal_hash = fields.Char("Hash of the Last Seal", readonly=True)
    checksums = fields.Text("SHA-256 of the Files", readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Files", readonly=True)

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for export in self:
            export.display_name = self.env._(
                "Approval trail %(start)s to %(end)s", start=export.date_from, end=export.date_to
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise self.env["hc.refused.attempt"]._refuse(
            self, "unlink", self.env._("What was exported stays on record.")
        )

    @api.model
    def _export(self, date_from, date_to, *, kinds=(), facilities=None, state=None):
        """Export the trail of the requests of a period that the user may read.

        :param date date_from: first day of the request, in the user's time zone
        :param date date_to: last day
        :param kinds: only these kinds
        :param facilities: only these facilities
        :param str state: only requests in this state
        :return: the export, with its files
        :raise AccessError: the role may not
        :raise UserError: there is nothing to export
        """
        self._check_may_export()
        if date_from > date_to:
            raise UserError(self.env._("The last day comes after the first."))
        requests = self.env["hc.approval.request"]
        domain = self._get_request_domain(date_from, date_to, kinds, facilities, state)
        if not requests.search_count(domain, limit=1):
            raise UserError(self.env._("No request matches. Choose a longer period."))
        export = self.sudo()._create_guarded(
            [
                {
                    "user_id": self.env.uid,
                    "company_id": self.env.company.id,
                    "exported_at": self.env.cr.now().replace(microsecond=0),
                    "date_from": date_from,
                    "date_to": date_to,
                    "kinds": ", ".join(sorted(kinds)),
                    "facility_ids": [(6, 0, facilities.ids if facilities else [])],
                    "state": state or "",
                }
            ]
        )
        export._write_files(domain)
        return self.browse(export.id)

    def _check_may_export(self):
        if not any(map(self.env.user.has_group, EXPORTING_GROUPS)):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "export_trail",
                self.env._("Compliance, finance managers and directors export the trail."),
                reason="role",
            )

    @api.model
    def _get_request_domain(self, date_from, date_to, kinds, facilities, state):
        """Requests made on the days, as the clock of the user says."""
        domain = Domain("company_id", "=", self.env.company.id)
        domain &= Domain("create_date", ">=", self._to_utc(date_from))
        domain &= Domain("create_date", "<", self._to_utc(date_to + timedelta(days=1)))
        if kinds:
            domain &= Domain("kind", "in", list(kinds))
        if facilities:
            domain &= Domain("facility_id", "in", facilities.ids)
        if state:
            domain &= Domain("state", "=", state)
        return domain

    @api.model
    def _to_utc(self, day):
        """The instant at which a day begins for the user."""
        midnight = self.env.tz.localize(fields.Datetime.to_datetime(day))
        return midnight.astimezone(timezone.utc).replace(tzinfo=None)

    def _write_files(self, domain):
        """Write the CSV, part by part, then the PDF, and close the row and the log over both."""
        self.ensure_one()
        tally, breaks, paper, files, buffer = Counter(), [], [], [], BytesIO()
        for batch in self._iterate_batches(domain):
            trail = self._read_trail(batch)
            tally.update(trail["tally"])
            breaks += trail["breaks"][: _NAMED_BREAKS - len(breaks)]
            paper += trail["paper"][: _PAPER_REQUESTS - len(paper)]
            lines = csv_lines(COLUMNS, trail["rows"])
            header = next(lines)
            if not buffer.tell():
                buffer.write(header.encode())
            buffer.writelines(line.encode() for line in lines)
            if buffer.tell() >= _PART_BYTES:
                files.append(self._attach_part(len(files) + 1, buffer))
                buffer = BytesIO()
            self.env.invalidate_all()
        if buffer.tell():
            files.append(self._attach_part(len(files) + 1, buffer))
        self._write_guarded(self._prepare_result_vals(tally, breaks))
        files.append(self._attach_paper(paper, tally, files))
        self._write_guarded(
            {
                "checksums": "\n".join(f"{digest}  {file.name}" for file, digest in files),
                "attachment_ids": [(6, 0, [file.id for file, _digest in files])],
            }
        )
        self._log_export(tally, [digest for _file, digest in files])

    def _prepare_result_vals(self, tally, breaks):
        seal_position, seal_hash = self.env["hc.transition.seal"]._get_head()
        return {
            "request_count": tally["request"],
            "decision_count": tally["decision"],
            "log_count": tally["log"],
            "unsealed_count": tally["unsealed"],
            "proof": "broken" if tally["broken"] else "intact",
            "proof_text": "\n".join(breaks),
            "seal_position": seal_position,
            "seal_hash": seal_hash,
        }

    def _iterate_batches(self, domain):
        """The requests that the exporting user may read, in order of id, a batch at a time."""
        requests, last_id = self.env["hc.approval.request"].sudo(False), 0
        while batch := requests.search(
            domain & Domain("id", ">", last_id), order="id", limit=_BATCH
        ):
            last_id = batch[-1].id
            yield batch.sudo()

    def _attach_part(self, number, buffer):
        return self._attach(f"approval-trail-{self.id}-{number}.csv", "text/csv", buffer.getvalue())

    def _attach_paper(self, paper, tally, parts):
        content = self.env["hc.pdf"]._render(
            "hc_billing_approvals.hc_approval_export_letter",
            {
                "export": self,
                "requests": paper,
                "tally": tally,
                "kind_labels": dict(
                    self.env["hc.controlled.action"]
                    ._fields["kind"]
                    ._description_selection(self.env)
                ),
                "files": [(attachment.name, digest) for attachment, digest in parts],
            },
        )
        return self._attach(f"approval-trail-{self.id}.pdf", "application/pdf", content)

    def _attach(self, name, mimetype, content):
        """Keep a file with the row.

        :return: ``(attachment, SHA-256 in hexadecimal)``
        """
        attachment = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": mimetype,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return attachment, hashlib.sha256(content).hexdigest()

    def _log_export(self, tally, digests):
        """Every export is itself an entry of the log."""
        self.env["hc.transition"]._append(
            [
                {
                    "record": self,
                    "kind": "event",
                    "facts": {
                        "event": "trail_exported",
                        "from": str(self.date_from),
                        "to": str(self.date_to),
                        "kinds": self.kinds or "",
                        "facilities": self.facility_ids.ids,
                        "state": self.state or "",
                        "requests": tally["request"],
                        "sha256": digests,
                    },
                }
            ]
        )


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _check_no_evidence(self, operation):
        result = super()._check_no_evidence(operation)
        if any(file.res_model == "hc.approval.export" for file in self.sudo()):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                operation,
                self.env._("Files of an exported trail stay as they were handed out."),
                reason="exported_trail",
            )
        return result
