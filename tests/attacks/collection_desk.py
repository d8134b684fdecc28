# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What lies on the desks of those who follow patients' balances up."""

import uuid
from datetime import timedelta

import office
import population

ACCOUNTS = 16
# A name that would be a formula in a sheet, and markup in a letter.
HOSTILE_NAME = '=HYPERLINK("http://evil.example";"pay")<script>alert(1)</script>'


def build(env):
    """Accounts of patients without insurance, and one record of each kind on them.

    Returns:
        ids by what they are of; ``account`` are those that no other record is about.
    """
    accounts = _open_accounts(env)
    today = accounts._fields["create_date"].context_timestamp(accounts, env.cr.now()).date()
    first, second, *others = accounts
    made, _skipped = env["hc.statement"]._make(first | second, today)
    made._issue()
    made[0].action_mark_sent()
    run = env["hc.statement.run"].create({"facility_id": population.group(env).id})
    case_of = {account: account.item_ids.hc_case_id[:1] for account in accounts}
    dispute = env["hc.billing.dispute"]._open(
        others[0],
        {case_of[others[0]]: 20.0},
        kind="other",
        description="I was not there",
        channel="letter",
        received_on=today,
        due_on=today + timedelta(days=30),
        owner_id=env.ref("base.user_root").id,
    )
    others[1]._check_act("call")
    consents = env["hc.contact.consent"]._record(others[1], ["sms"], "granted", "call", "told")
    records = {
        "hold": env["hc.collection.hold"]._place(others[2], "cease", "asked us to stop"),
        "statement": made,
        "run": run,
        "dispute": dispute,
        "consent": consents,
        "check": env["hc.guardrail.check"].search([("account_id", "=", others[1].id)], limit=1),
        "rule": env["hc.guardrail.rule"].search([("id", "!=", 0)], limit=1),
        "contact": first.contact_ids,
        "access": _let_in(env, first),
        **_create_money(env, others[3], today),
        **_create_casework(env, others[4], today),
        "account": accounts.browse([each.id for each in others[5:]]),
    }
    env.flush_all()
    return {kind: found.ids for kind, found in records.items()}


def _open_accounts(env):
    prefix = f"CO-{uuid.uuid4().hex[:8]}-"
    encounters = population.encounters(env, ACCOUNTS, prefix)
    encounters.write({"primary_coverage_id": False})
    encounters[0].patient_id.write({"first_name": HOSTILE_NAME, "email": "guarantor@example.org"})
    return population.bill_guarantors(encounters)


def _let_in(env, account):
    user = env["res.users"].search([("login", "=", office.login_of("guarantor"))])
    access = env["hc.portal.access"]._create_guarded(
        [{"account_id": account.id, "email": "guarantor@example.org"}]
    )
    access._accept(user)
    return access


def _create_money(env, account, today):
    promise = {
        "account_id": account.id,
        "amount": 10.0,
        "made_on": today,
        "due_on": today + timedelta(days=5),
        "grace_on": today + timedelta(days=8),
        "channel": "call",
        "user_id": env.uid,
        "policy_id": env.ref("hc_collections.hc_promise_policy_shipped").id,
    }
    plan = {
        "name": f"PP-{uuid.uuid4().hex[:8]}",
        "account_id": account.id,
        "amount_total": 10.0,
        "months": 1,
        "first_due_on": today + timedelta(days=20),
        "user_id": env.uid,
        "policy_id": env.ref("hc_collections.hc_payment_plan_policy_shipped").id,
    }
    journal = env["account.journal"].search(
        [("company_id", "=", account.company_id.id), ("type", "=", "bank")], limit=1
    )
    source = env["hc.payment.source"].create(
        {
            "name": "Attacked",
            "code": f"AT{uuid.uuid4().hex[:6]}".upper(),
            "company_id": account.company_id.id,
            "journal_id": journal.id,
        }
    )
    report = {
        "source_id": source.id,
        "company_id": account.company_id.id,
        "event": "confirmed",
        "reference": "ATTACK",
        "amount": 10.0,
        "currency_id": account.currency_id.id,
        "happened_on": today,
        "account_id": account.id,
    }
    return {
        "promise": env["hc.payment.promise"]._create_guarded([promise]),
        "plan": env["hc.payment.plan"]._create_guarded([plan]),
        "report": env["hc.payment.report"]._create_guarded([report]),
    }


def _create_casework(env, account, today):
    application = {
        "name": f"FA-{uuid.uuid4().hex[:8]}",
        "account_id": account.id,
        "applied_on": today,
        "owner_id": env.uid,
    }
    agency = env["hc.collection.agency"].create(
        {"name": "Attacked Agency", "code": f"AT{uuid.uuid4().hex[:6]}".upper()}
    )
    placement = {
        "name": f"PL-{uuid.uuid4().hex[:8]}",
        "account_id": account.id,
        "agency_id": agency.id,
    }
    return {
        "application": env["hc.assistance.application"]._create_guarded([application]),
        "agency": agency,
        "placement": env["hc.placement"]._create_guarded([placement]),
    }
