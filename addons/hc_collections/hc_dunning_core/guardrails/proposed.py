# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The rules that ship, as rows; counsel reviews them before they are relied on.

``needs_review`` marks what rests on memory or on secondary text. Rules about deadlines of the
office rather than about acts towards a patient (return of overpayments, the quarterly report of
credit balances, unclaimed property) are kept by the clocks of credit balances.
"""

from datetime import date

from .acts import BAD_DEBT_WRITE_OFF, EXTRAORDINARY, PLACEMENT
from .rows import BLOCK, INFORM, WARN, GuardrailRow

_HOSPITALS = frozenset({"nonprofit_hospital"})
_MEDICARE = frozenset({"medicare"})
_BEFORE_PLACEMENT = EXTRAORDINARY | {PLACEMENT}

NOT_ABOUT_ACTS = ("MCR-1", "MCR-2", "UNCL-1")


def _hospital(code: str, evaluator: str, source: str, **values) -> GuardrailRow:
    return GuardrailRow(code, evaluator, BLOCK, source, facility_kinds=_HOSPITALS, **values)


PROPOSED_ROWS = (
    # Placement with an agency is no extraordinary action by law; the default is stricter.
    _hospital(
        "R501-1",
        "notification_period",
        "26 CFR 1.501(r)-6(c)(3)",
        act_kinds=_BEFORE_PLACEMENT,
        needs_review=True,
    ),
    _hospital("R501-2", "application_period", "26 CFR 1.501(r)-4(b)(1)(iv)"),
    # Writing off in the books asks nothing of the patient: it is told, not stopped.
    GuardrailRow(
        "R501-2-WRITE-OFF",
        "application_period",
        WARN,
        "26 CFR 1.501(r)-1(b)(3); custom of the office",
        facility_kinds=_HOSPITALS,
        act_kinds=frozenset({BAD_DEBT_WRITE_OFF}),
        needs_review=True,
    ),
    _hospital("R501-3", "written_notice", "26 CFR 1.501(r)-6(c)(4)", needs_review=True),
    _hospital(
        "R501-4",
        "pending_application",
        "26 CFR 1.501(r)-6(c)",
        act_kinds=_BEFORE_PLACEMENT,
        needs_review=True,
    ),
    _hospital(
        "R501-5",
        "agency_agreement",
        "26 CFR 1.501(r)-6(b), (c)(10)",
        act_kinds=_BEFORE_PLACEMENT,
        needs_review=True,
    ),
    _hospital("R501-6", "generally_billed", "26 U.S.C. 501(r)(5)"),
    GuardrailRow("NSA-1", "estimate_timing", WARN, "45 CFR 149.610"),
    GuardrailRow("NSA-2", "estimate_dispute", BLOCK, "45 CFR 149.620"),
    GuardrailRow("NSA-2-WINDOW", "estimate_dispute_window", WARN, "45 CFR 149.620"),
    GuardrailRow("NSA-3", "balance_billing", BLOCK, "No Surprises Act", needs_review=True),
    GuardrailRow("REGF-1", "call_frequency", BLOCK, "12 CFR 1006.14(b)(2)"),
    GuardrailRow("REGF-2", "call_hours", BLOCK, "12 CFR 1006.6(b)(1)"),
    GuardrailRow(
        "REGF-3", "channel_opt_out", BLOCK, "12 CFR 1006.6(e), 1006.42", needs_review=True
    ),
    GuardrailRow("REGF-3-CEASE", "cease_request", BLOCK, "12 CFR 1006.6(c)", needs_review=True),
    GuardrailRow("REGF-3-WORK", "workplace", BLOCK, "12 CFR 1006.6(b)(3)", needs_review=True),
    GuardrailRow(
        "REGF-4",
        "validation_notice",
        BLOCK,
        "12 CFR 1006.34, 1006.38",
        parties=frozenset({"third"}),
        needs_review=True,
    ),
    GuardrailRow(
        "TCPA-1",
        "revocation",
        BLOCK,
        "47 CFR 64.1200(a)(10)",
        effective_from=date(2025, 4, 11),
    ),
    GuardrailRow(
        "TCPA-2",
        "revocation_of_all",
        WARN,
        "47 CFR 64.1200(a)(10), waived by the FCC to 11 April 2026",
        effective_from=date(2026, 4, 11),
        needs_review=True,
    ),
    GuardrailRow(
        "TCPA-3",
        "stop_reply",
        BLOCK,
        "47 CFR 64.1200(a)(10)",
        effective_from=date(2025, 4, 11),
    ),
    # The federal ban was vacated on 11 July 2025 (E.D. Tex.); it informs, and only until then.
    GuardrailRow(
        "CRED-1",
        "reporting_ban",
        INFORM,
        "CFPB rule on medical debt, vacated 11 July 2025 (E.D. Tex.)",
        effective_to=date(2025, 7, 11),
    ),
    GuardrailRow(
        "CRED-2", "reporting_limits", BLOCK, "voluntary policy of the bureaus", needs_review=True
    ),
    GuardrailRow(
        "STATE-1",
        "notification_period",
        BLOCK,
        "California AB 1020, secondary text",
        parameters=(("days", "180"),),
        jurisdiction="US-CA",
        needs_review=True,
    ),
    GuardrailRow(
        "MCR-3",
        "medicare_bad_debt",
        BLOCK,
        "42 CFR 413.89(e)(2)",
        payer_programs=_MEDICARE,
        needs_review=True,
    ),
    GuardrailRow(
        "QMB-1",
        "dual_eligible",
        BLOCK,
        "42 U.S.C. 1396a(n)(3)(B); remark codes N781, N782",
        payer_programs=_MEDICARE,
    ),
    GuardrailRow("CO-1", "contractual_obligation", BLOCK, "remark code MA13; payer contracts"),
    GuardrailRow("STMT-1", "first_statement_window", WARN, "norm of the field", needs_review=True),
    GuardrailRow("STMT-2", "statement_interval", WARN, "norm of the field", needs_review=True),
    GuardrailRow(
        "STMT-2-FINAL", "statements_before_final", WARN, "norm of the field", needs_review=True
    ),
)

# What a state's row looks like; a state is added once its law has been read.
STATE_TEMPLATES = (
    ("CRED-3", "reporting_ban"),
    ("STATE-2", "interest_cap"),
    ("STATE-2-OFFERS", "required_offers"),
)
