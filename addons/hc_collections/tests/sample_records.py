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
    contact = env["hc.contact"]._record(
        [{"account_id": account.id, "key": "sample", "channel": "letter", "purpose": "reminder"}]
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
        "contact": contact,
        **_create_statement_records(env, account),
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
