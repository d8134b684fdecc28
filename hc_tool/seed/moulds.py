# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The mixtures of cases that the application itself makes, to be copied afterwards."""

from collections import defaultdict
from datetime import timedelta
from itertools import cycle, islice

from .visits import Registration

# How the history of 45 cases ends; the rest is paid in full.
_HISTORY_OUTCOMES = ("open",) * 6 + ("partly_paid",) * 5 + ("cancelled",)
_HISTORY_LENGTH = 45
_HISTORY_AGES_DAYS = (45, 95)
_PARTS_PAID = (0.25, 0.5, 0.8)
_PAYMENTS_PER_ANALYZE = 8
# What the desk holds of the last days; the smallest mould has the first half.
_CURRENT_OUTCOMES = (
    *("exception", "invoiced", "ready", "coding", "draft"),
    *("exception", "invoiced", "ready", "exception", "held"),
)
_CURRENT_AGES_DAYS = (1, 7)
_BILL_HOLD_DAYS = 10


def make_history(env, office, rng, case_count, today):
    """Cases that were billed at their time: paid, paid in part, open or given up.

    Args:
        env: environment of the superuser.
        office: the provider group.
        rng: source of every choice.
        case_count: how many.
        today: the day from which all dates are counted.
    """
    outcomes = list(_HISTORY_OUTCOMES) + ["paid"] * (_HISTORY_LENGTH - len(_HISTORY_OUTCOMES))
    outcomes = list(islice(cycle(outcomes), case_count))
    rng.shuffle(outcomes)
    registration = Registration(office, rng, today, "SH")
    facilities = [rng.choice(office.facilities[:2]) for _outcome in outcomes]
    ages = [rng.randint(*_HISTORY_AGES_DAYS) for _outcome in outcomes]
    encounters = registration.register(facilities, ages)
    registration.document_services(encounters)
    # Invoices are dated as at their time, which only drafts can be.
    straight_through = office.facilities[:2]
    straight_through.billing_policy = "review_first"
    encounters.action_complete()
    encounters.action_approve_coding()
    cases = encounters._prepare_billing()
    straight_through.billing_policy = "straight_through"
    by_outcome = defaultdict(cases.browse)
    for encounter, outcome in zip(encounters, outcomes, strict=True):
        by_outcome[outcome] += encounter.case_ids
    reason = env["hc.reason.code"].search([("usage", "=", "cancel")], limit=1)
    by_outcome["cancelled"]._cancel(reason, "Entered twice")
    _post(cases.filtered(lambda case: case.stage == "ready"))
    _pay_in_full(by_outcome["paid"].invoice_ids, rng)
    _refresh_statistics(env)
    for invoice in by_outcome["partly_paid"].invoice_ids:
        paid_on = invoice.invoice_date + timedelta(days=rng.randint(20, 40))
        _register_payment(invoice, paid_on, share=rng.choice(_PARTS_PAID))


def _post(cases):
    """Post the drafts as the office would have: two days after the visit."""
    by_day = defaultdict(cases.invoice_ids.browse)
    for case in cases:
        by_day[case.service_date_to + timedelta(days=2)] |= case.invoice_ids
    for day, drafts in sorted(by_day.items()):
        drafts.write({"invoice_date": day})
        drafts.action_post()


def _pay_in_full(invoices, rng):
    """Each payer pays what was billed in a week by one remittance."""
    remittances = defaultdict(invoices.browse)
    for invoice in invoices:
        week = invoice.invoice_date - timedelta(days=invoice.invoice_date.weekday())
        remittances[invoice.commercial_partner_id.id, week] |= invoice
    for number, ((_partner, week), paid) in enumerate(sorted(remittances.items())):
        if number < 2 or number % _PAYMENTS_PER_ANALYZE == 0:
            _refresh_statistics(invoices.env)
        _register_payment(paid, week + timedelta(days=rng.randint(20, 40)))


def _register_payment(invoices, day, share=1.0):
    wizard = (
        invoices.env["account.payment.register"]
        .with_context(active_model="account.move", active_ids=invoices.ids)
        .create({"payment_date": day, "group_payment": True})
    )
    if share < 1.0:
        wizard.amount = wizard.currency_id.round(wizard.amount * share)
        wizard.payment_difference_handling = "open"
    wizard.action_create_payments()


def _refresh_statistics(env):
    """Tell the planner of this transaction's rows: it last saw the tables empty.

    Tables are named: catalogs that all databases share would wait for other transactions.
    """
    env.flush_all()
    env.cr.execute(
        "ANALYZE account_move, account_move_line, account_payment, account_partial_reconcile"
    )


def make_current(env, office, rng, case_count, today):
    """Cases of the last days, in every stage up to the bill.

    Args:
        env: environment of the superuser.
        office: the provider group.
        rng: source of every choice.
        case_count: how many.
        today: the day from which all dates are counted.
    """
    outcomes = list(islice(cycle(_CURRENT_OUTCOMES), case_count))
    registration = Registration(office, rng, today, "SC")
    north, south, review = office.facilities
    facilities = [review if each == "ready" else rng.choice((north, south)) for each in outcomes]
    ages = [rng.randint(*_CURRENT_AGES_DAYS) for _outcome in outcomes]
    encounters = registration.register(facilities, ages)
    by_outcome = defaultdict(encounters.browse)
    for encounter, outcome in zip(encounters, outcomes, strict=True):
        by_outcome[outcome] += encounter
    registration.document_services(encounters - by_outcome["draft"])
    for number, encounter in enumerate(by_outcome["exception"]):
        _break(encounter, number)
    encounters.action_complete()
    (encounters - by_outcome["draft"] - by_outcome["coding"]).action_approve_coding()
    held = by_outcome["held"].facility_id
    held.bill_hold_days = _BILL_HOLD_DAYS
    by_outcome["held"]._prepare_billing()
    held.bill_hold_days = 0
    (encounters - by_outcome["held"])._prepare_billing()


def _break(encounter, number):
    """Leave out what a rule asks for; no message of these rules names a date or a number."""
    if number % 3 == 0:
        encounter.patient_id.city = False
    elif number % 3 == 1:
        encounter.attending_id = False
    else:
        encounter.diagnosis_ids.unlink()
