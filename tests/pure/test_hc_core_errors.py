# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Messages of refusals are public: complete, and safe against their templates."""

import pytest
from hc_core import csv_reader, errors, npi
from hc_core.templates import MAX_VALUE_LENGTH, readable, render
from hypothesis import given
from hypothesis import strategies as st

HIERARCHY = [
    errors.AmountError,
    errors.FactError,
    errors.PatternError,
    errors.RuleError,
    errors.RuleSetError,
    csv_reader.CsvFileError,
    npi.NpiError,
]


@given(st.text(), st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_rendering_never_raises(template, values):
    assert isinstance(render(template, values), str)


@given(st.text(alphabet="{}ab.[]_!:0", max_size=20))
def test_a_template_reaches_names_only(template):
    class Guarded:
        def __getattribute__(self, name):
            if name in ("a", "b", "_"):
                raise AssertionError(name)
            return object.__getattribute__(self, name)

        def __str__(self):
            return "shown"

    assert isinstance(render(template, {"a": Guarded(), "b": Guarded()}), str)


def test_a_missing_value_stays_visible():
    assert render("{code}: {units}", {"code": "J1100"}) == "J1100: {?units}"


def test_values_are_shortened():
    assert len(readable("x" * 5000)) == MAX_VALUE_LENGTH
    assert readable(list(range(30))).endswith("and 10 more")
    assert readable({"b", "a"}) == "a, b"


@pytest.mark.parametrize("kind", HIERARCHY, ids=lambda kind: kind.__name__)
def test_every_message_says_something_under_a_code_of_its_own(kind):
    for code, template in kind.messages.items():
        assert code == code.lower().replace(" ", "_")
        assert template.endswith((".", "{suggestion}", "{problems}", "{reason}"))
        assert issubclass(kind, errors.HcError)


def test_an_unlisted_code_shows_its_parameters():
    assert str(errors.HcError("stuck", record=7)) == "stuck (record: 7)"
