# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The inbound border under attack, over HTTP: forged, oversized, malformed, flooded."""

import gzip
import http.client
import itertools
import json
import socket
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import senders

OTHER_SECRET = "whsec_YW5vdGhlci1zZWNyZXQtb2YtdGVzdHM="
_MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def code(odoo_env):
    """Code of a connected system."""
    with odoo_env() as env:
        return senders.connect_source(env).code


def _count(odoo_env, code):
    with odoo_env() as env:
        return env["hc.exchange"].search_count([("source", "=", code)])


def _signed(message_id="m", body=b"{}", **keywords):
    return senders.signed_headers(message_id, body, **keywords)


FORGED = {
    "no headers": {},
    "no signature": {**_signed(), "webhook-signature": ""},
    "wrong secret": _signed(secret=OTHER_SECRET),
    "other body": _signed(body=b'{"a": 1}'),
    "other id": {**_signed(), "webhook-id": "another"},
    "old": _signed(moment=time.time() - 3600),
    "future": _signed(moment=time.time() + 3600),
    "asymmetric version instead": {**_signed(), "webhook-signature": "v1a,AAAA"},
    "body signed without id and time": {**_signed(), "webhook-signature": "v1,AAAA"},
    "a key instead of a signature": {"Authorization": f"Bearer {senders.SECRET}"},
    "the secret as signature": {**_signed(), "webhook-signature": f"v1,{senders.SECRET[6:]}"},
    "Stripe's header instead": {"Stripe-Signature": f"t={int(time.time())},v1={'0' * 64}"},
    "a digest instead": {"X-Signature": "0" * 64},
    "doubled header": {**_signed(), "webhook-timestamp": "1, 2"},
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_forged_is_refused_and_leaves_nothing(odoo_env, base_url, code, name):
    before = _count(odoo_env, code)
    headers = {"Content-Type": "application/json", **FORGED[name]}
    status, answer_headers, document = senders.post(
        base_url, f"/hc/v1/inbound/{code}", b"{}", headers
    )
    assert (status, document["code"]) == (401, "not_authenticated")
    unknown = senders.post(base_url, "/hc/v1/inbound/nobody", b"{}", headers)
    assert (unknown[0], unknown[2]) == (status, document)
    assert set(unknown[1]) == set(answer_headers)
    assert _count(odoo_env, code) == before


def test_clocks_may_differ_by_five_minutes(base_url, code):
    for seconds, expected in ((-290, 202), (290, 202), (-310, 401), (310, 401)):
        message_id = f"clock-{uuid.uuid4().hex}"
        body = senders.event_body(message_id)
        headers = senders.signed_headers(message_id, body, moment=time.time() + seconds)
        status, _headers, _document = senders.post(
            base_url, f"/hc/v1/inbound/{code}", body, headers
        )
        assert status == expected, seconds


def test_a_replay_changes_nothing(odoo_env, base_url, code):
    message_id = f"replay-{uuid.uuid4().hex}"
    body = senders.event_body(message_id)
    headers = senders.signed_headers(message_id, body)
    before = _count(odoo_env, code)
    path = f"/hc/v1/inbound/{code}"
    answers = [senders.post(base_url, path, body, headers)[0] for _time in range(5)]
    assert answers == [202, 200, 200, 200, 200]
    assert senders.post(base_url, path, body, headers | {"webhook-id": "fresh"})[0] == 401
    assert _count(odoo_env, code) == before + 1


def test_a_body_of_fifty_megabytes_is_not_read(base_url, code):
    """Announced: refused by its length; in chunks: refused where it passes the limit."""
    path = f"/hc/v1/inbound/{code}"
    for body in (b" " * 51 * _MEGABYTE, itertools.repeat(b" " * 65536, 51 * 16)):
        connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=60)
        status = None
        try:
            headers = _signed() | {"Content-Type": "application/json"}
            connection.request("POST", path, body=body, headers=headers)
            status = connection.getresponse().status
        except OSError:
            pass  # it closed the connection while we were still sending
        finally:
            connection.close()
        assert status in (413, None)
    assert senders.send(base_url, code)[0] == 202


def test_a_body_in_chunks_is_accepted_within_the_limit(base_url, code):
    message_id = f"chunks-{uuid.uuid4().hex}"
    body = senders.event_body(message_id)
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=60)
    parts = iter([body[:20], body[20:]])
    connection.request(
        "POST",
        f"/hc/v1/inbound/{code}",
        body=parts,
        headers=senders.signed_headers(message_id, body),
    )
    assert connection.getresponse().status == 202
    connection.close()


def test_a_body_that_ends_early_is_no_message(odoo_env, base_url, code):
    """Nor does one that never comes keep others waiting."""
    before = _count(odoo_env, code)
    body = senders.event_body(message_id := f"cut-{uuid.uuid4().hex}")
    stalled = [http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=60) for _ in range(4)]
    for connection in stalled:
        connection.putrequest("POST", f"/hc/v1/inbound/{code}")
        for name, value in senders.signed_headers(message_id, body).items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body[:10])
    started = time.monotonic()
    assert senders.send(base_url, code)[0] == 202
    assert time.monotonic() - started < 30
    for connection in stalled:
        connection.sock.shutdown(socket.SHUT_WR)
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["code"]) == (400, "body_unreadable")
        connection.close()
    assert _count(odoo_env, code) == before + 1


def test_a_compressed_bomb_is_not_opened(base_url, code):
    bomb = gzip.compress(b" " * 50 * _MEGABYTE)
    for encoding in ("gzip", "deflate", "br", "identity, gzip"):
        status, _headers, document = senders.send(
            base_url, code, "bomb", bomb, Content_Encoding=encoding
        )
        assert (status, document["code"]) == (415, "content_encoding_unsupported")


HOSTILE = {
    "deep lists": (b"[" * 10_000 + b"]" * 10_000, "json_too_deep"),
    "deep objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "json_too_deep"),
    "unclosed": (b"[" * 900_000, "json_too_deep"),
    "not a number": (b'{"a": NaN}', "json_number"),
    "a long number": (b'{"a": ' + b"9" * 500_000 + b"}", "json_number"),
    "names twice": (b'{"id": "a", "id": "b"}', "json_name_twice"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "body_not_utf8"),
    "Latin-1": ('{"a": "é"}'.encode("latin-1"), "body_not_utf8"),
    "no JSON": (b"specversion=1.0", "json_invalid"),
    "a list": (b"[]", "envelope_invalid"),
    "nothing": (b"", "json_invalid"),
    "a zero byte": (b'{"specversion":"1.0","source":"\\u0000","id":"a"}', "envelope_invalid"),
    "half a character": (b'{"specversion":"1.0","source":"\\ud800","id":"a"}', "envelope_invalid"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_is_refused_quickly(odoo_env, base_url, code, name):
    body, expected = HOSTILE[name]
    before = _count(odoo_env, code)
    status, headers, document = senders.send(base_url, code, f"h-{uuid.uuid4().hex}", body)
    assert (status, document["code"]) in ((400, expected), (422, expected))
    assert headers["Content-Type"] == "application/problem+json"
    assert _count(odoo_env, code) == before


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"type": "encounter.deleted.v1"}, "event_type_unknown"),
        ({"type": "encounter.completed.v19"}, "event_version_unknown"),
        ({"type": "../../etc.passwd.v1"}, "envelope_invalid"),
        ({"time": "2999-01-01T00:00:00Z"}, "envelope_invalid"),
        ({"sequence": 2**40}, "envelope_invalid"),
        ({"data": "text"}, "envelope_invalid"),
        ({"data_base64": "e30=", "data": 7}, "envelope_invalid"),
    ],
)
def test_an_unknown_event_is_refused(base_url, code, attributes, expected):
    message_id = f"u-{uuid.uuid4().hex}"
    body = senders.event_body(message_id, **attributes)
    status, _headers, document = senders.send(base_url, code, message_id, body)
    assert (status, document["code"]) == (422, expected)


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "",
     "application/json; charset=iso-8859-1", "application/json; charset=utf-16"],
)  # fmt: skip
def test_another_media_type_or_charset_is_refused(base_url, code, media_type):
    status, _headers, document = senders.send(base_url, code, Content_Type=media_type)
    assert (status, document["code"]) in (
        (415, "media_type_unsupported"),
        (415, "charset_unsupported"),
    )


@pytest.mark.parametrize("path", ["..%2f..%2fweb", "%00", "a" * 5000, "'%20OR%201=1", "{code}/x"])
def test_a_made_up_address_is_no_source(base_url, code, path):
    headers = _signed() | {"Content-Type": "application/json"}
    path = path.replace("{code}", code)
    status, _headers, _document = senders.post(base_url, f"/hc/v1/inbound/{path}", b"{}", headers)
    assert status in (400, 401, 404, 414)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_only_post_is_answered(base_url, code, method):
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=60)
    connection.request(method, f"/hc/v1/inbound/{code}", body=b"{}", headers=_signed())
    assert connection.getresponse().status == 405
    connection.close()


def test_the_same_id_of_another_company_is_another_message(odoo_env, base_url, code):
    with odoo_env() as env:
        company = env["res.company"].create({"name": f"Elsewhere {uuid.uuid4().hex}"})
        other = senders.connect_source(env, company=company).code
        company_id = company.id
    message_id = f"shared-{uuid.uuid4().hex}"
    answers = [senders.send(base_url, name, message_id) for name in (code, other)]
    assert [answer[0] for answer in answers] == [202, 202]
    assert answers[0][2]["id"] != answers[1][2]["id"]
    with odoo_env() as env:
        rows = env["hc.exchange"].browse([answer[2]["id"] for answer in answers])
        assert rows[1].company_id.id == company_id != rows[0].company_id.id
        # Neither sees what the other sent.
        for row, stranger in ((rows[0], rows[1].create_uid), (rows[1], rows[0].create_uid)):
            assert not env["hc.exchange"].with_user(stranger).search([("id", "=", row.id)])


def test_a_flood_of_one_source_is_stopped_and_others_go_on(odoo_env, base_url, code):
    with odoo_env() as env:
        flooding = senders.connect_source(env, rate_per_minute=30).code
    with ThreadPoolExecutor(8) as pool:
        flood = [pool.submit(senders.send, base_url, flooding) for _number in range(240)]
        others = [senders.send(base_url, code)[0] for _number in range(20)]
        answers = [answer.result() for answer in flood]
    assert others == [202] * 20
    accepted = [answer for answer in answers if answer[0] == 202]
    refused = [answer for answer in answers if answer[0] == 429]
    assert len(accepted) + len(refused) == 240
    assert 30 <= len(accepted) < 120
    assert all(1 <= int(answer[1]["Retry-After"]) <= 60 for answer in refused)
    time.sleep(1.1)
    senders.send(base_url, flooding)  # what was counted meanwhile is written with the next one
    with odoo_env() as env:
        rows = env["hc.integration.refusal"].search(
            [("source_id.code", "=", flooding), ("reason", "=", "rate_exceeded")]
        )
        assert len(rows) <= 5
        assert sum(rows.mapped("refusal_count")) >= len(refused)


def test_guessing_is_counted_in_few_rows(odoo_env, base_url, code):
    def guess(number):
        return senders.send(base_url, code, webhook_signature=f"v1,{'A' * 42}{number % 10}=")[0]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(guess, range(100))) == {401}
    time.sleep(1.1)
    guess(0)
    with odoo_env() as env:
        rows = env["hc.integration.refusal"].search(
            [("source_id.code", "=", code), ("reason", "=", "signature_wrong")]
        )
        assert sum(rows.mapped("refusal_count")) >= 100
        assert len(rows) <= 10


def test_eighty_duplicates_at_once_are_one_row(odoo_env, base_url, code):
    message_id = f"dup-{uuid.uuid4().hex}"
    body = senders.event_body(message_id)
    before = _count(odoo_env, code)
    with ThreadPoolExecutor(16) as pool:
        answers = list(
            pool.map(lambda _n: senders.send(base_url, code, message_id, body)[0], range(80))
        )
    assert sorted(answers) == [200] * 79 + [202]
    assert _count(odoo_env, code) == before + 1
