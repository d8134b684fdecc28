# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""From a question to the file (270) that asks it."""

import json
from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate

from odoo import models
from odoo.tools import SQL, split_every

from ..hc_x12.check_inquiry import check_eligibility
from ..hc_x12.findings import ERROR
from ..hc_x12.inquiry import EligibilityInquiry
from ..hc_x12.parties import Name, Payer, Provider
from ..hc_x12.plain import to_plain

_ROWS_PER_UPDATE = 1000
_EMPLOYER_DIGITS = 9


class HcEligibilityInquiry(models.Model):
    _inherit = "hc.eligibility.inquiry"

    def _submit(self):
        """Write questions into files, one per clearinghouse and number of questions per file.

        :return: the files; a question that cannot be written is held with the reason
        """
        self._lock_for_transition(["state"])
        held = self.filtered(lambda inquiry: inquiry.state == "held")
        held._transition("draft")
        drafts = self.filtered(lambda inquiry: inquiry.state == "draft")
        contents = drafts._prepare_contents()
        drafts._hold(drafts._get_objections(contents))
        batches = self.env["hc.eligibility.batch"]
        ready = drafts.filtered(lambda inquiry: inquiry.state == "draft")
        for clearinghouse, inquiries in ready.grouped(
            lambda inquiry: inquiry.payer_id.clearinghouse_id
        ).items():
            inquiries = inquiries.sorted(
                lambda each: (each.payer_id.id, each.facility_id.id, each.id)
            )
            for ids in split_every(clearinghouse.claims_per_file, inquiries.ids):
                batches += batches._write_file(clearinghouse, self.browse(ids), contents)
        return batches

    def _prepare_contents(self):
        """What would be asked now, as ``{inquiry id: dataclass of the X12 package}``."""
        return {
            inquiry.id: EligibilityInquiry(**inquiry._prepare_content_values())
            for inquiry in self.sudo()
        }

    def _prepare_content_values(self):
        """Values of the dataclass; a module adds to ``super()``.

        No address goes along: payers find the member without it.
        """
        self.ensure_one()
        payer, facility = self.payer_id, self.facility_id
        patient = self.coverage_id._prepare_claim_patient()
        return {
            "trace_number": self.name,
            "trace_originator": self._get_trace_originator(),
            "payer": Payer(name=payer.name or "", identifier=payer.payer_identifier or ""),
            "provider": Provider(
                name=Name(facility.name or "", is_organization=True),
                npi=facility.npi or "",
                taxonomy=facility.taxonomy_code or "",
            ),
            "subscriber": replace(
                self.coverage_id._prepare_subscriber(), address=None, group_name=""
            ),
            "patient": patient and replace(patient, address=None),
            "service_types": tuple(self.service_types.split(",")),
            "serves_from": self.service_date_from,
            "serves_to": self.service_date_to or None,
        }

    def _get_trace_originator(self):
        """TRN03: `1` and the employer number, or `9` and a number of our own."""
        digits = "".join(filter(str.isdigit, self.facility_id.tax_identifier or ""))
        is_employer = len(digits) == _EMPLOYER_DIGITS
        return f"1{digits}" if is_employer else f"9{self.company_id.id:0{_EMPLOYER_DIGITS}d}"

    def _get_objections(self, contents):
        """Why questions cannot be asked, as ``{inquiry id: [reason, …]}``."""
        objections = {}
        for inquiry in self:
            reasons = [
                finding.message
                for finding in check_eligibility(contents[inquiry.id])
                if finding.severity == ERROR
            ]
            if not inquiry.payer_id.clearinghouse_id:
                reasons.append(
                    self.env._(
                        "%(payer)s is asked through no clearinghouse.", payer=inquiry.payer_id.name
                    )
                )
            if reasons:
                objections[inquiry.id] = reasons
        return objections

    def _hold(self, objections):
        """Hold the questions that something objects to."""
        held = self.filtered(lambda inquiry: inquiry.id in objections)
        if not held:
            return
        for inquiry in held:
            inquiry._write_guarded({"objection": "\n".join(objections[inquiry.id])})
        held._transition("held")
        self.env["hc.work.item"]._open(
            [
                inquiry._prepare_item_vals(
                    "eligibility_held",
                    self.env._("%(inquiry)s cannot be asked", inquiry=inquiry.name),
                    "\n".join(
                        [
                            *objections[inquiry.id],
                            self.env._("Mend it and send again, or check by portal or phone."),
                        ]
                    ),
                )
                for inquiry in held
            ]
        )

    def _on_state_draft(self, previous):
        self._write_guarded({"objection": False})

    def _mark_sent(self, batch, contents, transactions):
        """Note on the questions what was asked, in which file and set; they are in its order."""
        ends = list(accumulate(each.documents for each in transactions))
        numbers = [each.control_number for each in transactions]
        rows = [
            SQL(
                "(%s, %s, %s::jsonb)",
                inquiry.id,
                numbers[bisect_right(ends, place)],
                json.dumps(to_plain(contents[inquiry.id])),
            )
            for place, inquiry in enumerate(self)
        ]
        # By SQL: the ORM would write the content of each question by itself.
        for part in split_every(_ROWS_PER_UPDATE, rows):
            self.env.execute_query(
                SQL(
                    """UPDATE hc_eligibility_inquiry inquiry
                          SET batch_id = %s, transaction_number = sent.number,
                              sent_at = %s, content = sent.content
                         FROM (VALUES %s) AS sent(id, number, content)
                        WHERE inquiry.id = sent.id RETURNING inquiry.id""",
                    batch.id,
                    batch.written_at,
                    SQL(", ").join(part),
                )
            )
        self.invalidate_recordset(
            ["batch_id", "transaction_number", "sent_at", "content"], flush=False
        )
        self._transition("sent", facts={"batch": batch.id, "interchange": batch.control_number})
