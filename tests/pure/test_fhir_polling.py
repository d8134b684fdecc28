# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Asking a FHIR server: no stretch of time is left out, and the key goes to nobody else."""

import json
from datetime import datetime, timedelta

import pytest
from fhir_documents import samples
from hc_fhir.fhir_reader import read_fhir
from hc_fhir.findings import DocumentError
from hc_fhir.polling import first_url, join_pages, next_window, read_page
from hc_fhir.records import Patient
from hypothesis import given
from hypothesis import strategies as st

BASE = "https://ehr.example.org/fhir/r4"
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.none())


def page(**changes):
    """A page of an answer as bytes."""
    return json.dumps({"resourceType": "Bundle", "type": "searchset", **changes}).encode()


def link(url):
    """A page that leads to another one."""
    return page(link=[{"relation": "self", "url": "x"}, {"relation": "next", "url": url}])


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (f"{BASE}?page=2", f"{BASE}?page=2"),
        ("https://ehr.example.org/other?x=1", "https://ehr.example.org/other?x=1"),
        ("?page=2", f"{BASE}?page=2"),
        ("/fhir/next", "https://ehr.example.org/fhir/next"),
    ],
)
def test_the_next_page_of_the_same_server_is_asked_for(url, found):
    assert read_page(link(url), BASE) == (0, found)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/fhir",
        "https://ehr.example.org.evil.example/x",
        "https://ehr.example.org@evil.example/x",
        "http://ehr.example.org/x",
        "https://ehr.example.org:8443/x",
        "//evil.example/x",
        "https:\\\\evil.example",
        "https://ehr.example.org/x y",
        "",
        None,
        5,
    ],
)
def test_a_page_that_lies_elsewhere_is_not_asked_for(url):
    with pytest.raises(DocumentError) as refusal:
        read_page(link(url), BASE)
    assert refusal.value.code == "bad_link"


@pytest.mark.parametrize(
    "content", [b"{}", b"[]", page(type="collection"), page(entry={}), page(link={})]
)
def test_what_is_no_page_is_refused(content):
    with pytest.raises(DocumentError) as refusal:
        read_page(content, BASE)
    assert refusal.value.code == "no_page"


def test_pages_become_one_document_as_they_came():
    pages = [page(entry=[{"resource": samples.patient(number)}]) for number in ("1", "2")]
    joined = join_pages([pages[0], b"\xef\xbb\xbf" + pages[1]])
    assert all(content in joined for content in pages)
    assert [p.mrn for p in read_fhir(joined).select(Patient)] == ["300001", "300002"]


@given(MOMENTS, MOMENTS, st.integers(0, 60), st.integers(1, 2000))
def test_windows_leave_no_gap_and_come_to_an_end(cursor, as_of, overlap, longest):
    overlap, longest = timedelta(minutes=overlap), timedelta(hours=longest)
    for _round in range(10_000):
        window = next_window(cursor, as_of, overlap, longest)
        if window is None:
            break
        assert window.start <= cursor < window.end <= as_of
        cursor = window.end
    assert next_window(cursor, as_of, overlap, longest) is None
    assert cursor >= as_of.replace(microsecond=0)


def test_both_bounds_are_asked_for():
    window = next_window(
        datetime(2026, 3, 2), datetime(2026, 3, 2, 1), timedelta(0), timedelta(days=1)
    )
    assert first_url(BASE + "/", "Patient", window).startswith(
        f"{BASE}/Patient?_lastUpdated=ge2026-03-02T00:00:00Z&_lastUpdated=lt2026-03-02T01:00:00Z"
    )
