# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.exceptions import UserError

from ..hc_claim_core import adjudication

# A remittance may answer tens of thousands of claims: so many are held in memory at once.
ANSWERS_PER_SET = 1_000
# A claim that was never sent cannot be answered.
_UNSENT = ("draft", "held", "ready")


class HcRemittance(models.Model):
    """Which claim each answer answers, with the reason; what is not certain waits for a person."""

    _inherit = "hc.remittance"

    def _match_claims(self):
        """Match all answers that are not matched yet, in sets; what a set has read is forgotten."""
        self.ensure_one()
        answers = self.env["hc.remittance.claim"].search(
            [("remittance_id", "=", self.id), ("state", "=", "unmatched")], order="sequence"
        )
        for start in range(0, len(answers), ANSWERS_PER_SET):
            if start:
                self.env.flush_all()
                self.env.invalidate_all()
            # Browsed anew: else a field that is read of one would be read of all.
            answers.browse(answers.ids[start : start + ANSWERS_PER_SET])._match_claims()


class HcRemittanceClaim(models.Model):
    """How an answer finds its claim."""

    _inherit = "hc.remittance.claim"

    def _match_claims(self):
        """Match answers with their claims, and the services of those matched with the lines."""
        self._match_by_number("control_number", "name", "patient_control_number")
        self._match_by_number("payer_number", "payer_claim_number", "payer_claim_number")
        self.filtered(lambda answer: not answer.claim_id)._match_by_services()
        matched = self.filtered("claim_id")
        matched._transition("matched")
        matched._match_services()

    def _match_by_number(self, method, claim_field, answer_field):
        """Match by a number that is the same on both sides."""
        waiting = self.filtered(lambda answer: not answer.claim_id and answer[answer_field])
        if not waiting:
            return
        found = (
            self.env["hc.claim"]
            .sudo()
            .search(
                [
                    ("company_id", "=", waiting[0].company_id.id),
                    (claim_field, "in", waiting.mapped(answer_field)),
                ]
            )
        )
        by_number = {}
        for claim in found:
            by_number.setdefault(claim[claim_field], []).append(claim)
        for answer in waiting:
            candidates = by_number.get(answer[answer_field], [])
            if len(candidates) > 1:
                candidates = [claim for claim in candidates if claim.payer_id == answer.payer_id]
            if len(candidates) == 1:
                answer._match(candidates[0], method)
            elif candidates:
                answer._write_guarded(
                    {"match_note": self.env._("Several claims have this number.")}
                )

    def _match_by_services(self):
        """Match by payer, member, charge and days, where exactly one claim fits."""
        for answer, candidates in self._find_candidates().items():
            if len(candidates) == 1:
                answer._match(candidates, "services")

    def _get_candidates(self, limit=20):
        """Claims that the answer could mean: payer, charge and days fit, and the member does."""
        self.ensure_one()
        return self._find_candidates()[self][:limit]

    def _find_candidates(self):
        """Claims that answers without one could mean, as ``{answer: claims}``; one search."""
        claims = self.env["hc.claim"].sudo()
        members = {answer: (answer.sudo().patient_member_id or "").upper() for answer in self}
        sent = {answer.sudo().patient_member_id for answer in self} | set(members.values())
        found = claims.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("payer_id", "in", self.payer_id.ids),
                ("state", "not in", (*_UNSENT, "void")),
                ("coverage_id.member_id", "in", [member for member in sent if member]),
            ]
        )
        by_member = found.grouped(
            lambda claim: (claim.payer_id, (claim.coverage_id.member_id or "").upper())
        )
        return {
            answer: by_member.get((answer.payer_id, member), claims).filtered(answer._fits)
            for answer, member in members.items()
        }

    def _fits(self, claim):
        """Whether a claim has the charge that the answer names, and a service on its days."""
        first = self.service_date_from
        return (
            bool(first)
            and not self.currency_id.compare_amounts(claim.amount_charged, abs(self.amount_charged))
            and any(
                first <= line.service_date <= (self.service_date_to or first)
                for line in claim.line_ids
            )
        )

    def _match(self, claim, method):
        """Note which claim is answered, or why it is not this one.

        A payer to whom another one sent the claim on answers with the number of the first claim.
        """
        self.ensure_one()
        if claim.payer_id != self.payer_id:
            forwarded = claim.case_id.claim_ids.filtered(
                lambda other: (
                    other.payer_id == self.payer_id
                    and other.part == claim.part
                    and other.state not in _UNSENT
                )
            )
            claim = forwarded if len(forwarded) == 1 else claim
        objection = self._get_match_objection(claim)
        if objection:
            self._write_guarded({"match_note": objection})
            return
        note = False
        if self.currency_id.compare_amounts(abs(self.amount_charged), claim.amount_charged):
            note = self.env._(
                "Charged as sent: %(sent)s, on our claim: %(ours)s.",
                sent=self.currency_id.format(self.amount_charged),
                ours=self.currency_id.format(claim.amount_charged),
            )
        self._write_guarded({"claim_id": claim.id, "match_method": method, "match_note": note})

    def _get_match_objection(self, claim):
        if claim.state in _UNSENT:
            return self.env._("Claim %(claim)s was never sent.", claim=claim.name)
        if claim.payer_id != self.payer_id:
            return self.env._(
                "Claim %(claim)s was sent to %(payer)s.",
                claim=claim.name,
                payer=claim.payer_id.name,
            )
        return False

    def action_pick_claim(self, claim_id):
        """Say by hand which claim an answer answers.

        :param int claim_id: a claim of the same payer and company
        """
        self.ensure_one()
        self.check_access("write")
        if not isinstance(claim_id, int):
            raise UserError(self.env._("Name the claim by its record number."))
        claim = self.env["hc.claim"].browse(claim_id).exists()
        claim.check_access("read")
        answer = self.sudo()
        answer._lock_for_transition(["state", "claim_id"])
        if answer.state != "unmatched" or not claim or claim.company_id != answer.company_id:
            raise UserError(
                self.env._("Only an unmatched answer is given a claim, of its own company.")
            )
        objection = answer._get_match_objection(claim.sudo())
        if objection:
            raise UserError(objection)
        answer._match(claim.sudo(), "picked")
        answer._transition("matched", facts={"claim": claim.id, "by": "person"})
        answer._match_services()

    def _match_services(self):
        """Match the services of matched answers with the lines of their claims."""
        for answer in self:
            lines = answer.claim_id.line_ids
            free = list(lines)
            for service in answer.service_ids:
                line, method = service._find_line(lines, free)
                if line:
                    service._write_guarded({"claim_line_id": line.id, "match_method": method})
                    if line in free:
                        free.remove(line)

    def _get_answer(self):
        """The answer as the posting rules read it."""
        self.ensure_one()
        decimal = self._to_decimal
        return adjudication.Answer(
            self.status_code or "",
            decimal(self.amount_charged),
            decimal(self.amount_paid),
            tuple(
                adjudication.Adjustment(
                    row.group_code, row.reason_code, decimal(row.amount), row.treatment
                )
                for row in self.adjustment_ids
            ),
        )


class HcRemittanceService(models.Model):
    """How a service finds its line."""

    _inherit = "hc.remittance.service"

    def _find_line(self, lines, free):
        """The claim line that a service answers, as ``(line, method)``.

        The payer's echo of our line number is certain; else what fits best among the lines that
        no other service has, down to a part of a line that the payer split.
        """
        self.ensure_one()
        by_number = {line.control_number: line for line in lines}
        if self.control_number in by_number:
            return by_number[self.control_number], "control_number"
        same_day = [
            line for line in free if not self.service_date or line.service_date == self.service_date
        ]
        compare = self.currency_id.compare_amounts
        tests = (
            (
                "exact",
                lambda line: (
                    line.code == self.code
                    and (line.modifiers or "") == (self.modifiers or "")
                    and not compare(line.amount_charged, self.amount_charged)
                ),
            ),
            ("no_modifier", lambda line: line.code == self.code),
            ("submitted_code", lambda line: line.code == self.submitted_code),
        )
        for method, test in tests:
            found = [line for line in same_day if test(line)]
            if found:
                return found[0], method
        parts = [
            line
            for line in lines
            if line.code in (self.code, self.submitted_code)
            and compare(line.amount_charged, self.amount_charged) > 0
        ]
        return (parts[0], "split") if len(parts) == 1 else (None, False)
