# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Work items with advice on them: pending, in shadow, decided, and of another facility."""

import uuid

import office
import population

# Each attack may spoil some.
PENDING = 14
_KIND = "stalled"


def build(env):
    """A live policy for queues, and suggestions of every sort.

    Returns:
        ids by what they are of: ``policy``, ``pending``, ``shadow``, ``item`` (of each pending
        one), ``elsewhere`` (a suggestion about an item of another facility) and ``queue`` (the
        queues, by code).
    """
    facility = population.group(env)
    other = env["hc.facility"].search([("code", "=", "ELSE")], limit=1)
    policies = env["hc.ai.policy"]
    policies._offer_missing()
    policy = policies.search(
        [
            ("company_id", "=", env.company.id),
            ("res_model", "=", "hc.work.item"),
            ("field_name", "=", "queue_id"),
        ]
    )
    lead = env["res.users"].search([("login", "=", office.login_of("lead"))])
    policy.responsible_id = lead
    queues = env["hc.work.queue"].search([("company_id", "in", (False, env.company.id))])
    queue = {each.code: each.id for each in queues}
    items = open_items(env, facility, PENDING)
    hidden = open_items(env, other, 1)
    policy._write_guarded({"mode": "shadow"})
    shadow = suggest(env, policy, open_items(env, facility, 2), queue["billing"])
    policy._write_guarded({"mode": "live"})
    pending = suggest(env, policy, items, queue["billing"])
    elsewhere = suggest(env, policy, hidden, queue["billing"])
    assert set(pending.mapped("state")) == {"pending"}, pending.mapped("state")
    assert set(shadow.mapped("state")) == {"shadow"}
    env.flush_all()
    return {
        "policy": policy.id,
        "pending": pending.ids,
        "shadow": shadow.ids,
        "item": items.ids,
        "elsewhere": elsewhere.ids,
        "hidden_item": hidden.ids,
        "queue": queue,
    }


def open_items(env, facility, count):
    """Work items of a facility, in the queue for coding."""
    mark = uuid.uuid4().hex[:8]
    keys = [f"attack-{mark}-{number}" for number in range(count)]
    env["hc.work.item"]._open(
        [
            {
                "kind": _KIND,
                "queue_code": "coding",
                "name": f"Item {key}",
                "dedup_key": key,
                "company_id": facility.company_id.id,
                "facility_id": facility.id,
            }
            for key in keys
        ]
    )
    return env["hc.work.item"].search([("dedup_key", "in", keys)], order="id")


def suggest(env, policy, items, queue_id):
    """Advice to put items into a queue, by the one way that advice takes."""
    prepared = [
        {
            "res_model": item._name,
            "res_id": item.id,
            "value": str(queue_id),
            "previous_value": str(item.queue_id.id),
            "confidence": 0.9,
            "reasons": ["kind"],
            "alternatives": [],
            "facts": {"kind": item.kind},
            "token": item._get_review_token(),
            "provider": "embedded",
            "requested_by_id": policy.responsible_id.id,
        }
        for item in items
    ]
    return policy._get_writer()._record(policy, prepared).with_env(env)


def read_all(env, ids):
    """What is on record about suggestions and their items, to see that nothing moved."""
    suggestions = env["hc.ai.suggestion"].browse(ids)
    items = env["hc.work.item"].browse(suggestions.mapped("res_id"))
    names = sorted(suggestions._get_guarded_fields())
    return suggestions.read(names), items.read(["queue_id", "severity", "state"])
