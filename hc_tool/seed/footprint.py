# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a mould left in the database: for each table the rows that it added."""

from dataclasses import dataclass

# The server's own bookkeeping, and the log, whose copies need hashes of their own.
_LEFT_OUT_PREFIXES = ("ir.", "bus.", "base.", "mail.", "res.users", "hc.transition")


@dataclass(frozen=True)
class Span:
    """The ids of one table that a mould took, and where its copies go.

    Attributes:
        first: id of the first row.
        last: id of the last row.
        start: id that the first row has in the first copy.
    """

    first: int
    last: int
    start: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    def offset(self, copy: int) -> int:
        """What a copy, numbered from 1, adds to each id."""
        return self.start - self.first + (copy - 1) * self.size

    def after(self, copy_count: int) -> int:
        """The first id behind all copies."""
        return self.start + copy_count * self.size


def stored_models(env) -> dict:
    """Return the models whose rows are copied, by table; a table is named once."""
    found = {}
    for name in sorted(env.registry.models):
        model = env[name]
        is_left_out = name.startswith(_LEFT_OUT_PREFIXES)
        if model._auto and not model._abstract and not model._transient and not is_left_out:
            found.setdefault(model._table, model)
    return found


def last_ids(env, tables) -> dict[str, int]:
    """Return the highest id of each table."""
    ids = {}
    for table in tables:
        env.cr.execute(f'SELECT COALESCE(MAX(id), 0) FROM "{table}"')
        (ids[table],) = env.cr.fetchone()
    return ids


def footprint(before: dict, after: dict, starts: dict) -> dict[str, Span]:
    """Return the spans of the tables that grew.

    Args:
        before: highest ids before the mould was made.
        after: highest ids afterwards.
        starts: first free id of each table, for the copies.
    """
    return {
        table: Span(before[table] + 1, last, starts[table])
        for table, last in after.items()
        if last > before[table]
    }
