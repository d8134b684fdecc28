# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which subscriptions an event is for: compiled once, asked for every fact without a query."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .cloud_event import event_type, model_code

ALL = ".*"

Test = Callable[[Mapping[str, Any]], bool | None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one subscription wants.

    Attributes:
        id: of the subscription.
        company_id: only facts of this company.
        types: codes such as ``billing_case.ready``; ``billing_case.*`` for all of a model.
        facility_ids: only facts of these facilities; empty for all, those without one included.
        tests: conditions that all hold, each a function of :func:`thin_values`.
    """

    id: int
    company_id: int
    types: frozenset[str]
    facility_ids: frozenset[int] = frozenset()
    tests: tuple[Test, ...] = ()

    def wants(self, row: Mapping[str, Any]) -> bool:
        """Whether a fact, of a type that it wants, is for it. Unknown is no."""
        if row["company_id"] != self.company_id:
            return False
        if self.facility_ids and row["facility_id"] not in self.facility_ids:
            return False
        if not self.tests:
            return True
        values = thin_values(row)
        return all(test(values) is True for test in self.tests)


def thin_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what conditions may ask about: nothing that the payload would not say."""
    return {
        "kind": row["kind"],
        "field": row["field_name"],
        "from": row["from_state"],
        "to": row["to_state"],
        "sequence": row["sequence"],
        "record_id": row["res_id"],
    }


@dataclass(frozen=True)
class Matcher:
    """All subscriptions that take events, by what they want."""

    subscriptions: tuple[Subscription, ...] = ()
    muted_models: frozenset[str] = frozenset()
    _by_type: dict[str, list[Subscription]] = field(default_factory=dict, init=False)

    def __post_init__(self):
        for subscription in self.subscriptions:
            for code in subscription.types:
                self._by_type.setdefault(code, []).append(subscription)

    def __bool__(self):
        return bool(self.subscriptions)

    def match(self, rows: Iterable[Mapping[str, Any]]) -> list[tuple[int, str, Mapping[str, Any]]]:
        """Return ``(subscription id, type, row)`` for every subscription that a row is for.

        Args:
            rows: log entries by column, as they are inserted: their facts are JSON text.
        """
        found = []
        for row in rows:
            if row["res_model"] in self.muted_models:
                continue
            event = json.loads(row["facts"]).get("event") if row["kind"] == "event" else None
            code = event_type(row["res_model"], row["kind"], row["to_state"], event)
            if code is None:
                continue
            wanted = {each.id: each for each in self._by_type.get(code, ())}
            for each in self._by_type.get(model_code(row["res_model"]) + ALL, ()):
                wanted[each.id] = each
            found += [(each.id, code, row) for each in wanted.values() if each.wants(row)]
        return found
