# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which evaluator a row of data may name, and with which parameters."""

from dataclasses import dataclass

from . import acts, calling, consent, estimates, hospital, payers, reporting, statements, states
from .finding import Judge
from .parameters import BOOLEAN, DECIMAL, INTEGER, TIME, WORDS, Parameter
from .stop_words import KEYWORDS
from .validation import validation_notice

_TIMED = frozenset({acts.CALL, acts.TEXT, acts.EMAIL})
_AUTOMATED = frozenset({acts.CALL, acts.TEXT})
_REPORT = frozenset({acts.CREDIT_REPORT})
_BILLS = frozenset({acts.STATEMENT, acts.FINAL_NOTICE})


@dataclass(frozen=True, slots=True)
class Evaluator:
    """A function that judges, as rows of data see it.

    :param act_kinds: the acts it judges where a row names none
    """

    code: str
    label: str
    judge: Judge
    act_kinds: frozenset[str]
    parameters: tuple[Parameter, ...] = ()


def _days(default: str, label: str = "Days", name: str = "days") -> Parameter:
    return Parameter(name, INTEGER, default, label)


_REVOCATION = (
    Parameter("business_days", INTEGER, "10", "Business days to honor a revocation"),
    Parameter("at_once", BOOLEAN, "yes", "Do not use these days"),
)
_DISPUTE = (
    Parameter("amount", DECIMAL, "400.00", "Least amount above the estimate"),
    _days("120", "Calendar days from the initial bill"),
)

_HOSPITAL = (
    Evaluator(
        "notification_period",
        "Days from the first statement before extraordinary action",
        hospital.notification_period,
        acts.EXTRAORDINARY,
        (_days("120"),),
    ),
    Evaluator(
        "application_period",
        "Days in which applications for assistance are taken",
        hospital.application_period,
        frozenset({acts.CLOSE_APPLICATION}),
        (_days("240"),),
    ),
    Evaluator(
        "written_notice",
        "Written notice before extraordinary action",
        hospital.written_notice,
        acts.EXTRAORDINARY,
        (_days("30"),),
    ),
    Evaluator(
        "pending_application",
        "Application for assistance suspends the action",
        hospital.pending_application,
        acts.EXTRAORDINARY,
    ),
    Evaluator(
        "generally_billed",
        "Eligible patients owe no more than is generally billed",
        hospital.generally_billed,
        acts.COLLECTION,
    ),
    Evaluator(
        "agency_agreement",
        "Agencies act under a written agreement",
        hospital.agency_agreement,
        acts.EXTRAORDINARY,
    ),
)
_CONTACT = (
    Evaluator(
        "call_frequency",
        "Calls about a debt",
        calling.call_frequency,
        frozenset({acts.CALL}),
        (
            Parameter("calls", INTEGER, "7", "Most calls", least=1),
            Parameter("days", INTEGER, "7", "In so many days", least=1),
            _days("7", "Days without a call from a conversation on", "days_after_conversation"),
        ),
    ),
    Evaluator(
        "call_hours",
        "Hours on the patient's clock",
        calling.call_hours,
        _TIMED,
        (
            Parameter("opens", TIME, "08:00", "From"),
            Parameter("closes", TIME, "21:00", "To, not included"),
        ),
    ),
    Evaluator("channel_opt_out", "Opt-out of a channel", calling.channel_opt_out, acts.CONTACTS),
    Evaluator("cease_request", "Request to cease", calling.cease_request, acts.CONTACTS),
    Evaluator("workplace", "No contact at work", calling.workplace, acts.CONTACTS),
    Evaluator(
        "validation_notice",
        "Validation notice and dispute of the debt",
        validation_notice,
        acts.COLLECTION,
        (
            _days("5", "Days after the first contact to send it", "send_within_days"),
            _days("30", "Days to dispute", "dispute_days"),
        ),
    ),
    Evaluator(
        "revocation", "Revoked consent, per channel", consent.revocation, _AUTOMATED, _REVOCATION
    ),
    Evaluator(
        "revocation_of_all",
        "Revoked consent, whatever the channel",
        consent.revocation_of_all,
        _AUTOMATED,
        _REVOCATION,
    ),
    Evaluator(
        "stop_reply",
        "Replies that mean stop",
        consent.stop_reply,
        frozenset({*_AUTOMATED, acts.EMAIL}),
        (
            Parameter("keywords", WORDS, ", ".join(KEYWORDS), "Keywords"),
            Parameter("holds_on_doubt", BOOLEAN, "yes", "Hold until a doubtful reply is read"),
        ),
    ),
)
_BILLING = (
    Evaluator(
        "estimate_dispute",
        "Open dispute about a good-faith estimate",
        estimates.estimate_dispute,
        acts.COLLECTION,
        _DISPUTE,
    ),
    Evaluator(
        "estimate_dispute_window",
        "A good-faith estimate may still be disputed",
        estimates.estimate_dispute_window,
        acts.EXTRAORDINARY | {acts.PLACEMENT},
        _DISPUTE,
    ),
    Evaluator(
        "estimate_timing",
        "Good-faith estimate in time",
        estimates.estimate_timing,
        _BILLS,
        (
            _days("3", "Scheduled at least so many business days ahead", "near"),
            _days("1", "Then due in business days", "near_days"),
            _days("10", "Scheduled long ahead, in business days", "far"),
            _days("3", "Then, and on request, due in business days", "far_days"),
        ),
    ),
    Evaluator(
        "reporting_ban", "No medical debt in credit reports", reporting.reporting_ban, _REPORT
    ),
    Evaluator(
        "reporting_limits",
        "Limits of the credit bureaus",
        reporting.reporting_limits,
        _REPORT,
        (
            Parameter("minimum_amount", DECIMAL, "500.00", "Least balance"),
            _days("365", "Least days of delinquency", "minimum_days"),
        ),
    ),
    Evaluator(
        "dual_eligible",
        "Qualified Medicare Beneficiaries owe no cost share",
        payers.dual_eligible,
        acts.COLLECTION,
    ),
    Evaluator(
        "medicare_bad_debt",
        "Collection effort before Medicare bad debt",
        payers.medicare_bad_debt,
        frozenset({acts.BAD_DEBT_WRITE_OFF}),
        (
            _days("120"),
            Parameter("restarts_on_payment", BOOLEAN, "yes", "A payment begins the days anew"),
        ),
    ),
    Evaluator(
        "contractual_obligation",
        "What is the provider's loss is not the patient's",
        payers.contractual_obligation,
        acts.COLLECTION,
    ),
    Evaluator("balance_billing", "No surprise bill", payers.balance_billing, acts.COLLECTION),
    Evaluator(
        "first_statement_window",
        "First statement after the payer's decision",
        statements.first_statement_window,
        frozenset({acts.STATEMENT}),
        (
            _days("5", "Not before", "earliest_days"),
            _days("10", "Not after", "latest_days"),
        ),
    ),
    Evaluator(
        "statement_interval",
        "Days between statements",
        statements.statement_interval,
        _BILLS,
        (_days("30"),),
    ),
    Evaluator(
        "statements_before_final",
        "Statements before the last",
        statements.statements_before_final,
        frozenset({acts.FINAL_NOTICE}),
        (Parameter("count", INTEGER, "3", "Statements"),),
    ),
    Evaluator(
        "interest_cap",
        "Cap of interest",
        states.interest_cap,
        frozenset({acts.INTEREST}),
        (Parameter("percent", DECIMAL, "0", "Per cent a year"),),
    ),
    Evaluator(
        "required_offers",
        "Offers that come first",
        states.required_offers,
        acts.EXTRAORDINARY | {acts.PLACEMENT},
        (Parameter("offers", WORDS, "assistance_screening", "Offers"),),
    ),
)

GUARDRAIL_EVALUATORS: dict[str, Evaluator] = {
    each.code: each for each in (*_HOSPITAL, *_CONTACT, *_BILLING)
}
