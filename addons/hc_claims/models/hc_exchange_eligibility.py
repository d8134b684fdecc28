# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Eligibility answers (271) on their way in: whose answer, once, whatever order they come in."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import split_every

from ..hc_claim_core.eligibility_reading import SourceReject, read_answers
from ..hc_x12.eligibility import TRANSACTION_TYPE, EligibilityResponse
from ..hc_x12.envelope import InterchangeReader
from ..hc_x12.findings import ERROR, FindingLog

ANSWERS_PER_STEP = 500
_VERSION = "005010X279"
_NAMED_IN_ITEM = 20


class HcExchange(models.Model):
    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[
            ("x12_270", "Eligibility Questions (270)"),
            ("x12_271", "Eligibility Answers (271)"),
        ],
        ondelete={"x12_270": "cascade", "x12_271": "cascade"},
    )
    eligibility_answer_ids = fields.One2many(
        "hc.eligibility.answer", "exchange_id", "Eligibility Answers", readonly=True
    )

    @api.model
    def _get_acknowledgement_type(self, content, name):
        """A 271 is uploaded where other answers are."""
        for transaction in InterchangeReader([content], name):
            if transaction.type == TRANSACTION_TYPE:
                return "x12_271"
            break
        return super()._get_acknowledgement_type(content, name)

    def _find_batch(self, control_number):
        """Files of questions are acknowledged as files of claims are."""
        found = super()._find_batch(control_number)
        return found or self._find_eligibility_batch(control_number)

    def _find_eligibility_batch(self, control_number):
        batches = self.env["hc.eligibility.batch"]
        if not control_number.isdecimal() or len(control_number) > 9:
            return batches
        found = batches.search(
            [("company_id", "=", self.company_id.id), ("control_number", "=", int(control_number))]
        )
        found = found.filtered(lambda each: each.clearinghouse_id.code == self.source) or found
        return found if len(found) == 1 else batches

    def _handle_x12_271(self, checkpoint):
        """Match each member's answer with its question or coverage, and store it.

        Two readings: the first proves the envelope of each transaction, for one that was cut may
        lack the very segment that says *inactive*.

        :return: whether the document is through
        """
        self_sudo = self.sudo()
        self_sudo._transition_where_allowed("processing")
        as_of = fields.Date.context_today(self, self_sudo.create_date)
        unsound = self_sudo._find_unsound_transactions(as_of)
        if unsound is None:
            self._reject(
                self.env._("%(name)s holds no eligibility answer (271).", name=self_sudo.name)
            )
            return True
        count, skip = 0, self_sudo.processed_count
        with self_sudo._open_payload() as payload:
            for step in split_every(
                ANSWERS_PER_STEP, self_sudo._read_members(payload, as_of, unsound), list
            ):
                count += len(step)
                if count <= skip:
                    continue
                self_sudo._take_members(step)
                self_sudo._write_guarded({"processed_count": count, "total_count": count})
                self.env.flush_all()
                # What is behind the last answer read is not known before the end of the file.
                if not checkpoint(len(step), 1):
                    return False
        self_sudo._finish_eligibility(unsound)
        return True

    def _find_unsound_transactions(self, as_of):
        """``{number of the transaction: why}`` of those not to be used; None: no 271 at all."""
        unsound, found = {}, False
        findings = FindingLog()
        with self._open_payload() as payload:
            for transaction in InterchangeReader(payload, self.name, as_of, findings):
                for _segment in transaction.segments:
                    pass
                if transaction.type != TRANSACTION_TYPE:
                    continue
                found = True
                errors = [each for each in transaction.envelope_findings if each.severity == ERROR]
                if errors:
                    unsound[transaction.number] = errors[0].message
                elif not transaction.version.startswith(_VERSION):
                    unsound[transaction.number] = self.env._(
                        "it is of another version than 005010X279A1"
                    )
        return unsound if found else None

    def _read_members(self, payload, as_of, unsound):
        for transaction in InterchangeReader(payload, self.name, as_of):
            if transaction.type != TRANSACTION_TYPE or transaction.number in unsound:
                continue
            sent_on = transaction.group.sent_on
            for answer in read_answers(EligibilityResponse(transaction)):
                yield sent_on, answer

    def _take_members(self, step):
        """Store the answers of a step; what cannot be matched becomes a work item.

        :param step: ``(day on which the sender wrote it, answer)``
        """
        rejected = [answer for _day, answer in step if isinstance(answer, SourceReject)]
        members = [pair for pair in step if not isinstance(pair[1], SourceReject)]
        unreadable = [answer for _day, answer in members if answer.has_errors]
        sound = [pair for pair in members if not pair[1].has_errors]
        prepared, unmatched = self._match_members(sound)
        source_vals, unknown = self._prepare_source_rejects(rejected)
        stored = self.env["hc.eligibility.answer"]._note(prepared + source_vals)
        if unmatched or unreadable or unknown:
            self._open_unmatched(unmatched, unreadable, unknown)
        self._write_guarded(
            {
                "imported_count": self.imported_count + len(stored),
                "failed_count": self.failed_count + len(unmatched) + len(unreadable) + len(unknown),
                "repeated_count": self.repeated_count
                + len(prepared)
                + len(source_vals)
                - len(stored),
            }
        )

    def _match_members(self, members):
        """Split answers into values to store and ``(answer, reason)`` of nobody."""
        by_trace = self._find_questions(
            {trace for _day, answer in members for trace in answer.traces}
        )
        unasked = [answer for _day, answer in members if not answer.traces]
        coverages = self._find_coverages(unasked)
        prepared, unmatched = [], []
        for day, answer in members:
            if not answer.traces:
                found = coverages.get(id(answer), ())
                if len(found) == 1:
                    prepared.append(found._prepare_answer_vals(answer, self, day))
                else:
                    unmatched.append((answer, "several" if found else "nobody"))
                continue
            inquiry = next(filter(None, map(by_trace.get, answer.traces)), None)
            if inquiry is None:
                unmatched.append((answer, "unknown"))
            elif not inquiry._is_about(answer):
                unmatched.append((answer, "wrong_member"))
            else:
                prepared.append(inquiry._prepare_answer_vals(answer, self, day))
        return prepared, unmatched

    def _find_questions(self, traces):
        """Questions of the company that went out, by trace number."""
        inquiries = self.env["hc.eligibility.inquiry"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("name", "in", list(traces)),
                ("sent_at", "!=", False),
            ]
        )
        return {inquiry.name: inquiry for inquiry in inquiries}

    def _find_coverages(self, answers):
        """Coverages of members of whom nobody had asked, by ``id(answer)``.

        All of payer, member number, name and birth date have to fit.
        """
        named = [
            answer
            for answer in answers
            if answer.member.member_id and answer.member.birth_date and answer.member.last_name
        ]
        if not named:
            return {}
        numbers = {answer.member.member_id for answer in named}
        candidates = self.env["hc.coverage"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("payer_id.payer_identifier", "in", [a.payer_identifier for a in named]),
                ("patient_id.birth_date", "in", [a.member.birth_date for a in named]),
                ("member_id", "in", [*numbers, *(number.upper() for number in numbers)]),
            ]
        )
        by_birth = defaultdict(candidates.browse)
        for coverage in candidates:
            key = coverage.payer_id.payer_identifier, coverage.patient_id.birth_date
            by_birth[key] |= coverage
        return {
            id(answer): by_birth[answer.payer_identifier, answer.member.birth_date].filtered(
                lambda coverage, answer=answer: (
                    coverage._to_member().is_same(answer.member)
                    and coverage._has_name_of(answer.member)
                )
            )
            for answer in named
        }

    def _prepare_source_rejects(self, rejects):
        """Values of the answers to all questions of a set whose payer level was rejected."""
        prepared, unknown = [], []
        for reject in rejects:
            batch = self._find_eligibility_batch(reject.reference[:9])
            inquiries = batch.inquiry_ids.filtered(
                lambda inquiry, reject=reject: (
                    inquiry.transaction_number == reject.reference[9:]
                    and reject.payer_identifier in ("", inquiry.payer_id.payer_identifier)
                )
            )
            prepared += [
                inquiry._prepare_reject_vals(reject.reject_codes, self) for inquiry in inquiries
            ]
            if not inquiries:
                unknown.append(reject)
        return prepared, unknown

    def _open_unmatched(self, unmatched, unreadable, unknown):
        """Ask a person whose answers these are; the file keeps them, the item names no patient."""
        reasons = {
            "unknown": self.env._("no question of ours has this number"),
            "wrong_member": self.env._("it speaks of another person than we asked about"),
            "nobody": self.env._("no coverage has this payer, member number, name and birth date"),
            "several": self.env._("several coverages fit"),
        }
        lines = [
            self.env._(
                "Segment %(number)s, trace %(trace)s: %(reason)s.",
                number=answer.segment_number,
                trace=", ".join(answer.traces)[:60] or "–",
                reason=reasons[reason],
            )
            for answer, reason in unmatched
        ]
        lines += [
            self.env._(
                "Segment %(number)s: a segment of it cannot be read.", number=answer.segment_number
            )
            for answer in unreadable
        ]
        lines += [
            self.env._(
                "Rejected as a whole (%(codes)s), reference %(reference)s is unknown.",
                codes=reject.reject_codes,
                reference=reject.reference[:30],
            )
            for reject in unknown
        ]
        first = (unmatched[0][0] if unmatched else (unreadable or [None])[0]) or unknown[0]
        place = getattr(first, "segment_number", 0)
        self._open_eligibility_item(f"members:{place}", lines)

    def _open_eligibility_item(self, key, lines):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "eligibility_unmatched",
                    "severity": "warning",
                    "queue_code": "edi",
                    "dedup_key": f"eligibility_unmatched:{self.id}:{key}",
                    "name": self.env._("%(name)s: answers not used", name=self.name),
                    "description": "\n".join(
                        [
                            self.env._(
                                "Nothing of these answers was put on a coverage. Find out whose "
                                "they are, or ask the payer again."
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

    def _finish_eligibility(self, unsound):
        if unsound:
            self._open_eligibility_item(
                "unsound",
                [
                    self.env._("Transaction %(number)s: %(reason)s.", number=number, reason=reason)
                    for number, reason in unsound.items()
                ],
            )
            self._write_guarded({"failed_count": self.failed_count + len(unsound)})
        self._transition("done", facts={"answers": self.imported_count})
        self._write_guarded(
            {"finished_at": self.env.cr.now().replace(microsecond=0), "error": False}
        )
