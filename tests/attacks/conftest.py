# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The office that is attacked, and the people who attack it."""

import functools
from dataclasses import dataclass
from typing import Any

import desk as desk_records
import office
import pytest

_EVIDENCE = ("appeal_decision", "root_cause", "appeal_exhausted", "legal_note")


@dataclass
class World:
    """What the attacks share.

    Attributes:
        env: opens an environment of the superuser on the database.
        login: logs a person of the office in, by name.
        key: an API client of a person, by name.
        ids: of the reason code and the evidence types, by code.
        base_url: of the server.
    """

    env: Any
    login: Any
    key: Any
    ids: dict
    base_url: str

    def new_case(self, units=30):
        """Id of a new case that owes 200 a unit."""
        with self.env() as env:
            return office.add_case(env, units)

    def new_request(self, amount, *, by="clerk", case_id=None, evidence=_EVIDENCE[:2]):
        """A waiting denial write-off on a case: ids of request and action."""
        client = self.login(by)
        case_id = case_id or self.new_case()
        request_id, action_id = office.request_write_off(client, self.ids, case_id, amount)
        for code in evidence:
            office.add_evidence(client, self.ids, request_id, code)
        return request_id, action_id

    def state(self, request_id):
        """States of request and action, and who decided."""
        with self.env() as env:
            request = env["hc.approval.request"].browse(request_id)
            return request.state, request.action_id.state, request.decision_ids.mapped("verdict")

    def posted(self, action_id):
        """What an action posted, in total."""
        with self.env() as env:
            entries = env["hc.controlled.action"].browse(action_id).entry_ids
            return sum(entries.filtered(lambda move: move.state == "posted").mapped("amount_total"))


@pytest.fixture(scope="session")
def world(odoo_env, connect, base_url, database_name):
    """The office, made once."""
    with odoo_env() as env:
        office.build(env)
        usage = [("usage", "=", "write_off")]
        ids = {"write_off": env["hc.reason.code"].search(usage, limit=1).id}
        ids |= {
            kind.code: kind.id
            for kind in env["hc.approval.evidence.type"].search([("id", "!=", 0)])
        }

    @functools.cache
    def key(name):
        with odoo_env() as env:
            secret = office.add_key(env, name)
        return office.KeyClient(base_url, database_name, secret)

    login = functools.cache(lambda name: connect(office.login_of(name)))
    return World(odoo_env, login, key, ids, base_url)


@pytest.fixture(scope="session")
def desk(world):
    """Ids of what lies on the desks for payers' money, by kind; see :mod:`desk`."""
    with world.env() as env:
        return desk_records.build(env)
