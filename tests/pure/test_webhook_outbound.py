# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is sent, how it is signed, to whom, and what becomes of it: decided without a database."""

import base64
import doctest
import hashlib
import hmac
import json
from datetime import datetime

import pytest
from hc_webhook_core import cloud_event, delivery_policy, signing, subscription_match
from hc_webhook_core.cloud_event import ThinEvent, envelope, event_type, serialize
from hc_webhook_core.delivery_policy import DEAD, DELIVERED, GONE, MAX_ATTEMPTS, RETRY, judge
from hc_webhook_core.signing import sign, signature_headers
from hc_webhook_core.subscription_match import Matcher, Subscription

NOON = datetime(2026, 3, 2, 12)


@pytest.mark.parametrize("module", [cloud_event, delivery_policy, signing, subscription_match])
def test_docstring_examples(module):
    assert doctest.testmod(module).failed == 0


def test_the_signature_is_that_of_the_specification():
    """The example of the Standard Webhooks libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    signature = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_text_secret_is_its_own_key():
    """What n8n's Crypto node computes from a secret that it takes as text."""
    expected = hmac.new("päss word".encode(), b"a.1.x", hashlib.sha256).digest()
    assert sign("päss word", "a", 1, b"x") == "v1," + base64.b64encode(expected).decode()
    assert sign("whsec_not base64!", "a", 1, b"x").startswith("v1,")


def test_every_valid_secret_signs_and_none_is_not_enough():
    headers = signature_headers(["new", "old"], "a", 1, b"x")
    signatures = headers["webhook-signature"].split(" ")
    assert signatures == [sign("new", "a", 1, b"x"), sign("old", "a", 1, b"x")]
    with pytest.raises(ValueError, match="at least one secret"):
        signature_headers([], "a", 1, b"x")


def _thin(**changes):
    vals = {
        "type": "billing_case.ready",
        "model": "hc.billing.case",
        "record_id": 7,
        "sequence": 3,
        "kind": "transition",
        "field": "state",
        "from_state": "draft",
        "to_state": "ready",
        "company_id": 1,
        "facility": "RIV",
        "occurred_at": NOON,
    }
    return ThinEvent(**{**vals, **changes})


def test_the_envelope_is_cloudevents_around_ids_and_codes():
    content = envelope(_thin(), "evt_3_512", "urn:uuid:x")
    assert content == {
        "specversion": "1.0",
        "id": "evt_3_512",
        "source": "urn:uuid:x",
        "type": "hc.billing_case.ready.v1",
        "subject": "hc.billing.case/7",
        "time": "2026-03-02T12:00:00Z",
        "sequence": "3",
        "datacontenttype": "application/json",
        "data": {
            "model": "hc.billing.case",
            "record_id": 7,
            "kind": "transition",
            "field": "state",
            "from": "draft",
            "to": "ready",
            "company_id": 1,
            "facility": "RIV",
        },
    }
    assert serialize(content) == serialize(json.loads(serialize(content)))


@pytest.mark.parametrize(
    ("kind", "to_state", "event", "expected"),
    [
        ("creation", "draft", None, "billing_case.draft"),
        ("transition", "ready", None, "billing_case.ready"),
        ("event", None, "Value Set!", "billing_case.value_set"),
        ("event", None, "custom.vip", "custom.vip"),
        ("event", None, "custom.Not a slug", "billing_case.custom_not_a_slug"),
        ("event", None, "!!", None),
        ("event", None, 7, None),
        ("event", None, None, None),
        ("decision", None, None, None),
        ("override", None, "x", None),
    ],
)
def test_types_of_log_entries(kind, to_state, event, expected):
    assert event_type("hc.billing.case", kind, to_state, event) == expected


@pytest.mark.parametrize(
    ("status", "outcome", "blames"),
    [
        (200, DELIVERED, False),
        (204, DELIVERED, False),
        (299, DELIVERED, False),
        (301, RETRY, False),
        (307, RETRY, False),
        (400, RETRY, False),
        (401, RETRY, False),
        (404, RETRY, False),
        (410, GONE, False),
        (429, RETRY, True),
        (500, RETRY, True),
        (503, RETRY, True),
    ],
)
def test_what_each_status_means(status, outcome, blames):
    verdict = judge(1, "d", status)
    assert (verdict.outcome, verdict.blames_endpoint) == (outcome, blames)


def test_the_schedule_lasts_three_days_and_ends():
    waits = [judge(attempt, "d", 500).wait_seconds for attempt in range(1, MAX_ATTEMPTS)]
    assert waits[:5] >= [5, 30, 120, 600, 3600]
    assert all(later >= earlier for earlier, later in zip(waits, waits[1:-1], strict=False))
    assert 3 * 86400 <= sum(waits) <= 3.7 * 86400
    assert judge(MAX_ATTEMPTS, "d", 500).outcome == DEAD
    assert judge(10**9, "d", 0, blames_host=True).outcome == DEAD


def test_what_failed_together_does_not_come_back_together():
    waits = {judge(5, f"delivery {number}", 500).wait_seconds for number in range(100)}
    assert len(waits) > 50
    assert all(3600 <= wait <= 4320 for wait in waits)


def test_retry_after_makes_a_wait_longer_never_shorter_nor_endless():
    assert judge(1, "d", 429, retry_after_seconds=90).wait_seconds == 90
    assert judge(4, "d", 429, retry_after_seconds=1).wait_seconds >= 600
    assert judge(1, "d", 503, retry_after_seconds=10**9).wait_seconds == 86400


def test_a_message_that_is_refused_for_its_content_does_not_block_for_days():
    assert [judge(attempt, "d", 422).outcome for attempt in (4, 5)] == [RETRY, DEAD]


def _row(**changes):
    vals = {
        "res_model": "hc.billing.case",
        "res_id": 7,
        "sequence": 1,
        "kind": "transition",
        "field_name": "state",
        "from_state": "draft",
        "to_state": "ready",
        "facts": "{}",
        "company_id": 1,
        "facility_id": 5,
    }
    return {**vals, **changes}


def _ids(subscriptions, *rows, muted=()):
    matches = Matcher(tuple(subscriptions), frozenset(muted)).match(rows)
    return [each[0] for each in matches]


def test_a_fact_goes_to_those_who_want_it_once_each():
    both = frozenset({"billing_case.ready", "billing_case.*"})
    wanting = [
        Subscription(1, 1, frozenset({"billing_case.ready"})),
        Subscription(2, 1, frozenset({"billing_case.*"})),
        Subscription(3, 1, both),
        Subscription(4, 1, frozenset({"billing_case.draft", "claim.*"})),
    ]
    assert _ids(wanting, _row()) == [1, 3, 2]
    assert _ids(wanting, _row(kind="decision", to_state=None)) == []


def test_another_company_another_facility_and_muted_models_are_not_told():
    everything = frozenset({"billing_case.*"})
    assert _ids([Subscription(1, 2, everything)], _row()) == []
    assert _ids([Subscription(1, 1, everything)], _row(company_id=None)) == []
    fenced = Subscription(1, 1, everything, frozenset({5}))
    assert _ids([fenced], _row(), _row(facility_id=6), _row(facility_id=None)) == [1]
    assert _ids([Subscription(1, 1, everything)], _row(), muted=["hc.billing.case"]) == []


def test_conditions_hold_all_and_unknown_is_no():
    tests = (lambda values: values["from"] == "draft", lambda values: None)
    everything = frozenset({"billing_case.*"})
    assert _ids([Subscription(1, 1, everything, frozenset(), tests)], _row()) == []
    assert _ids([Subscription(1, 1, everything, frozenset(), tests[:1])], _row()) == [1]


def test_an_event_of_the_log_is_matched_by_its_name():
    told = Subscription(1, 1, frozenset({"billing_case.value_set"}))
    row = _row(kind="event", to_state=None, facts='{"event": "value set"}')
    assert _ids([told], row) == [1]


def test_nobody_wants_anything():
    assert not Matcher()
    assert Matcher().match([_row()]) == []
