# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Where a patient's payment goes, to the cent."""

from decimal import Decimal

import pytest
from dunning_samples import BASE_DAY, CENTS, DAYS, POSITIVE, steady
from hc_dunning_core.allocation import OpenItem, allocate, spread
from hc_dunning_core.errors import DunningError
from hypothesis import given
from hypothesis import strategies as st

KEYS = "abcdefgh"


@st.composite
def open_items(draw):
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    return [OpenItem(key, draw(DAYS), draw(CENTS)) for key in keys]


NAMED = st.lists(st.sampled_from(KEYS), max_size=4)


@steady
@given(POSITIVE, open_items(), NAMED)
def test_parts_and_rest_are_the_payment(payment, items, named):
    result = allocate(payment, items, named)
    amounts = dict(result.parts)
    assert sum(amounts.values()) + result.unapplied == payment
    assert result.unapplied >= 0 and all(part > 0 for part in amounts.values())
    by_key = {item.key: item for item in items}
    for key, part in amounts.items():
        assert part <= by_key[key].open_amount
    if result.unapplied:
        assert all(amounts.get(item.key, 0) == max(item.open_amount, 0) for item in items)
    # All parts but the last fill their item.
    for key, part in result.parts[:-1]:
        assert part == by_key[key].open_amount


@steady
@given(POSITIVE, open_items(), NAMED, st.randoms(use_true_random=False))
def test_the_order_of_the_items_does_not_matter(payment, items, named, chance):
    result = allocate(payment, items, named)
    chance.shuffle(items)
    assert allocate(payment, items, named) == result


def test_named_first_then_the_oldest():
    def item(key, days):
        return OpenItem(key, BASE_DAY.replace(day=days), Decimal("10.00"))

    items = [item("new", 20), item("old", 1), item("named", 28)]
    result = allocate(Decimal("25.00"), items, ["named", "elsewhere"])
    assert [key for key, _part in result.parts] == ["named", "old", "new"]
    assert result.parts[-1] == ("new", Decimal("5.00"))
    plain = allocate(Decimal("35.00"), items)
    assert [key for key, _part in plain.parts] == ["old", "new", "named"]
    assert plain.unapplied == Decimal("5.00")
    assert allocate(Decimal("1.00"), items, ["old", "new", "old"]).parts[0][0] == "old"


@steady
@given(CENTS, st.lists(CENTS, max_size=8))
def test_an_amount_fills_rooms_in_order(amount, rooms):
    parts, rest = spread(amount, enumerate(rooms))
    assert sum(parts.values(), rest) == max(amount, 0)
    assert all(0 <= parts[place] <= max(room, 0) for place, room in enumerate(rooms))
    full = [parts[place] == max(room, 0) for place, room in enumerate(rooms)]
    assert all(all(full[:place]) for place, part in parts.items() if part)
    assert not rest or all(full)


def test_what_is_refused():
    item = OpenItem("a", BASE_DAY, Decimal("1.00"))
    for payment, items in ((Decimal(0), []), (Decimal("0.001"), []), (Decimal(1), [item, item])):
        with pytest.raises(DunningError):
            allocate(payment, items)
