# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Days that matter between a service, its charge and its claim.

Calendar days throughout: payers' filing limits and the usual charge-lag measure (HFMA)
count them, not working days.
"""

from collections.abc import Iterable
from datetime import date, timedelta


def filing_deadline(service_dates: Iterable[date], limit_days: int) -> date | None:
    """Return the last day on which the claim is timely; None without a service.

    The clock starts on the last service date of the claim.

    >>> filing_deadline([date(2026, 1, 1), date(2026, 1, 3)], limit_days=90)
    datetime.date(2026, 4, 3)
    """
    last_service = max(service_dates, default=None)
    if last_service is None:
        return None
    return last_service + timedelta(days=limit_days)


def filing_days_left(service_dates: Iterable[date], limit_days: int, as_of: date) -> int | None:
    """Return the days that remain to file; negative once the deadline has passed.

    >>> filing_days_left([date(2026, 1, 3)], limit_days=90, as_of=date(2026, 4, 1))
    2
    >>> filing_days_left([date(2026, 1, 3)], limit_days=90, as_of=date(2026, 4, 4))
    -1
    """
    deadline = filing_deadline(service_dates, limit_days)
    return None if deadline is None else (deadline - as_of).days


def charge_lag_days(service_date: date, posted_on: date) -> int:
    """Return the days from the service to the posting of its charge, never negative.

    >>> charge_lag_days(date(2026, 1, 3), posted_on=date(2026, 1, 8))
    5
    """
    return max((posted_on - service_date).days, 0)
