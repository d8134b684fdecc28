# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Where a patient's payment goes, to the cent."""

from decimal import Decimal

import pytest
from dunning_samples import BASE_DAY, CENTS, DAYS, POSITIVE, steady
from hc_dunning_core.allocation import OpenItem, allocate
from hc_dunning_core.errors import DunningError
from hypothesis import given
from hypothesis import strategies as st

KEYS = "abcdefgh"


@st.composite
def open_items(draw):
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    return [
        OpenItem(key, draw(DAYS), draw(CENTS), draw(st.booleans()), draw(st.booleans()))
        for key in keys
    ]


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
        assert not by_key[key].is_disputed or key in named
    if result.unapplied:
        payable = [item for item in items if item.key in named or not item.is_disputed]
        assert all(amounts.get(item.key, 0) == max(item.open_amount, 0) for item in payable)
    # All parts but the last fill their item.
    for key, part in result.parts[:-1]:
        assert part == by_key[key].open_amount


@steady
@given(POSITIVE, open_items(), NAMED, st.randoms(use_true_random=False))
def test_the_order_of_the_items_does_not_matter(payment, items, named, chance):
    result = allocate(payment, items, named)
    chance.shuffle(items)
    assert allocate(payment, items, named) == result


def test_named_first_then_instalments_then_the_oldest():
    def item(key, days, **values):
        return OpenItem(key, BASE_DAY.replace(day=days), Decimal("10.00"), **values)

    items = [
        item("new", 20),
        item("old", 1),
        item("part", 25, is_instalment=True),
        item("disputed", 2, is_disputed=True),
        item("named", 28),
    ]
    result = allocate(Decimal("45.00"), items, ["named", "disputed", "elsewhere"])
    assert [key for key, _part in result.parts] == ["named", "disputed", "part", "old", "new"]
    assert result.parts[-1] == ("new", Decimal("5.00"))
    plain = allocate(Decimal("45.00"), items)
    assert [key for key, _part in plain.parts] == ["part", "old", "new", "named"]
    assert plain.unapplied == Decimal("5.00")
    assert allocate(Decimal("1.00"), items, ["old", "new", "old"]).parts[0][0] == "old"


def test_what_is_refused():
    item = OpenItem("a", BASE_DAY, Decimal("1.00"))
    for payment, items in ((Decimal(0), []), (Decimal("0.001"), []), (Decimal(1), [item, item])):
        with pytest.raises(DunningError):
            allocate(payment, items)
