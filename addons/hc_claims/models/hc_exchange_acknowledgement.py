# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Acknowledgements on their way in: TA1, 999 and 277CA, also side by side in one file."""

import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..hc_x12.acknowledgment import (
    TRANSACTION_TYPES as GROUP_TYPES,
)
from ..hc_x12.acknowledgment import (
    GroupAcknowledgment,
    read_interchange_acknowledgment,
)
from ..hc_x12.claim_status import (
    ACKNOWLEDGMENT_VERSION,
    StatusResponse,
)
from ..hc_x12.claim_status import (
    TRANSACTION_TYPE as STATUS_TYPE,
)
from ..hc_x12.envelope import INTERCHANGE_ACKNOWLEDGMENT, InterchangeReader
from ..hc_x12.findings import ERROR, FindingLog
from .hc_claim_status import outcome_of

MAX_FILE_BYTES = 100 * 1024 * 1024
REPORTS_PER_STEP = 500
_NAMED_IN_ITEM = 20
ANSWER_GROUPS = (
    "hc_revenue_base.group_hc_clerk",
    "hc_revenue_base.group_hc_claims_specialist",
    "hc_revenue_base.group_hc_administrator",
    "hc_revenue_base.group_hc_integration",
)


class HcExchange(models.Model):
    _inherit = "hc.exchange"

    claim_status_ids = fields.One2many(
        "hc.claim.status", "exchange_id", "Claim Statuses", readonly=True
    )

    @api.model
    def _receive_acknowledgement(self, content, source, name, external_id=None):
        """Store an acknowledgement file, to be processed.

        :param bytes content: the file
        :param str source: code of the clearinghouse that sent it
        :param str external_id: the sender's number of the file; None: its content is its number
        :return: ``(exchange, verdict)`` as :meth:`_receive`
        :raise AccessError: the user may not bring answers in
        :raise UserError: the file is empty, too large or no acknowledgement
        """
        self._check_brought_in(
            content,
            name,
            ANSWER_GROUPS,
            self.env._("Acknowledgements are brought in by clerks and claims specialists."),
            MAX_FILE_BYTES,
        )
        kind = self._get_acknowledgement_type(content, name)
        external_id = external_id or hashlib.sha256(content).hexdigest()
        return self._receive(kind, source, external_id, content, name)

    @api.model
    def _get_acknowledgement_type(self, content, name):
        """The type of document by the first transaction of the file."""
        findings = FindingLog()
        for transaction in InterchangeReader([content], name, findings=findings):
            if transaction.type == STATUS_TYPE:
                return "x12_277ca"
            if transaction.type in (*GROUP_TYPES, INTERCHANGE_ACKNOWLEDGMENT):
                return "x12_999"
        raise UserError(self._get_no_answer_message(name, findings))

    @api.model
    def _get_no_answer_message(self, name, findings):
        first = next((each for each in findings.findings if each.severity == ERROR), None)
        return self.env._(
            "%(name)s holds no acknowledgement (TA1, 999 or 277CA). %(detail)s",
            name=name,
            detail=first.message if first else "",
        )

    def _handle_x12_999(self, checkpoint):
        """Take the acknowledgements of a file; see :meth:`_take_acknowledgements`."""
        return self._take_acknowledgements(checkpoint)

    def _handle_x12_277ca(self, checkpoint):
        """Take the acknowledgements of claims; see :meth:`_take_acknowledgements`."""
        return self._take_acknowledgements(checkpoint)

    def _take_acknowledgements(self, checkpoint):
        """Match each answer with its file or claim, and let them follow it.

        :return: whether the document is through
        """
        self_sudo = self.sudo()
        self_sudo._transition_where_allowed("processing")
        findings = FindingLog()
        as_of = fields.Date.context_today(self, self_sudo.create_date)
        found = False
        reports, skip = 0, self_sudo.processed_count
        with self_sudo._open_payload() as payload:
            for transaction in InterchangeReader(payload, self_sudo.name, as_of, findings):
                if transaction.type == INTERCHANGE_ACKNOWLEDGMENT:
                    self_sudo._take_interchange(read_interchange_acknowledgment(transaction))
                elif transaction.type in GROUP_TYPES:
                    self_sudo._take_group(GroupAcknowledgment(transaction))
                elif transaction.type == STATUS_TYPE:
                    for step in split_every(
                        REPORTS_PER_STEP, _claim_reports(StatusResponse(transaction)), list
                    ):
                        reports += len(step)
                        if reports > skip:
                            self_sudo._take_reports(step, transaction.version)
                            if not self_sudo._end_reports(reports, len(step), checkpoint):
                                return False
                else:
                    continue
                found = True
        if not found:
            self._reject(self._get_no_answer_message(self_sudo.name, findings))
            return True
        self_sudo._finish_acknowledgements(findings)
        return True

    def _end_reports(self, reports, done, checkpoint):
        self._write_guarded({"processed_count": reports, "total_count": reports})
        self.env.flush_all()
        # What is behind the last report read is not known before the end of the file.
        return checkpoint(done, 1)

    def _finish_acknowledgements(self, findings):
        if findings.has_errors:
            self._open_answer_item(
                "findings",
                self.env._("%(name)s has faults", name=self.name),
                [each.message for each in findings.findings if each.severity == ERROR],
            )
        self._transition("done", facts={"statuses": len(self.claim_status_ids)})
        self._write_guarded(
            {
                "imported_count": len(self.claim_status_ids),
                "finished_at": self.env.cr.now().replace(microsecond=0),
                "error": False,
            }
        )

    def _find_batch(self, control_number):
        """The file that an answer is about: by interchange number, of the partner that answers."""
        if not control_number.isdecimal() or len(control_number) > 9:
            return self.env["hc.claim.batch"]
        batches = self.env["hc.claim.batch"].search(
            [("company_id", "=", self.company_id.id), ("control_number", "=", int(control_number))]
        )
        own = batches.filtered(lambda batch: batch.clearinghouse_id.code == self.source)
        batches = own or batches
        return batches if len(batches) == 1 else batches.browse()

    def _take_interchange(self, answer):
        batch = self._find_batch(answer.control_number)
        if not batch:
            self._open_unknown_file(answer.control_number)
            return
        batch._follow_interchange(answer.is_accepted, self, answer.status, answer.note)

    def _take_group(self, answer):
        rejected = {
            response.control_number: ",".join(response.codes)
            for response in answer.responses
            if not response.is_accepted
        }
        result = answer.result
        batch = self._find_batch(answer.control_number)
        if not batch:
            self._open_unknown_file(answer.control_number)
            return
        batch._follow_group(
            result.is_accepted, self, result.status, ",".join(result.codes), rejected
        )

    def _take_reports(self, reports, version):
        """Match reports on claims by our number, store them and let the claims follow."""
        origin = "277ca" if version == ACKNOWLEDGMENT_VERSION else "277"
        readable = [report for report in reports if not report.has_errors]
        claims = self.env["hc.claim"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("name", "in", [report.trace.number for report in readable]),
                ("state", "not in", ("draft", "held", "ready")),
            ]
        )
        by_name = {claim.name: claim for claim in claims}
        unknown, vals_list = [], []
        for report in readable:
            claim = by_name.get(report.trace.number)
            if claim is None:
                unknown.append(report.trace.number)
            else:
                vals_list += self._prepare_report_vals(report, claim, origin)
        statuses = self.env["hc.claim.status"]._note(vals_list)
        claims.invalidate_recordset(["status_ids"], flush=False)
        _note_payer_numbers(statuses)
        claims._follow_statuses(statuses)
        if unknown:
            self._open_answer_item(
                "claims",
                self.env._("%(name)s answers claims that are unknown", name=self.name),
                unknown,
            )
        self._write_guarded(
            {
                "failed_count": self.failed_count + len(unknown) + len(reports) - len(readable),
                "repeated_count": self.repeated_count + len(vals_list) - len(statuses),
            }
        )

    def _prepare_report_vals(self, report, claim, origin):
        """Values of the statuses of a report, one per code; a module adds to ``super()``."""
        common = {
            "claim_id": claim.id,
            "batch_id": claim.batch_id.id,
            "company_id": claim.company_id.id,
            "facility_id": claim.facility_id.id,
            "exchange_id": self.id,
            "origin": origin,
            "payer_claim_number": report.payer_control_number,
        }
        pairs = [("", status) for status in report.statuses]
        pairs += [
            (line.procedure.code, status) for line in report.lines for status in line.statuses
        ]
        return [
            {
                **common,
                "outcome": outcome_of(code.category),
                "category": code.category,
                "status_code": code.status,
                "entity_code": code.entity,
                "effective_on": status.effective_date,
                "amount": float(status.charge or 0),
                "line_number": procedure,
                "message": status.text,
            }
            for procedure, status in pairs
            for code in status.codes
        ]

    def _open_unknown_file(self, control_number):
        self._open_answer_item(
            f"file:{control_number[:20]}",
            self.env._("%(name)s answers a file that is unknown", name=self.name),
            [control_number],
        )

    def _open_answer_item(self, key, name, lines):
        """Ask a person what an answer belongs to; nothing of it is lost."""
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "claim_answer",
                    "queue_code": "edi",
                    "dedup_key": f"claim_answer:{self.id}:{key}",
                    "name": name,
                    "description": "\n".join(
                        [
                            self.env._(
                                "Ask the sender whose it is. It may be an answer to a file of "
                                "another system."
                            ),
                            *lines[:_NAMED_IN_ITEM],
                        ]
                    ),
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )


def _claim_reports(response):
    return (report for report in response.reports if report.is_about_claim)


def _note_payer_numbers(statuses):
    """Keep the number that the payer gave: replacements and calls need it."""
    for status in statuses:
        number = status.payer_claim_number
        claim = status.claim_id
        if number and status.outcome != "rejected" and claim.payer_claim_number != number:
            claim._write_guarded({"payer_claim_number": number})
