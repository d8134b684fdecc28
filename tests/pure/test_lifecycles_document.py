# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The documented life cycles are those of the code and of the reference table."""

from hc_core import lifecycles
from lifecycle_document import DOCUMENT, document

# Rows "case stage" of the reference table, where both ends are stages of the case.
REFERENCE_MOVES = [
    ("draft", "charge_review"),
    ("draft", "not_billable"),
    ("charge_review", "coding"),
    ("coding", "readiness_check"),
    ("readiness_check", "ready"),
    ("readiness_check", "exception"),
    ("exception", "readiness_check"),
    ("ready", "invoiced"),
    ("closed", "reopened"),
]
FOREIGN_NOTIONS = {
    "claim_submitted",
    "claim_accepted",
    "claim_rejected",
    "pending_payer",
    "denial_open",
    "patient_balance",
    "statement_cycle",
    "payment_plan",
    "disputed",
    "credit_balance",
}


def test_the_document_is_current():
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_the_document_names_the_life_cycles_of_other_modules():
    text = document()
    for name in ("Approval policy", "Approval request", "Approval step", "Break-glass grant"):
        assert f"\n## {name}\n" in text


def test_the_case_has_every_stage_move_of_the_reference_and_no_other_notion():
    case = lifecycles.BILLING_CASE
    assert [move for move in REFERENCE_MOVES if not case.allows(*move)] == []
    assert FOREIGN_NOTIONS.isdisjoint(state.code for state in case.states)


def test_only_the_readiness_check_leads_to_ready():
    assert lifecycles.BILLING_CASE.sources("ready") == ("readiness_check",)
