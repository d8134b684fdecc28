# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One record of each model with a life cycle or a mail template; see the base's file."""

from odoo import fields


def create_records(office):
    """Create the records of this module.

    :param office: a test class of the base's ``HcCommon`` that is set up
    :return: ``{name: record}``
    """
    env = office.env
    patient = office._create_patient("SEC-CO")
    account = env["hc.collection.account"]._open_accounts(
        {(patient.company_id.id, patient.partner_id.id)}
    )
    policy = env["hc.cadence.policy"].search([("party", "=", "patient")], limit=1)
    run = env["hc.cadence.run"]._create_guarded(
        [
            {
                "name": "SAMPLE",
                "company_id": account.company_id.id,
                "party": "patient",
                "policy_id": policy.id,
                "as_of": "2026-01-01",
                "user_id": env.uid,
            }
        ]
    )
    return {
        "cadence_policy": policy.copy(),
        "cadence_run": run,
        "collection_account": account,
        "collection_hold": env["hc.collection.hold"]._place(account, "cease", "asked us to stop"),
        **create_account_records(env, account),
    }


def create_account_records(env, account):
    """Create one record of each model with a life cycle that belongs to an account.

    :return: ``{name: record}``
    """
    contact = env["hc.contact"]._record(
        [{"account_id": account.id, "key": "sample", "channel": "letter", "purpose": "reminder"}]
    )
    return {
        "contact": contact,
        "letter_run": env["hc.letter.run"]._get_collecting(account.company_id),
        **_create_statement_records(env, account),
        **_create_payment_records(env, account),
        **_create_casework_records(env, account),
    }


def _create_statement_records(env, account):
    today = fields.Date.context_today(account)
    statement = env["hc.statement"]._create_guarded(
        [
            {
                "name": "ST/SAMPLE",
                "account_id": account.id,
                "key": "sample",
                "statement_date": today,
                "due_date": today,
                "language": "en_US",
                "channel": "letter",
                "policy_id": env.ref("hc_collections.hc_statement_policy_default").id,
            }
        ]
    )
    access = env["hc.portal.access"]._create_guarded(
        [{"account_id": account.id, "email": "sample@example.org"}]
    )
    return {
        "statement": statement,
        "statement_run": env["hc.statement.run"].create({}),
        "portal_access": access,
    }


def _create_payment_records(env, account):
    day = "2026-03-02"
    promise = env["hc.payment.promise"]._create_guarded(
        [
            {
                "account_id": account.id,
                "amount": 10.0,
                "made_on": day,
                "due_on": day,
                "grace_on": day,
                "channel": "call",
                "user_id": env.uid,
                "policy_id": env.ref("hc_collections.hc_promise_policy_shipped").id,
            }
        ]
    )
    plan = env["hc.payment.plan"]._create_guarded(
        [
            {
                "name": "PP-SAMPLE",
                "account_id": account.id,
                "amount_total": 10.0,
                "months": 1,
                "first_due_on": day,
                "user_id": env.uid,
                "policy_id": env.ref("hc_collections.hc_payment_plan_policy_shipped").id,
            }
        ]
    )
    return {
        "payment_promise": promise,
        "payment_plan": plan,
        "payment_report": _create_payment_report(env, account),
    }


def _create_payment_report(env, account):
    journal = env["account.journal"].search(
        [("company_id", "=", account.company_id.id), ("type", "=", "bank")], limit=1
    )
    source = env["hc.payment.source"].create(
        {
            "name": "Sample",
            "code": "SAMPLE",
            "company_id": account.company_id.id,
            "journal_id": journal.id,
        }
    )
    return env["hc.payment.report"]._create_guarded(
        [
            {
                "source_id": source.id,
                "company_id": account.company_id.id,
                "event": "confirmed",
                "reference": "SAMPLE",
                "amount": 10.0,
                "currency_id": account.currency_id.id,
                "happened_on": "2026-03-02",
                "account_id": account.id,
            }
        ]
    )


def _create_casework_records(env, account):
    dispute = env["hc.billing.dispute"]._create_guarded(
        [
            {
                "name": "DP-SAMPLE",
                "account_id": account.id,
                "kind": "other",
                "channel": "letter",
                "received_on": "2026-03-02",
                "due_on": "2026-04-01",
                "owner_id": env.uid,
            }
        ]
    )
    application = env["hc.assistance.application"]._create_guarded(
        [
            {
                "name": "FA-SAMPLE",
                "account_id": account.id,
                "applied_on": "2026-03-02",
                "owner_id": env.uid,
            }
        ]
    )
    agency = env["hc.collection.agency"].create({"name": "Sample Agency", "code": "SAMPLE"})
    placement = env["hc.placement"]._create_guarded(
        [{"name": "PL-SAMPLE", "account_id": account.id, "agency_id": agency.id}]
    )
    return {
        "placement": placement,
        "assistance_application": application,
        "billing_dispute": dispute,
    }
