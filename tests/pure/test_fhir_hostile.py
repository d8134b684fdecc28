# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whatever comes: findings or one refusal, never a crash, in bounded time."""

import json
import time

from fhir_documents import drafts, naming_of, samples
from hc_fhir.digests import compare_versions, record_digest
from hc_fhir.drafts import build_drafts
from hc_fhir.fhir_reader import read_fhir
from hc_fhir.findings import DocumentError
from hc_fhir.polling import read_page
from hc_fhir.records import Patient, Version
from hc_fhir.v2_messages import read_hl7
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SOUND = [*samples.master_data(), *samples.visit(), samples.claim("2"), samples.document_reference()]
NAMES = sorted({name for resource in SOUND for name in resource} | {"reference", "coding", "value"})
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.sampled_from([0.5, -2.25, 1e10])
    | st.text(max_size=20)
    | st.sampled_from(["active", "Patient/p1", "2026-03-02", "finished", "#a", "urn:uuid:1"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=25,
)
TYPES = st.sampled_from(sorted({resource["resourceType"] for resource in SOUND}))
RELAXED = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])


def digest_all(intake):
    for draft in build_drafts(intake, naming_of(intake)):
        if draft.record:
            record_digest(draft.record, intake)


@RELAXED
@given(st.lists(st.tuples(TYPES, st.dictionaries(st.sampled_from(NAMES), ANY_JSON)), max_size=5))
def test_any_resources_become_drafts_or_findings(parts):
    resources = [values | {"resourceType": kind} for kind, values in parts]
    document = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": resource} for resource in resources],
    }
    intake = read_fhir(json.dumps(document).encode())
    assert len(intake.entries) == len(resources)
    digest_all(intake)


@RELAXED
@given(st.data())
def test_a_sound_document_spoiled_anywhere(data):
    document = json.loads(json.dumps(samples.bundle(*samples.visit(), samples.claim("2"))))
    place = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if not isinstance(inner, (dict, list)) or not inner or data.draw(st.booleans()):
            place[key] = data.draw(ANY_JSON)
            break
        place = inner
    try:
        intake = read_fhir(json.dumps(document).encode())
    except DocumentError:
        return
    digest_all(intake)


@RELAXED
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    for read in (read_fhir, read_hl7, lambda page: read_page(page, "https://ehr.example/fhir")):
        try:
            read(content)
        except DocumentError as refusal:
            assert refusal.code


SEGMENTS = st.sampled_from(["PID", "PV1", "IN1", "FT1", "DG1", "EVN", "ZXX"])
FIELDS = st.lists(st.text(alphabet='ab|^~\\&FST.X012389-+"', max_size=12), max_size=60)


@RELAXED
@given(st.lists(st.tuples(SEGMENTS, FIELDS), max_size=8))
def test_any_segments_become_drafts_or_findings(parts):
    lines = ["MSH|^~\\&|EHR|RIV|HC|X|20260302||DFT^P03|1|P|2.5"]
    lines += ["|".join([name, *fields]) for name, fields in parts]
    try:
        intake = read_hl7("\r".join(lines).encode())
    except DocumentError:
        return
    digest_all(intake)


def test_the_largest_documents_take_bounded_time():
    patients = [{"resource": {"resourceType": "Patient", "id": f"p{n}"}} for n in range(20_000)]
    hostile = (
        json.dumps({"resourceType": "Bundle", "type": "batch", "entry": patients}).encode(),
        b'{"resourceType":"Patient","name":[' + b"{}," * 500_000 + b"{}]}",
        b'{"a":"' + b'\\"' * 2_000_000,
        b'{"resourceType":"Patient","id":"' + b"x" * 5_000_000 + b'"}',
        b"MSH|^~\\&|" + b"~^&\\" * 500_000,
        b"MSH|^~\\&|EHR\r" + b"PID|1||" + b"~" * 1_000_000 + b"\r",
    )
    for content in hostile:
        started = time.process_time()
        for read in (read_fhir, read_hl7):
            try:
                digest_all(read(content))
            except DocumentError as refusal:
                assert refusal.code
        assert time.process_time() - started < 20


@given(st.permutations(samples.visit()))
def test_the_order_of_resources_does_not_matter(resources):
    document = json.dumps(samples.bundle(*resources)).encode()
    made = drafts(read_fhir(document))
    cells = {kind: [dict(draft.cells) for draft in made[kind]] for kind in ("visit", "charge")}
    straight = drafts(read_fhir(json.dumps(samples.bundle(*samples.visit())).encode()))
    assert cells == {k: [dict(draft.cells) for draft in straight[k]] for k in cells}


@given(st.permutations(samples.visit()))
def test_a_digest_does_not_depend_on_the_place(resources):
    def digest(order):
        intake = read_fhir(json.dumps(samples.bundle(*order)).encode())
        return {
            record.key: record_digest(record, intake)
            for entry in intake.entries
            for record in entry.records
        }

    assert digest(resources) == digest(samples.visit())


VERSIONS = st.builds(
    Version,
    st.sampled_from(["", "1", "2", "10", "x"]),
    st.none() | st.datetimes(timezones=st.none()),
)


@given(VERSIONS, VERSIONS)
def test_of_two_versions_never_both_are_newer_by_time(one, other):
    if one.last_updated and other.last_updated and one.last_updated != other.last_updated:
        verdicts = {compare_versions(one, other), compare_versions(other, one)}
        assert verdicts == {"newer", "older"}


def test_a_changed_element_changes_the_digest():
    first = read_fhir(json.dumps(samples.patient()).encode())
    second = read_fhir(json.dumps(samples.patient(gender="male")).encode())
    digests = {record_digest(intake.select(Patient)[0], intake) for intake in (first, second)}
    assert len(digests) == 2
