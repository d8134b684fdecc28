# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Providers, agreements, runs and what they cost, over HTTP: who sees, sets up and switches on."""

import office
import pytest
from probes import FORGED, REFUSED, forge, reads

PROVIDER, AGREEMENT, RUN = "hc.ai.provider", "hc.ai.agreement", "hc.ai.run"
KEY_VALUE = "sk-of-these-attacks-1234567890"
_SEE_PROVIDERS = {"administrator", "system", "compliance", "operations", "supervisor", "outsider"}
_SEE_RUNS = {"administrator", "system", "compliance", "operations"}
# Who administers the server administers the suite.
_ADMINISTRATORS = {"administrator", "system"}
_OTHERS = {"clerk", "specialist", "cfo", "integration", "employee", "portal", "foreigner"}
_PERSONS = sorted(_SEE_PROVIDERS | _OTHERS)


@pytest.fixture(scope="module")
def ai(world):
    """Ids of a provider in draft, its key, an agreement and a run of it."""
    with world.env() as env:
        administrator = env["res.users"].search([("login", "=", office.login_of("administrator"))])
        secret = env["hc.secret"].create({"name": "Key", "code": "ai.attacked", "value": KEY_VALUE})
        provider = env[PROVIDER].with_user(administrator).create(
            {
                "name": "Attacked",
                "base_url": "https://ai.example.com/v1",
                "model_name": "tiny",
                "secret_id": secret.id,
            }
        )  # fmt: skip
        env.flush_all()
        return {"provider": provider.id, "secret": secret.id}


def _finds(client, model, ids):
    for _way, ask in reads(client, model, ids):
        try:
            answer = ask()
        except Exception:  # noqa: BLE001, S112 - refused is what is wanted
            continue
        if answer and answer != [{"__count": 0}]:
            return True
    return False


@pytest.mark.parametrize("person", _PERSONS)
def test_only_who_oversees_it_sees_a_provider(world, ai, person):
    seen = _finds(world.login(person), PROVIDER, [ai["provider"]])
    assert seen == (person in _SEE_PROVIDERS), person


@pytest.mark.parametrize("person", _PERSONS)
def test_what_runs_cost_is_for_who_answers_for_it(world, ai, person):
    answer = world.key(person).post(
        RUN, "search_read", domain=[], fields=["cost_millionths"], limit=1, context=FORGED
    )
    assert (answer.status_code == 200) == (person in _SEE_RUNS), (person, answer.text[:200])


@pytest.mark.parametrize("person", _PERSONS)
def test_the_key_is_shown_to_nobody(world, ai, person):
    key = world.key(person)
    for model, ids, names in (
        (PROVIDER, [ai["provider"]], ["secret_id", "base_url", "display_name"]),
        ("hc.secret", [ai["secret"]], ["value", "shown", "display_name"]),
        ("hc.secret", [ai["secret"]], ["value_ids"]),
    ):
        for method in ("read", "export_data"):
            asked = {"fields": names} if method == "read" else {"fields_to_export": names}
            answer = key.post(model, method, ids=ids, context=FORGED, **asked)
            assert KEY_VALUE not in answer.text, (person, model, method)
    for domain in ([["value_ids.ciphertext", "like", "sk"]], [["value", "like", "sk-of"]]):
        answer = key.post("hc.secret", "search", domain=domain, context=FORGED)
        assert answer.status_code != 200 or answer.json() == [], (person, domain, answer.text[:200])


@pytest.mark.parametrize("person", _PERSONS)
def test_nobody_sets_what_two_people_have_to_agree_on(world, ai, person):
    key = world.key(person)
    with world.env() as env:
        before = env[PROVIDER].browse(ai["provider"]).read(load=None)[0]
        changes = list(forge(env, PROVIDER, ai["provider"]))
    for name, value in changes:
        answer = key.post(
            PROVIDER, "write", ids=[ai["provider"]], vals={name: value}, context=FORGED
        )
        assert answer.status_code in REFUSED, (person, name, answer.text[:200])
    # Whoever set it up does not switch it on, and of the others only an administrator does.
    if person != "system":
        answer = key.post(PROVIDER, "action_activate", ids=[ai["provider"]], context=FORGED)
        assert answer.status_code in REFUSED, (person, answer.text[:200])
    with world.env() as env:
        after = env[PROVIDER].browse(ai["provider"]).read(load=None)[0]
        assert {name: after[name] for name, _value in changes} == {
            name: before[name] for name, _value in changes
        }


@pytest.mark.parametrize("person", _PERSONS)
def test_only_administrators_set_up_providers_and_agreements(world, ai, person):
    key = world.key(person)
    values = {"name": f"By {person}", "base_url": "https://ai.example.com", "model_name": "x"}
    answer = key.post(PROVIDER, "create", vals_list=[values], context=FORGED)
    assert (answer.status_code == 200) == (person in _ADMINISTRATORS), (person, answer.text[:200])
    for model, vals in (
        (RUN, {"provider_id": ai["provider"], "tokens_in": 1}),
        ("hc.ai.answer", {"digest": "x"}),
    ):
        answer = key.post(model, "create", vals_list=[vals], context=FORGED)
        assert answer.status_code in REFUSED, (person, model, answer.text[:200])


@pytest.mark.parametrize(
    "address",
    [
        "http://ai.example.com/v1",
        "https://user:password@ai.example.com/v1",
        "ftp://ai.example.com",
        "https://ai.example.com/v1?key=1",
        "file:///etc/passwd",
        "https://",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_is_none_is_refused(world, ai, address):
    values = {"name": f"At {address}", "base_url": address, "model_name": "x"}
    answer = world.key("administrator").post(PROVIDER, "create", vals_list=[values])
    assert answer.status_code in REFUSED, answer.text[:200]


@pytest.mark.parametrize(
    "address",
    ["https://169.254.169.254/v1", "https://127.0.0.1:8069/v1", "https://[::1]/v1",
     "https://10.0.0.5/v1", "https://localhost/v1"],
)  # fmt: skip
def test_an_internal_address_without_allowance_is_never_called(world, ai, address):
    """A test call of such a provider tells what is missing, and nothing goes out."""
    key = world.key("administrator")
    values = {"name": f"In {address}", "base_url": address, "model_name": "x"}
    values["secret_id"] = ai["secret"]
    made = key.post(PROVIDER, "create", vals_list=[values])
    if made.status_code != 200:
        return
    (provider_id,) = made.json()
    answer = key.post(PROVIDER, "action_test", ids=[provider_id])
    text = answer.text.lower()
    assert "success" not in text, text[:300]
    with world.env() as env:
        assert env[PROVIDER].browse(provider_id).state == "draft"
