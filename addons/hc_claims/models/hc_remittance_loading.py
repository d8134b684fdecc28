# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models

from ..hc_claim_core.adjudication import ReasonCode, treat
from ..hc_x12.proof import prove_claim
from .hc_remittance_posting import QUIET

_MAX_FINDINGS = 200
_CROSSOVER = "TT"


def _text(value, length=64):
    return (value or "")[:length] or False


def _amount(value):
    """The ORM's amount of a decimal; what could not be read is shown as zero and never proven."""
    return float(value or 0)


class HcRemittance(models.Model):
    """From the X12 package's values to records, in sets."""

    _inherit = "hc.remittance"

    @api.model
    def _begin_loading(self, exchange, source):
        """Create the record of a transaction whose header has been read."""
        header = source.header
        payment = header.payment
        methods = dict(self._fields["payment_method"].selection)
        company = exchange.company_id
        sequence = self.env["ir.sequence"].sudo().with_company(company)
        payee = header.payee
        payer_identifier = header.trace.originator or header.payer.identifier
        return self._create_guarded(
            [
                {
                    "name": sequence.next_by_code("hc.remittance"),
                    "company_id": company.id,
                    "exchange_id": exchange.id,
                    "transaction_number": source.transaction.number,
                    "payer_name": _text(header.payer.name),
                    "payer_identifier": _text(payer_identifier),
                    "payer_id": self._find_payer(company, header).id,
                    "payee_name": _text(payee.name),
                    "payee_npi": _text(
                        payee.identifier if payee.identifier_qualifier == "XX" else "", 10
                    ),
                    "trace_number": _text(header.trace.number),
                    "originator_identifier": _text(header.trace.originator),
                    "payment_method": payment.method if payment.method in methods else False,
                    "handling_code": _text(payment.handling, 2),
                    "payment_amount": _amount(payment.amount),
                    "is_drawn_by_us": payment.credit_or_debit == "D",
                    "payment_date": payment.effective_date,
                    "production_date": header.production_date,
                }
            ]
        )

    @api.model
    def _find_payer(self, company, header):
        """The payer by any identifier that the advice gives, else by its exact name."""
        identifiers = {header.payer.identifier, header.trace.originator}
        identifiers |= {reference.value for reference in header.payer.references}
        payers = self.env["hc.payer"].sudo()
        in_company = [("company_id", "=", company.id)]
        found = payers.search(
            [*in_company, ("payer_identifier", "in", [name for name in identifiers if name])]
        )
        if not found and header.payer.name:
            found = payers.search([*in_company, ("name", "=ilike", header.payer.name)])
        return found if len(found) == 1 else payers

    def _load_claims(self, step):
        """Store some answers with their services and adjustments.

        :param step: ``(number in the transaction, hc_x12.remittance.Claim)``
        """
        if not step:
            return
        proofs = [prove_claim(claim) for _number, claim in step]
        answers = (
            self.env["hc.remittance.claim"]
            .with_context(**QUIET)
            ._create_guarded(
                [
                    self._prepare_answer_vals(number, claim, proof)
                    for (number, claim), proof in zip(step, proofs, strict=True)
                ]
            )
        )
        claims = [claim for _number, claim in step]
        services = self.env["hc.remittance.service"]._create_guarded(
            [
                self._prepare_service_vals(answer, number, line, balance)
                for answer, claim, proof in zip(answers, claims, proofs, strict=True)
                for number, (line, balance) in enumerate(
                    zip(claim.lines, proof.lines, strict=True), start=1
                )
            ]
        )
        codes = self._get_reason_codes(claims)
        remaining = iter(services)
        rows = []
        for answer, claim in zip(answers, claims, strict=True):
            rows += self._prepare_adjustments_vals(answer, None, claim.adjustments, codes)
            for line in claim.lines:
                service = next(remaining)
                rows += self._prepare_adjustments_vals(answer, service, line.adjustments, codes)
        self.env["hc.remittance.adjustment"]._create_guarded(rows)
        self._write_guarded(
            {
                "claim_count": self.claim_count + len(step),
                "unproven_count": self.unproven_count
                + sum(
                    not proof.is_proven or claim.has_errors
                    for claim, proof in zip(claims, proofs, strict=True)
                ),
            }
        )

    def _get_reason_codes(self, claims):
        """The office's meaning of all reasons of some answers, on the day of the advice."""
        reasons = {
            adjustment.reason
            for claim in claims
            for part in (claim, *claim.lines)
            for adjustment in part.adjustments
        }
        as_of = self.payment_date or self.create_date.date()
        return self.env["hc.adjustment.code"]._find("carc", sorted(reasons), as_of)

    def _prepare_answer_vals(self, number, claim, proof):
        patient, crossover = claim.named("QC"), claim.named(_CROSSOVER)
        first = proof.first_difference
        dates = [line.service_date for line in claim.lines if line.service_date]
        dates += [claim.service_date] if claim.service_date else []
        remarks = [*claim.remark_codes]
        return {
            "remittance_id": self.id,
            "sequence": number,
            "patient_control_number": _text(claim.patient_control_number),
            "payer_claim_number": _text(claim.payer_control_number),
            "status_code": _text(claim.status, 3),
            "filing_indicator": _text(claim.filing_indicator, 3),
            "amount_charged": _amount(claim.charge),
            "amount_paid": _amount(claim.paid),
            "amount_patient": _amount(claim.patient_responsibility),
            "patient_name": _text(
                patient and " ".join(filter(None, (patient.last_name, patient.first_name)))
            ),
            "patient_member_id": _text(patient and patient.identifier),
            "service_date_from": min(dates, default=False),
            "service_date_to": max(dates, default=False),
            "remark_codes": _text(" ".join(dict.fromkeys(remarks))),
            "crossover_name": _text(crossover and crossover.last_name),
            "amount_difference": _amount(proof.claim.difference),
            "proof_note": self._describe_difference(first, claim),
        }

    def _describe_difference(self, first, claim):
        """The first balance that does not hold, for a person; False where all do."""
        if first is None:
            errors = [finding for finding in claim.findings if finding.severity == "error"]
            return errors[0].message if errors else False
        if first.difference is None:
            return self.env._(
                "Segment %(number)s: an amount is unreadable.", number=first.segment_number
            )
        where = (
            self.env._("Service line %(number)s", number=first.line)
            if first.line
            else self.env._("Claim")
        )
        return self.env._(
            "%(where)s: %(expected)s expected, %(found)s found.",
            where=where,
            expected=first.expected,
            found=first.found,
        )

    def _prepare_service_vals(self, answer, number, line, balance):
        original = line.original_procedure
        return {
            "remittance_claim_id": answer.id,
            "sequence": number,
            "code": _text(line.procedure.code, 48),
            "modifiers": _text(":".join(line.procedure.modifiers)),
            "submitted_code": _text(original and original.code, 48),
            "revenue_code": _text(line.revenue_code, 48),
            "units": float(line.units_paid if line.units_paid is not None else Decimal(1)),
            "service_date": line.service_date,
            "amount_charged": _amount(line.charge),
            "amount_paid": _amount(line.paid),
            "amount_allowed": _amount(
                next((each.amount for each in line.amounts if each.qualifier == "B6"), None)
            ),
            "control_number": _text(line.control_number),
            "remark_codes": _text(" ".join(line.remark_codes)),
            "amount_difference": _amount(balance.difference),
        }

    def _prepare_adjustments_vals(self, answer, service, adjustments, codes):
        rows = []
        for adjustment in adjustments:
            code = codes.get(adjustment.reason.upper())
            meaning = code and ReasonCode(code.category or "", code.is_denial == "yes")
            rows.append(
                {
                    "remittance_claim_id": answer.id,
                    "service_id": service.id if service else False,
                    "group_code": _text(adjustment.group, 4) or "?",
                    "reason_code": _text(adjustment.reason, 8) or "?",
                    "code_id": code.id if code else False,
                    "amount": _amount(adjustment.amount),
                    "quantity": _amount(adjustment.quantity),
                    "treatment": treat(adjustment.group, adjustment.reason, meaning),
                }
            )
        return rows

    def _finish_loading(self, source, digest):
        """Store what stands behind the claims, and prove the whole."""
        trailer = source.trailer
        as_of = self.payment_date or self.create_date.date()
        reasons = sorted({adjustment.reason for adjustment in trailer.adjustments})
        codes = self.env["hc.provider.adjustment.code"]._find(reasons, as_of)
        self.env["hc.provider.adjustment"]._create_guarded(
            [
                self._prepare_provider_adjustment_vals(number, adjustment, codes)
                for number, adjustment in enumerate(trailer.adjustments, start=1)
            ]
        )
        self._load_findings([*source.header.findings, *trailer.findings])
        payment, expected = source.header.payment, trailer.balance.expected
        is_readable = payment.amount is not None and expected is not None
        difference = Decimal(0)
        if is_readable:
            difference = expected - payment.amount
        self._write_guarded(
            {
                "content_digest": digest,
                "amount_claims": _amount(trailer.paid),
                "amount_provider_adjustments": _amount(trailer.adjusted),
                "amount_difference": _amount(difference),
                "currency_code": _text(source.header.currency, 3),
                "is_readable": is_readable,
            }
        )
        self._prove()

    def _prepare_provider_adjustment_vals(self, number, adjustment, codes):
        code = codes.get(adjustment.reason.upper())
        return {
            "remittance_id": self.id,
            "sequence": number,
            "provider_identifier": _text(adjustment.provider),
            "fiscal_date": adjustment.fiscal_period_end,
            "reason_code": _text(adjustment.reason, 8) or "?",
            "code_id": code.id if code else False,
            "reference": _text(adjustment.reference),
            "amount": _amount(adjustment.amount),
            "ledger_use": code.ledger_use if code else "payer_recoupment",
        }

    def _load_findings(self, findings):
        self.env["hc.remittance.finding"]._create_guarded(
            [
                {
                    "remittance_id": self.id,
                    "code": finding.code,
                    "message": finding.message,
                    "severity": finding.severity,
                    "segment_number": finding.segment_number,
                    "segment": f"{finding.tag}{finding.element:02}"
                    if finding.element
                    else finding.tag,
                    "claim": finding.claim,
                }
                for finding in findings[:_MAX_FINDINGS]
            ]
        )
