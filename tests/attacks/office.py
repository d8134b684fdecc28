# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""An office with somebody in every role, and cases that owe money, for attacks over HTTP."""

import base64
import itertools
import uuid
from datetime import timedelta, timezone
from unittest.mock import patch
from zoneinfo import ZoneInfo

import claim_answers
import population
import requests
from passlib.context import CryptContext

# A picture of one pixel.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)
ROLES = {
    "clerk": "clerk",
    "clerk2": "clerk",
    "specialist": "claims_specialist",
    "specialist2": "claims_specialist",
    "lead": "team_lead",
    "lead2": "team_lead",
    "lead3": "team_lead",
    "collector": "collector",
    "collector2": "collector",
    "collector3": "collector",
    "supervisor": "supervisor",
    "manager": "manager",
    "manager2": "manager",
    "finance": "finance_manager",
    "director": "director",
    "cfo": "cfo",
    "operations": "operations",
    "compliance": "compliance",
    "administrator": "administrator",
    "executive": "executive",
    "integration": "integration",
}
_GROUP = "hc_revenue_base.group_hc_{}"
# Those who work for what payers owe, without the right to see all facilities.
_HANDS = ("clerk", "claims_specialist", "collector", "supervisor")
_numbers = itertools.count()


def login_of(name):
    """Login, and password, of a person of the office."""
    return f"at.{name}"


def build(env):
    """Create the people once per database."""
    facility = population.group(env)
    users = env["res.users"].with_context(no_reset_password=True)
    if users.search_count([("login", "=", login_of("clerk"))]):
        return
    elsewhere = facility.copy({"code": "ELSE", "name": "Elsewhere Clinic", "npi": "1245319599"})
    people = {
        name: (facility, ["base.group_user", f"hc_revenue_base.group_hc_{role}"])
        for name, role in ROLES.items()
    }
    people |= {
        "outsider": (elsewhere, ["base.group_user", "hc_revenue_base.group_hc_supervisor"]),
        "employee": (None, ["base.group_user"]),
        "portal": (None, ["base.group_portal"]),
        "guarantor": (None, ["base.group_portal"]),
        "accountant": (None, ["base.group_user", "account.group_account_manager"]),
        "system": (facility, ["base.group_user", "base.group_system"]),
        "elsewhere": (elsewhere, ["base.group_user", *map(_GROUP.format, _HANDS)]),
        "foreigner": (None, ["base.group_user", *map(_GROUP.format, _HANDS)]),
    }
    company = env["res.company"].create({"name": "Foreign Company"})
    # As in Odoo's own tests: 600,000 rounds for each password take longer than making the people.
    quick = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=1)
    with patch.object(type(users), "_crypt_context", lambda users: quick):
        users.create(
            [
                {
                    "name": name.title(),
                    "login": login_of(name),
                    "password": login_of(name),
                    "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
                    "hc_facility_ids": [(6, 0, place.ids if place else [])],
                    **(
                        {"company_id": company.id, "company_ids": [(6, 0, company.ids)]}
                        if name == "foreigner"
                        else {}
                    ),
                }
                for name, (place, groups) in people.items()
            ]
        )
    env["hc.ledger.account"]._create_missing(env.company)


def add_case(env, units=30):
    """Id of a billed case that owes 200 a unit, of a patient of its own."""
    return add_cases(env, 1, units)[0]


def add_cases(env, count, units=1):
    """Ids of billed cases that owe 200 a unit, each of a patient of its own."""
    encounters = population.encounters(env, count, f"AT-{uuid.uuid4().hex[:8]}-{next(_numbers)}-")
    encounters.service_line_ids.write({"units": units})
    encounters.action_complete()
    encounters.action_approve_coding()
    env.cr.precommit.run()
    if count > 1:
        # What the Automation Rule leaves of many, the Scheduled Action bills.
        env["hc.encounter"]._cron_prepare_billing()
        env.invalidate_all()
    cases = encounters.case_ids
    assert set(cases.mapped("stage")) == {"invoiced"}
    return cases.ids


def add_remittance(env, case_ids, *, proven=True, denied=0):
    """A remittance about the claims of billed cases; its id, or the bytes of its file unread.

    Args:
        denied: how many services are denied what is allowed off the others.
    """
    claim_answers.take_claims(env)
    cases = env["hc.billing.case"].browse(case_ids)
    cases.claim_ids.filtered(lambda claim: claim.state == "held")._run_edits()
    trace = uuid.uuid4().hex[:12].upper()
    content = claim_answers.answer(claim_answers.send_claims(env, cases), trace)
    content = content.replace(b"CAS*CO*45", b"CAS*CO*197", denied)
    if not proven:
        return content
    exchange, _verdict = env["hc.exchange"]._receive_remittance(content, "attack", f"{trace}.835")
    exchange._process(lambda done, left: True)
    assert exchange.remittance_ids.state == "proven", exchange.remittance_ids.hold_reason
    return exchange.remittance_ids.id


def add_key(env, name):
    """An API key of a person, for `/json/2`."""
    user = env["res.users"].search([("login", "=", login_of(name))])
    keys = env["res.users.apikeys"].with_user(user).sudo()
    return keys._generate(None, "attack", env.cr.now() + timedelta(days=1))


class KeyClient:
    """Somebody who calls `/json/2` with an API key."""

    def __init__(self, base_url, database, key):
        self._base_url = base_url
        self._headers = {"Authorization": f"bearer {key}", "X-Odoo-Database": database}

    def post(self, model, method, **body):
        """Send a call and return the whole response, whatever its status."""
        return requests.post(
            f"{self._base_url}/json/2/{model}/{method}",
            json=body,
            headers=self._headers,
            timeout=60,
        )


def request_write_off(client, env_ids, case_id, amount, *, kind="denial_write_off"):
    """Request a write-off as a person would, by the wizard; return the ids of both records.

    Args:
        client: who requests it.
        env_ids: ids of what the wizard names (`write_off`, and evidence types by code).
        case_id: the case.
        amount: how much of what the payer owes.
        kind: of act.
    """
    wizard = client.call(
        "hc.adjustment.wizard",
        "create",
        [
            {
                "case_ids": [[6, 0, [case_id]]],
                "kind": kind,
                "responsibility": "payer_1",
                "amount": amount,
                "reason_code_id": env_ids["write_off"],
                "justification": "The payer has refused every level of appeal.",
            }
        ],
    )
    client.call("hc.adjustment.wizard", "action_request", wizard)
    found = client.call(
        "hc.approval.request",
        "search_read",
        [["case_id", "=", case_id], ["kind", "=", kind]],
        ["action_id"],
        order="id desc",
        limit=1,
    )
    return found[0]["id"], found[0]["action_id"][0]


def add_evidence(client, env_ids, request_id, code, content=PNG, **values):
    """Give a piece of evidence, by the wizard."""
    wizard = client.call(
        "hc.approval.evidence.wizard",
        "create",
        [
            {
                "request_id": request_id,
                "type_id": env_ids[code],
                "file": content,
                "file_name": f"{code}.png",
                "text": "because",
                **values,
            }
        ],
    )
    return client.call("hc.approval.evidence.wizard", "action_add", wizard)


def encode(content):
    """Bytes as a client sends them."""
    return base64.b64encode(content).decode()


def shift_day(env, days):
    """The day before or after today at the company, whose calendar delegations follow."""
    calendar = env.company.resource_calendar_id
    now = env.cr.now().replace(tzinfo=timezone.utc).astimezone(ZoneInfo(calendar.tz or "UTC"))
    return now.date() + timedelta(days=days)
