# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Laws of order: however the network shuffles and repeats, the end is the same."""

from datetime import datetime, timedelta

from hc_webhook_core.ordering import RIGHTS, Told, decide, digest, position, read_told
from hypothesis import given, settings
from hypothesis import strategies as st

FIELDS = ("street", "city", "zip")
START = datetime(2026, 3, 2, 8)

values = st.one_of(st.none(), st.sampled_from(["Ada", "ADA ", "Bob", "Cy"]))
contents = st.dictionaries(st.sampled_from(FIELDS), values, min_size=1)
rights = st.fixed_dictionaries({name: st.sampled_from(RIGHTS) for name in FIELDS})
records = st.fixed_dictionaries(dict.fromkeys(FIELDS, values))


@st.composite
def histories(draw):
    """Events of one subject, and two ways in which a network delivers them."""
    events = []
    is_numbered = draw(st.booleans())
    for index, content in enumerate(draw(st.lists(contents, min_size=1, max_size=5))):
        minutes = draw(st.integers(0, 3))
        number = draw(st.integers(1, 4)) if is_numbered else 0
        place = position(number, START + timedelta(minutes=minutes), f"m{index}")
        events.append((place, content))
    ways = [draw(st.permutations(events)) for _way in range(2)]
    repeats = draw(st.lists(st.sampled_from(events), max_size=4))
    return ways[0], [*ways[1], *repeats]


def deliver(events, record, right_by_field):
    """Apply events as they come; the record, and what is proposed at the end."""
    record, told, proposed = dict(record), {}, {}
    for place, content in events:
        decision = decide(content, record, place, told, right_by_field.__getitem__)
        for name in decision.write:
            record[name] = content[name]
        for name in (*decision.write, *decision.same):
            proposed.pop(name, None)
        proposed |= {name: content[name] for name in decision.propose}
        told = read_told({name: each.to_json() for name, each in decision.told.items()})
    return (
        {name: digest(value) for name, value in record.items()},
        {name: digest(value) for name, value in proposed.items()},
    )


@settings(max_examples=400, deadline=None)
@given(histories(), records, rights)
def test_any_order_and_repetition_ends_in_the_same_state(ways, record, right_by_field):
    first, second = ways
    assert deliver(first, record, right_by_field) == deliver(second, record, right_by_field)


@settings(max_examples=200, deadline=None)
@given(histories(), records)
def test_who_may_only_propose_writes_nothing(ways, record):
    after, _proposed = deliver(ways[0], record, dict.fromkeys(FIELDS, "propose"))
    assert after == {name: digest(value) for name, value in record.items()}


@settings(max_examples=200, deadline=None)
@given(histories(), records)
def test_who_may_only_fill_never_overwrites_what_people_typed(ways, record):
    after, _proposed = deliver(ways[0], record, dict.fromkeys(FIELDS, "fill"))
    for name, value in record.items():
        assert not digest(value) or after[name] == digest(value)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from("ab")), min_size=3))
def test_positions_are_totally_ordered(raw):
    places = {position(n, START + timedelta(minutes=m), i) for n, m, i in raw}
    ordered = sorted(places)
    assert all(first < second for first, second in zip(ordered, ordered[1:], strict=False))


def test_what_a_person_changed_since_is_not_overwritten_by_filling():
    first = position(0, START, "a")
    second = position(0, START + timedelta(hours=1), "b")
    told = decide({"zip": "1"}, {"zip": None}, first, {}, lambda name: "fill").told
    assert told == {"zip": Told(first, digest("1"))}
    own = decide({"zip": "2"}, {"zip": "1"}, second, told, lambda name: "fill")
    assert own.write == ("zip",)
    corrected = decide({"zip": "2"}, {"zip": "9"}, second, told, lambda name: "fill")
    assert (corrected.write, corrected.propose) == ((), ("zip",))


def test_an_older_event_is_superseded_field_by_field():
    newer = position(0, START + timedelta(hours=1), "b")
    told = decide({"zip": "2"}, {}, newer, {}, lambda name: "owner").told
    older = decide(
        {"zip": "1", "city": "Ada"},
        {"zip": "2"},
        position(0, START, "a"),
        told,
        lambda name: "owner",
    )
    assert (older.write, older.superseded) == (("city",), ("zip",))
