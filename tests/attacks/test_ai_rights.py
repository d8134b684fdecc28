# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Advice over HTTP: who sees it, who decides about it, and what nobody can make of it."""

import ai_desk
import office
import pytest
import requests
from probes import FORGED, REFUSED, forge, reads

SUGGESTION, POLICY = "hc.ai.suggestion", "hc.ai.policy"
AI_LOGIN = "hc_ai"
_EVERYBODY = (*office.ROLES, "outsider", "employee", "portal", "accountant", "system", "foreigner")
# They may read the policies of their company, wherever they work.
_SUPERVISORS = ("outsider", "elsewhere")
_STRANGERS = ("outsider", "elsewhere", "employee", "portal", "foreigner", "accountant")


@pytest.fixture(scope="module")
def ai(world):
    """Ids of advice; see :mod:`ai_desk`."""
    with world.env() as env:
        return ai_desk.build(env)


@pytest.fixture
def unmoved(world, ai):
    """Whatever a test tries, no suggestion and no record moves."""
    ids = ai["pending"] + ai["shadow"] + ai["elsewhere"]
    with world.env() as env:
        before = ai_desk.read_all(env, ids)
    yield
    with world.env() as env:
        assert ai_desk.read_all(env, ids) == before
        assert env[POLICY].browse(ai["policy"]).mode == "live"


def _found(client, ids, model=SUGGESTION):
    """By which ways a client finds anything of records."""
    found = []
    for way, ask in reads(client, model, ids):
        try:
            answer = ask()
        except Exception:  # noqa: BLE001, S112 - refused is what is wanted
            continue
        if way == "read" and not answer:
            continue
        if answer and not (way in ("groups", "old groups") and answer == [{"__count": 0}]):
            found.append((way, answer))
    return found


@pytest.mark.parametrize("person", _STRANGERS)
@pytest.mark.usefixtures("unmoved")
def test_strangers_find_no_advice(world, ai, person):
    client = world.login(person)
    ids = ai["pending"][:2] + ai["shadow"][:1]
    assert _found(client, ids) == [], ids
    if person not in _SUPERVISORS:
        assert _found(client, [ai["policy"]], POLICY) == []
    for probe in ("value", "facts", "reasons", "res_id"):
        answer = world.key(person).post(SUGGESTION, "read", ids=ids, fields=[probe], context=FORGED)
        assert answer.status_code in REFUSED, (person, probe, answer.text[:200])
    for model, record_id in (("hc.work.item", ai["item"][0]),):
        answer = world.key(person).post(
            SUGGESTION, "get_panel", res_model=model, res_id=record_id, context=FORGED
        )
        assert answer.status_code in REFUSED or answer.json() == {
            "suggestions": [],
            "can_ask": False,
        }
        asked = world.key(person).post(
            SUGGESTION, "ask", res_model=model, res_id=record_id, context=FORGED
        )
        assert asked.status_code in REFUSED, (person, asked.text[:200])


@pytest.mark.usefixtures("unmoved")
def test_advice_on_another_facility_is_not_seen_counted_or_asked_for(world, ai):
    client = world.login("clerk")
    assert _found(client, ai["elsewhere"]) == []
    assert _found(client, ai["pending"][:1]), "of the own facility it is seen"
    key = world.key("clerk")
    asked = key.post(SUGGESTION, "ask", res_model="hc.work.item", res_id=ai["hidden_item"][0])
    assert asked.status_code in REFUSED
    # Nor does a guess at what it says change how many are found.
    domain = [["id", "in", ai["elsewhere"]], ["value", "=", str(ai["queue"]["billing"])]]
    assert client.call(SUGGESTION, "search_count", domain) == 0


@pytest.mark.parametrize("person", ["clerk", "lead", "specialist", "supervisor", "operations"])
@pytest.mark.usefixtures("unmoved")
def test_advice_in_shadow_is_shown_to_nobody_who_decides(world, ai, person):
    assert _found(world.login(person), ai["shadow"]) == []


@pytest.mark.parametrize("person", ["clerk", "lead", "specialist", "manager"])
@pytest.mark.usefixtures("unmoved")
def test_facts_read_as_somebody_else_are_for_those_who_answer_for_it(world, ai, person):
    answer = world.key(person).post(SUGGESTION, "read", ids=ai["pending"][:1], fields=["facts"])
    assert answer.status_code in REFUSED, answer.text[:200]
    grouped = world.key(person).post(
        SUGGESTION, "search", domain=[["facts", "ilike", "stalled"]], context=FORGED
    )
    assert grouped.status_code in REFUSED, grouped.text[:200]


@pytest.mark.parametrize("person", _EVERYBODY)
@pytest.mark.usefixtures("unmoved")
def test_nobody_makes_changes_or_deletes_advice(world, ai, person):
    key = world.key(person)
    with world.env() as env:
        changes = list(forge(env, SUGGESTION, ai["pending"][0]))
        settings = list(forge(env, POLICY, ai["policy"]))
    every = dict(changes)
    for vals in (*({name: value} for name, value in changes[:3]), every):
        answer = key.post(SUGGESTION, "write", ids=ai["pending"][:1], vals=vals, context=FORGED)
        assert answer.status_code in REFUSED, (vals, answer.text[:200])
    for vals in ({name: value} for name, value in settings):
        answer = key.post(POLICY, "write", ids=[ai["policy"]], vals=vals, context=FORGED)
        assert answer.status_code in REFUSED, (vals, answer.text[:200])
    for model, vals, ids in (
        (SUGGESTION, every, ai["pending"][:1]),
        (POLICY, dict(settings), [ai["policy"]]),
    ):
        made = key.post(model, "create", vals_list=[vals], context=FORGED)
        assert made.status_code in REFUSED, made.text[:200]
        for method in ("unlink", "copy"):
            assert key.post(model, method, ids=ids, context=FORGED).status_code in REFUSED, method
    for method in (
        "_record",
        "_decide",
        "_close",
        "_transition",
        "_write_guarded",
        "_note_outcome",
    ):
        answer = key.post(SUGGESTION, method, ids=ai["pending"][:1])
        assert answer.status_code in REFUSED, method


@pytest.mark.parametrize("person", _EVERYBODY)
@pytest.mark.usefixtures("unmoved")
def test_only_who_may_write_the_record_and_decide_the_field_decides(world, ai, person):
    """The queue of a work item is decided by leads."""
    if person in ("lead", "lead2", "lead3", "supervisor", "manager", "manager2"):
        pytest.skip("may decide")
    key, ids = world.key(person), ai["pending"][:1]
    for method, more in (
        ("action_accept", {}),
        ("action_accept_other", {"value": str(ai["queue"]["billing"])}),
        ("action_reject", {"reason": "no"}),
    ):
        answer = key.post(SUGGESTION, method, ids=ids, context=FORGED, **more)
        assert answer.status_code in REFUSED, (person, method, answer.text[:200])


@pytest.mark.usefixtures("unmoved")
def test_nonsense_is_refused_in_one_sentence(world, ai):
    key = world.key("lead")
    item = ai["item"][0]
    for res_model, res_id in (
        ("res.users", 1),
        ("no.such.model", item),
        ("hc.work.item", 10**12),
        ("hc.work.item", True),
        ("hc.work.item", -1),
        ("hc.work.item", [item]),
        ("hc.work.item", {"id": item}),
        ("hc.work.item", f"{item}"),
        ({"hc": "work"}, item),
        (None, None),
    ):
        answer = key.post(SUGGESTION, "get_panel", res_model=res_model, res_id=res_id)
        told = answer.text[:300]
        assert answer.status_code in (200, *REFUSED), (res_model, res_id, told)
        assert answer.status_code != 200 or answer.json()["suggestions"] == [], told
        asked = key.post(SUGGESTION, "ask", res_model=res_model, res_id=res_id)
        assert asked.status_code in REFUSED, (res_model, res_id, asked.text[:300])
    foreign = 10**9
    for value in (
        foreign, 10**12, str(10**30), "x", "", None, True, [1], {"id": 1}, "1; DROP TABLE", "٣",
        f" {ai['queue']['billing']}\x00", "-1",
    ):  # fmt: skip
        answer = key.post(SUGGESTION, "action_accept_other", ids=ai["pending"][:1], value=value)
        assert answer.status_code in REFUSED, (value, answer.text[:300])
    for reason in ({"a": 1}, ["x"], 7):
        answer = key.post(SUGGESTION, "action_reject", ids=ai["pending"][:1], reason=reason)
        assert answer.status_code in REFUSED, (reason, answer.text[:300])


def test_nobody_is_the_ai(world, base_url, database_name):
    with world.env() as env:
        user = env.ref("hc_ai_assist.user_hc_ai")
        assert not env["res.users.apikeys"].sudo().search([("user_id", "=", user.id)])
    for password in ("", AI_LOGIN, "False", "None", "admin", None, False, {}):
        answer = requests.post(
            f"{base_url}/web/session/authenticate",
            json={"params": {"db": database_name, "login": AI_LOGIN, "password": password}},
            timeout=60,
        ).json()
        assert not (answer.get("result") or {}).get("uid"), (password, answer)
    for person in ("administrator", "clerk", "manager"):
        answer = world.key(person).post(
            "res.users", "write", ids=[user.id], vals={"password": "known", "active": True}
        )
        assert answer.status_code in REFUSED, person
    world.key("clerk").post("res.users", "reset_password", login=AI_LOGIN)
    with world.env() as env:
        assert not env.ref("hc_ai_assist.user_hc_ai").partner_id.signup_type
        assert not env.ref("hc_ai_assist.user_hc_ai").active
