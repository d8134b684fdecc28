# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A whole file in figures: counts, totals, balances and findings, ready for JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from . import acknowledgment, claim_status, eligibility, remittance_reader
from .acknowledgment import GroupAcknowledgment, read_interchange_acknowledgment
from .claim_status import StatusResponse
from .eligibility import EligibilityResponse
from .envelope import INTERCHANGE_ACKNOWLEDGMENT, InterchangeReader, Transaction
from .findings import INFORMATION, shown
from .proof import Balance, ClaimProof, prove_claim
from .remittance import Adjustment, Claim
from .remittance_reader import Remittance

MAX_BALANCES = 1_000


class RemittanceFigures:
    """Counts, totals and balances over the remittances of a file."""

    def __init__(self):
        self.counts: Counter[str] = Counter()
        self.paid = Decimal(0)
        self.adjusted = Decimal(0)
        self.payments: list[str] = []
        self.statuses: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.adjustments: Counter[str] = Counter()
        self.balances: list[dict[str, Any]] = []

    @property
    def is_proven(self) -> bool:
        """Whether every balance holds, at all three levels."""
        unproven = ("transactions_unbalanced", "claims_unbalanced", "service_lines_unbalanced")
        return not any(self.counts[name] for name in unproven)

    def add(self, remittance: Remittance):
        """Read a remittance to its end."""
        number = remittance.transaction.number
        for claim in remittance.claims:
            self._add_claim(claim, prove_claim(claim), number)
        trailer = remittance.trailer
        self.counts["transactions"] += 1
        self.paid += trailer.paid
        self.adjusted += trailer.adjusted
        self.reasons.update(each.reason for each in trailer.adjustments)
        if len(self.payments) < MAX_BALANCES:
            self.payments.append(_text(remittance.header.payment.amount))
        proven = trailer.balance.is_proven
        self.counts["transactions_balanced" if proven else "transactions_unbalanced"] += 1
        self._keep(trailer.balance, number)

    def as_dict(self) -> dict[str, Any]:
        """Return the figures under the names that X12 gives the elements."""
        return {
            "claims": self.counts["claims"],
            "service_lines": self.counts["service_lines"],
            "sum_CLP04": _text(self.paid),
            "sum_PLB": _text(self.adjusted),
            "BPR02": self.payments,
            "transactions_balanced": self.counts["transactions_balanced"],
            "claims_unbalanced": self.counts["claims_unbalanced"],
            "service_lines_unbalanced": self.counts["service_lines_unbalanced"],
            "claims_with_claim_level_cas_or_sum_SVC03_ne_CLP04": self.counts["apart"],
            "CLP02": dict(sorted(self.statuses.items())),
            "PLB_reason": dict(self.reasons.most_common()),
            "top_adjustments": dict(self.adjustments.most_common()),
            "balances": self.balances,
        }

    def _add_claim(self, claim: Claim, proof: ClaimProof, transaction: int):
        counts = self.counts
        counts["claims"] += 1
        counts["service_lines"] += len(claim.lines)
        counts["apart"] += _stands_apart(claim)
        self.statuses[claim.status] += 1
        self.adjustments.update(f"{each.group}-{each.reason}" for each in _all_adjustments(claim))
        if proof.is_proven:
            return
        counts["claims_unbalanced"] += not proof.claim.is_proven
        for balance in (*proof.lines, proof.claim):
            if not balance.is_proven:
                counts["service_lines_unbalanced"] += balance.line > 0
                self._keep(balance, transaction)

    def _keep(self, balance: Balance, transaction: int):
        if len(self.balances) < MAX_BALANCES:
            self.balances.append(
                {
                    "level": balance.level,
                    "transaction": transaction,
                    "claim": balance.claim,
                    "line": balance.line,
                    "segment_number": balance.segment_number,
                    "expected": _text(balance.expected),
                    "found": _text(balance.found),
                    "difference": _text(balance.difference),
                    "proven": balance.is_proven,
                }
            )


class FileSummary:
    """The figures of a file, gathered while it is read.

    Attributes:
        reader: of the file, with its findings.
        types: transactions by type and guide.
        remittances: figures of its 835.
        answers: counts of what 277, 271, 999, 997 and TA1 say.
    """

    def __init__(
        self, source: BinaryIO | Iterable[bytes], file: str = "", as_of: date | None = None
    ):
        """Read the source to its end.

        :param file: name of the file
        :param as_of: dates that lie behind this day are findings
        """
        self.reader = InterchangeReader(source, file, as_of)
        self.types: Counter[str] = Counter()
        self.remittances = RemittanceFigures()
        self.answers: Counter[str] = Counter()
        readers = {
            remittance_reader.TRANSACTION_TYPE: self._add_remittance,
            claim_status.TRANSACTION_TYPE: self._add_statuses,
            eligibility.TRANSACTION_TYPE: self._add_eligibility,
            INTERCHANGE_ACKNOWLEDGMENT: self._add_interchange_acknowledgment,
            **dict.fromkeys(acknowledgment.TRANSACTION_TYPES, self._add_acknowledgment),
        }
        for transaction in self.reader:
            self.types[f"{transaction.type} {transaction.version}".strip()] += 1
            readers.get(transaction.type, _pass_over)(transaction)

    @property
    def is_readable(self) -> bool:
        """Whether anything of X12 was found."""
        return bool(self.types)

    @property
    def is_proven(self) -> bool:
        """Whether all balances hold and no finding is an error."""
        return (
            self.is_readable and self.remittances.is_proven and not self.reader.findings.has_errors
        )

    def as_dict(self) -> dict[str, Any]:
        """Return all figures and findings; amounts are texts, so that no cent is lost."""
        log = self.reader.findings
        return {
            "path": self.reader.file,
            "proven": self.is_proven,
            "interchanges": self.reader.interchange_count,
            "transactions": self.reader.transaction_count,
            "types": dict(self.types),
            **self.remittances.as_dict(),
            "answers": dict(self.answers),
            "findings": [asdict(finding) for finding in log.findings],
            "findings_left_off": log.left_off,
        }

    def _add_remittance(self, transaction: Transaction):
        self.remittances.add(Remittance(transaction))

    def _add_statuses(self, transaction: Transaction):
        for report in StatusResponse(transaction).reports:
            kind = "claim" if report.is_about_claim else "batch"
            self.answers[f"{kind} {report.outcome}"] += 1

    def _add_eligibility(self, transaction: Transaction):
        for level in EligibilityResponse(transaction).levels:
            self.answers["members"] += level.is_member
            self.answers["benefits"] += len(level.benefits)
            self.answers["rejects"] += len(level.all_rejects)

    def _add_acknowledgment(self, transaction: Transaction):
        group = GroupAcknowledgment(transaction)
        for response in group.responses:
            self.answers[f"transaction {_verdict(response.is_accepted)}"] += 1
        self.answers[f"group {_verdict(group.result.is_accepted)}"] += 1

    def _add_interchange_acknowledgment(self, transaction: Transaction):
        answer = read_interchange_acknowledgment(transaction)
        self.answers[f"interchange {_verdict(answer.is_accepted)}"] += 1


def _pass_over(transaction: Transaction):
    transaction.report(
        "transaction_not_read",
        f"of a transaction {shown(transaction.type)} only the envelope is checked",
        transaction.start,
        "ST",
        1,
        INFORMATION,
    )


def _verdict(is_accepted: bool) -> str:
    return "accepted" if is_accepted else "not accepted"


def _all_adjustments(claim: Claim) -> Iterator[Adjustment]:
    yield from claim.adjustments
    for line in claim.lines:
        yield from line.adjustments


def _stands_apart(claim: Claim) -> bool:
    """Whether the claim has adjustments of its own, or its lines do not add up to it."""
    if claim.adjustments and claim.lines:
        return True
    paid = [line.paid for line in claim.lines if line.paid is not None]
    return bool(claim.lines) and sum(paid, Decimal(0)) != claim.paid


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
