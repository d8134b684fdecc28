# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The acts by which people change what a case owes, each declared once.

A payment needs no act; whatever forgives or gives back money does. Two rules of the trade are in
the table: a denial is written off where the payer owes, financial assistance and bad debt are
granted where the patient does (26 CFR 1.501(r) speaks of individuals); and a deduction from
revenue is no expense, so that net patient service revenue shows it (ASC 606), bad debt is.
"""

from dataclasses import dataclass

PAYERS = ("payer_1", "payer_2", "payer_3")
PATIENT = ("patient",)
ANYONE = (*PAYERS, *PATIENT)
REVENUE_DEDUCTION = "income"
EXPENSE = "expense"


@dataclass(frozen=True)
class LedgerAct:
    """One kind of controlled action on the ledger.

    ``responsibilities`` are the parties whose balance it may change, ``reason_usage`` the reason
    codes that explain it.
    """

    kind: str
    label: str
    responsibilities: tuple[str, ...]
    reason_usage: str


@dataclass(frozen=True)
class LedgerAccount:
    """One use of an account: its type and the code from which a free one is searched.

    ``reconcile`` says that its items settle each other, so that what is left has a reason.
    """

    kind: str
    label: str
    account_type: str
    code: str
    reconcile: bool = False

    @property
    def internal_groups(self) -> tuple[str, ...]:
        """Groups of accounts that may be used: a deduction may be income or expense."""
        group = self.account_type.partition("_")[0]
        return ("income", "expense") if group in ("income", "expense") else (group,)


ADJUSTMENTS = (
    LedgerAct("denial_write_off", "Denial Write-Off", PAYERS, "write_off"),
    LedgerAct("small_balance", "Small-Balance Write-Off", ANYONE, "write_off"),
    LedgerAct("administrative_write_off", "Administrative Write-Off", ANYONE, "write_off"),
    LedgerAct("bad_debt", "Bad Debt", PATIENT, "write_off"),
    LedgerAct("charity_care", "Charity Care", PATIENT, "write_off"),
    LedgerAct("discount_prompt_pay", "Prompt-Pay Discount", PATIENT, "discount"),
    LedgerAct("discount_courtesy", "Courtesy Discount", PATIENT, "discount"),
    LedgerAct("dispute_invoice", "Disputed Amount Conceded", ANYONE, "write_off"),
    LedgerAct("contract_deviation", "Payer Underpayment Accepted", PAYERS, "write_off"),
)
REFUNDS = (
    LedgerAct("refund_patient", "Refund to Patient", PATIENT, "refund"),
    LedgerAct("refund_payer", "Refund to Payer", PAYERS, "refund"),
)
REVERSAL = LedgerAct("reversal", "Reversal", ANYONE, "reversal")
LEDGER_ACTS = {act.kind: act for act in (*ADJUSTMENTS, *REFUNDS, REVERSAL)}

LEDGER_ACCOUNTS = (
    LedgerAccount("contractual_allowance", "Contractual Allowances", REVENUE_DEDUCTION, "409010"),
    LedgerAccount("denial_write_off", "Denial Write-Offs", REVENUE_DEDUCTION, "409020"),
    LedgerAccount("small_balance", "Small-Balance Write-Offs", REVENUE_DEDUCTION, "409030"),
    LedgerAccount(
        "administrative_write_off", "Administrative Write-Offs", REVENUE_DEDUCTION, "409040"
    ),
    LedgerAccount("charity_care", "Charity Care", REVENUE_DEDUCTION, "409050"),
    LedgerAccount("discount_prompt_pay", "Prompt-Pay Discounts", REVENUE_DEDUCTION, "409060"),
    LedgerAccount("discount_courtesy", "Courtesy Discounts", REVENUE_DEDUCTION, "409070"),
    LedgerAccount("dispute_invoice", "Disputed Charges Conceded", REVENUE_DEDUCTION, "409080"),
    LedgerAccount(
        "contract_deviation", "Payer Underpayments Accepted", REVENUE_DEDUCTION, "409090"
    ),
    LedgerAccount("bad_debt", "Bad Debt", EXPENSE, "659010"),
)
