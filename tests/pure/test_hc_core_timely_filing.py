# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Days to file and charge lag."""

from datetime import date, timedelta

from hc_core.timely_filing import charge_lag_days, filing_days_left, filing_deadline
from hypothesis import given
from hypothesis import strategies as st

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(st.lists(DAYS, min_size=1, max_size=5), st.integers(0, 730), DAYS)
def test_days_left_are_the_limit_less_what_has_elapsed(service_dates, limit, as_of):
    elapsed = (as_of - max(service_dates)).days
    assert filing_days_left(service_dates, limit, as_of) == limit - elapsed


@given(DAYS, st.integers(0, 730))
def test_the_deadline_itself_is_timely(service_date, limit):
    deadline = filing_deadline([service_date], limit)
    assert filing_days_left([service_date], limit, deadline) == 0
    assert filing_days_left([service_date], limit, deadline + timedelta(1)) == -1


def test_without_a_service_there_is_no_deadline():
    assert filing_deadline([], 90) is None
    assert filing_days_left([], 90, date(2026, 1, 1)) is None


def test_a_charge_posted_ahead_has_no_lag():
    assert charge_lag_days(date(2026, 1, 2), posted_on=date(2026, 1, 1)) == 0
