# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The demonstration group's requests and what becomes of each, as data."""

from dataclasses import dataclass

_DENIAL = ("appeal_decision", "root_cause")
_APPEALED = (*_DENIAL, "appeal_exhausted")
_DISPUTE = ("dispute_form", "itemized_bill", "coding_review")


@dataclass(frozen=True)
class Story:
    """A request and the steps of its story.

    Attributes:
        name: what tells it from the others; part of its key.
        kind: of the controlled action.
        amount: in dollars; ``None`` is all that is open.
        reason: usage and code of the reason.
        words: the requester's justification.
        requester: role of whoever asks.
        evidence: codes of the evidence given with it.
        steps: ``(verb, role, words)``; a role is empty where nobody in particular acts.
        responsibility: whose balance.
        facility: whose case; ``least_open`` is what must be open on it.
        same_case_as: name of an earlier story about the same case.
    """

    name: str
    kind: str
    amount: float | None
    reason: tuple[str, str]
    words: str
    requester: str = "claims_specialist"
    evidence: tuple[str, ...] = ()
    steps: tuple[tuple[str, str, str], ...] = ()
    responsibility: str = "payer_1"
    facility: str = "summit"
    least_open: float = 0.0
    same_case_as: str = ""


STORIES = (
    Story(
        "small",
        "denial_write_off",
        290.0,
        ("write_off", "documentation_missing"),
        "Records were not sent within the payer's 45 days; no appeal right is left.",
        evidence=("appeal_decision",),
        steps=(("approve", "team_lead", ""),),
        facility="harbor",
        least_open=290.0,
    ),
    Story(
        "two levels",
        "denial_write_off",
        4200.0,
        ("write_off", "not_medically_necessary"),
        "Two of four days were denied as observation; the appeal was decided against us.",
        evidence=_DENIAL,
        steps=(("approve", "supervisor", ""), ("approve", "manager", "")),
        least_open=4700.0,
    ),
    Story(
        "long stay",
        "denial_write_off",
        30000.0,
        ("write_off", "appeal_exhausted"),
        "Denied at both levels of appeal; counsel advises against litigation.",
        evidence=(*_APPEALED, "legal_note"),
        steps=(
            ("approve", "director", ""),
            ("approve", "cfo", ""),
            ("approve", "compliance", ""),
        ),
        least_open=30000.0,
    ),
    Story(
        "high dispute",
        "dispute_invoice",
        7500.0,
        ("write_off", "dispute_conceded"),
        "The estimate given before admission was exceeded by more than $400.",
        requester="collector",
        evidence=_DISPUTE,
        steps=(("approve", "finance_manager", ""), ("approve", "operations", "")),
        responsibility="patient",
        least_open=7500.0,
    ),
    Story(
        "refund by three",
        "refund_payer",
        412.5,
        ("refund", "overpayment_audit"),
        "Paid twice for the same stay; the second remittance has to go back within 60 days.",
        evidence=("remittance", "refund_calculation"),
        steps=(
            ("overpay", "finance_manager", ""),
            ("request", "", ""),
            ("approve", "manager", ""),
            ("approve", "finance_manager", ""),
        ),
        least_open=600.0,
    ),
    Story(
        "late",
        "denial_write_off",
        1240.0,
        ("write_off", "bundled_service"),
        "Imaging was bundled into the visit by the payer's edit.",
        evidence=_DENIAL,
        steps=(("late", "", ""),),
        least_open=1240.0,
    ),
    Story(
        "refused",
        "administrative_write_off",
        694.0,
        ("write_off", "eligibility_not_verified"),
        "Coverage had ended before the visit.",
        evidence=("root_cause",),
        steps=(
            ("reject", "manager", "Bill the new coverage first: it is on file since last week."),
        ),
        least_open=694.0,
    ),
    Story(
        "asked again",
        "administrative_write_off",
        694.0,
        ("write_off", "credentialing_gap"),
        "The new plan denied as well: the clinician was not enrolled on that day.",
        evidence=("root_cause",),
        steps=(
            ("ask", "manager", "Since when is the clinician enrolled?"),
            (
                "answer",
                "claims_specialist",
                "Since the first of this month; the visit was five days before.",
            ),
            ("approve", "manager", ""),
        ),
        same_case_as="refused",
    ),
    Story(
        "closed period",
        "administrative_write_off",
        186.0,
        ("write_off", "documentation_missing"),
        "The order was never signed.",
        requester="clerk_a",
        evidence=("root_cause",),
        steps=(
            ("close_period", "", ""),
            ("approve", "team_lead", ""),
            ("open_period", "", ""),
            ("apply_again", "team_lead", ""),
        ),
        facility="harbor",
        least_open=186.0,
    ),
    Story(
        "paid meanwhile",
        "administrative_write_off",
        260.0,
        ("write_off", "credentialing_gap"),
        "The clinician was not enrolled on the day of the visit.",
        requester="clerk_a",
        evidence=("root_cause",),
        steps=(("pay", "finance_manager", ""), ("approve", "team_lead", "")),
        facility="harbor",
        least_open=260.0,
    ),
    Story(
        "emergency",
        "administrative_write_off",
        620.0,
        ("write_off", "no_authorization"),
        "The regulator wants this account settled today.",
        evidence=("root_cause",),
        steps=(
            (
                "break_glass",
                "director",
                "The manager is on leave and cannot be reached; the regulator's term ends today.",
            ),
        ),
        least_open=620.0,
    ),
    Story(
        "stood in",
        "administrative_write_off",
        1438.0,
        ("write_off", "eligibility_not_verified"),
        "The plan had ended; the patient qualified for nothing else on that day.",
        requester="claims_specialist",
        evidence=("root_cause",),
        steps=(("approve", "supervisor", ""),),
        least_open=1438.0,
    ),
)

_OPEN = (
    # kind, amount, reason, words, requester, evidence, party, facility, least open
    (
        "denial_write_off",
        145.0,
        ("write_off", "duplicate_service"),
        "Billed twice; the first claim was paid.",
        "clerk_a",
        ("appeal_decision",),
        "payer_1",
        "harbor",
        145.0,
    ),
    (
        "denial_write_off",
        225.0,
        ("write_off", "non_covered_no_notice"),
        "No notice was signed before the service; the patient cannot be billed.",
        "clerk_a",
        (),
        "payer_1",
        "harbor",
        225.0,
    ),
    (
        "denial_write_off",
        1240.0,
        ("write_off", "not_medically_necessary"),
        "Imaging without six weeks of therapy; the peer-to-peer call did not help.",
        "claims_specialist",
        _DENIAL,
        "payer_1",
        "summit",
        1240.0,
    ),
    (
        "denial_write_off",
        2350.0,
        ("write_off", "appeal_not_worthwhile"),
        "One day of four denied; the contract allows no second appeal.",
        "claims_specialist",
        _DENIAL,
        "payer_1",
        "summit",
        4700.0,
    ),
    (
        "denial_write_off",
        9648.0,
        ("write_off", "eligibility_not_verified"),
        "Coverage had ended a week before admission and was not checked.",
        "claims_specialist",
        _APPEALED,
        "payer_1",
        "summit",
        9648.0,
    ),
    (
        "bad_debt",
        314.0,
        ("write_off", "statute_of_limitations"),
        "No contact in 180 days, all notices returned.",
        "collector",
        ("collection_checklist",),
        "patient",
        "harbor",
        314.0,
    ),
    (
        "charity_care",
        1438.0,
        ("write_off", "charity_care"),
        "Household income at 138 % of the poverty level.",
        "collector",
        ("assistance_application", "income_proof", "agb_calculation"),
        "patient",
        "summit",
        1438.0,
    ),
    (
        "discount_courtesy",
        95.0,
        ("discount", "professional_courtesy"),
        "Family of a retired nurse of the group.",
        "collector",
        (),
        "patient",
        "harbor",
        95.0,
    ),
    (
        "small_balance",
        22.0,
        ("write_off", "small_balance"),
        "Two statements; a third would cost more than is open.",
        "collector",
        (),
        "patient",
        "harbor",
        95.0,
    ),
    (
        "contract_deviation",
        310.0,
        ("write_off", "underpayment_settled"),
        "Part of the settlement on last year's room rates.",
        "claims_specialist",
        ("agreement",),
        "payer_1",
        "summit",
        1400.0,
    ),
)
WAITING = tuple(
    Story(f"waiting {number}", *fields[:6], (), *fields[6:])
    for number, fields in enumerate(_OPEN, 1)
)
