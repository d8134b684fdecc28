# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The office that is attacked, and the people who attack it."""

import functools
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import collection_desk as collection_records
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
        spare_cases: billed cases that nobody has used yet, by what they owe.
        made: what attacks share, by name.
    """

    env: Any
    login: Any
    key: Any
    ids: dict
    base_url: str
    spare_cases: dict = field(default_factory=lambda: defaultdict(list))
    made: dict = field(default_factory=dict)

    def new_case(self, units=30):
        """Id of a new case that owes 200 a unit; a dozen billed at once costs far less."""
        if not self.spare_cases[units]:
            with self.env() as env:
                self.spare_cases[units] = office.add_cases(env, 12, units)
        return self.spare_cases[units].pop()

    def shared(self, name, make, is_untouched):
        """What one attack has left as it was, for the next; what it has moved is made anew."""
        if name not in self.made or not is_untouched(self.made[name]):
            self.made[name] = make()
        return self.made[name]

    def shared_request(self):
        """A write-off of a clerk that waits for a team lead: ids of request and action."""
        return self.shared(
            "request",
            lambda: self.new_request(300.0),
            lambda ids: self.state(ids[0]) == ("waiting", "pending", []),
        )

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


@pytest.fixture(scope="session")
def collection_desk(world):
    """Ids of what lies on the desks for patients' money, by kind; see :mod:`collection_desk`."""
    with world.env() as env:
        # One day for the office and its people, at any hour.
        env["res.company"].search([("id", ">", 0)]).partner_id.tz = "UTC"
        return collection_records.build(env)
