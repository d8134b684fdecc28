# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What happens in the office while n8n is connected, and what is on its records afterwards."""

import time

import claim_answers
import outbound
import population
import receivables
from senders import signed_headers  # noqa: F401 - for the tests

CODE = "n8n-orchestrator"
PAYMENT_SOURCE = "processor"
# A system whose daily proof n8n follows.
PROVEN = "n8n-proven"
# Accounts that no test has used yet; all are made at once.
_accounts: list[int] = []


def connect_n8n(env, url):
    """Connect n8n as an administrator does; return what its environment shall hold."""
    population.group(env)
    claim_answers.take_claims(env)
    outbound._allow_loopback(env)
    source = env["hc.integration.source"].create(
        {"name": "n8n", "code": CODE, "kind": "orchestrator"}
    )
    env["hc.integration.source"].create({"name": "Proven", "code": PROVEN, "kind": "ehr"})
    wizard = env["hc.n8n.wizard"].create(
        {"source_id": source.id, "n8n_url": url, "starts_at_once": True}
    )
    text, notes = wizard._connect()
    assert not notes, notes
    journal = env["account.journal"].search([("type", "=", "bank")], limit=1)
    env["hc.payment.source"].create(
        {"name": "Processor", "code": PAYMENT_SOURCE, "journal_id": journal.id}
    )
    # Finance lets the suite post by itself.
    env.ref("hc_claims.hc_automation_post_remittances")._set_mode("on", "tried with n8n")
    tell_servers(env)
    return dict(line.split("=", 1) for line in text.splitlines())


def tell_servers(env):
    """Commit, and have servers that run forget what they remember."""
    env.cr.commit()
    env.registry.signal_changes()


def n8n_user(env):
    """The user that n8n acts as."""
    return env["hc.integration.source"].search([("code", "=", CODE)]).user_id


def run(env, code, payload, key=None):
    """Run an operation as n8n's user."""
    answer = env["hc.operation"].with_user(n8n_user(env)).run(code, payload, key)
    assert answer["status"] == "ok", answer
    return answer["result"]


def sent_claims(env, count=1):
    """Claims that the payer has."""
    return claim_answers.send_claims(env, claim_answers.bill(env, count))


def reject(env, claim, category):
    """The clearinghouse rejects a claim."""
    payload = {
        "claim_number": claim.name,
        "effective_on": f"{env.cr.now():%Y-%m-%d}",
        "statuses": [{"category": category, "status_code": "21"}],
    }
    run(env, "claim.record_status", payload, f"reject-{claim.name}")
    assert claim.state == "rejected"


def unanswered_inquiry(env):
    """A question that the payer's clearinghouse never answered."""
    claim_answers.take_claims(env)
    encounter = population.encounters(env, 1, f"elig{time.time_ns()}-")
    encounter.patient_id.facility_ids = encounter.facility_id
    inquiry = env["hc.eligibility.inquiry"]._request(
        [
            {
                "coverage_id": encounter.primary_coverage_id.id,
                "encounter_id": encounter.id,
                "service_date_from": population.SERVICE_DATE,
            }
        ]
    )
    inquiry._submit()
    assert inquiry.state == "sent", inquiry.objection
    inquiry._give_up()
    return inquiry


def owing_account(env):
    """The account of a guarantor who owes; another one each time."""
    if not _accounts:
        _accounts.extend(receivables.insert_items(env, 5 * 10))
    return env["hc.collection.account"].browse(_accounts.pop())


def texts(env, numbers):
    """Reminders that wait to go out as texts, to these telephone numbers, in one document."""
    accounts = [owing_account(env).id for _number in numbers]
    contacts = env["hc.contact"]._record(
        [
            {
                "account_id": account_id,
                "key": f"reminder-{account_id}",
                "channel": "sms",
                "purpose": "reminder",
                "subject": "Your balance is overdue. See our portal.",
                "address": number,
            }
            for account_id, number in zip(accounts, numbers, strict=True)
        ]
    )
    contacts._deliver_sms()
    assert set(contacts.mapped("state")) == {"queued"}
    return contacts


def deliveries(env, type_code, records):
    """What Odoo has to tell n8n of these records, oldest first."""
    return env["hc.event.delivery"].search(
        [
            ("event_type", "=", type_code),
            ("res_id", "in", records.ids),
            ("subscription_id.source_id.code", "=", CODE),
        ],
        order="id",
    )


def make_due(env):
    """Let time pass for what waits to be sent again, and for endpoints that are left alone."""
    env.flush_all()
    env.cr.execute("UPDATE hc_event_delivery SET not_before = occurred_at WHERE state = 'pending'")
    env.cr.execute(
        "UPDATE hc_event_endpoint SET until = now() AT TIME ZONE 'UTC' WHERE until > now()"
    )
    env.invalidate_all()


def items(env, name):
    """Queue, severity and number of the case of the work items of this name."""
    found = env["hc.work.item"].search([("name", "ilike", name)])
    return [(item.queue_id.code, item.severity, item.case_id.name) for item in found]


def wait_for(look, seconds=60):
    """The first truthy answer of ``look``: what n8n does by itself takes a moment."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.2)
    return look()
