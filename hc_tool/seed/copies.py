# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Copies of everything that a mould left, a batch of copies by one statement."""

from collections.abc import Iterator

from .columns import SHIFT_FUNCTION, Columns

# Bounds the memory of the server: keys to check are kept until a statement ends.
_BATCH_CASES = 4000


def batches(mould) -> Iterator[tuple[int, int]]:
    """Yield the numbers of the first and last copy of each batch.

    Args:
        mould: plan of the mould.
    """
    size = max(1, _BATCH_CASES // mould.case_count)
    for first in range(1, mould.copy_count + 1, size):
        yield first, min(first + size - 1, mould.copy_count)


def advance_sequences(env, footprint, copy_count: int) -> None:
    """Let the next record of the application follow the copies.

    Args:
        env: environment of the superuser.
        footprint: spans of the mould by table.
        copy_count: its copies.
    """
    for table, span in footprint.items():
        env.cr.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
            [table, span.after(copy_count) - 1],
        )


class Copier:
    """Writes the copies of one mould, the log apart.

    All tables are filled by one statement: rows refer to each other in circles (a case to its last
    evaluation, the evaluation to its case), and the server checks foreign keys when a statement
    ends.

    Args:
        env: environment of the superuser.
        mould: plan of the mould.
        footprint: its spans by table.
        models: the models of the tables.
    """

    def __init__(self, env, mould, footprint, models):
        self.env = env
        self.mould = mould
        self.footprint = footprint
        self.models = {table: models[table] for table in sorted(footprint)}
        columns = Columns(env, footprint)
        self._inserts = [self._table_insert(columns, model) for model in self.models.values()]
        self._inserts += self._link_inserts(columns)
        env.cr.execute("DROP FUNCTION IF EXISTS pg_temp.hc_seed_shift_dates")
        env.cr.execute(SHIFT_FUNCTION)

    def copy(self, first_copy: int, last_copy: int) -> int:
        """Write a batch of copies and return how many rows that were.

        Args:
            first_copy: its first number.
            last_copy: its last number.
        """
        parts = ",\n".join(
            f"part_{number} AS ({insert} RETURNING 1)"
            for number, insert in enumerate(self._inserts)
        )
        counts = " + ".join(
            f"(SELECT count(*) FROM part_{number})" for number in range(len(self._inserts))
        )
        self.env.cr.execute(
            f"WITH copy AS (SELECT copy, days FROM hc_seed_age WHERE mould = '{self.mould.name}'"
            f" AND copy BETWEEN {first_copy} AND {last_copy}),\n{parts}\nSELECT {counts}"
        )
        return self.env.cr.fetchone()[0]

    def _table_insert(self, columns, model):
        table = model._table
        span = self.footprint[table]
        expressions = columns.of_model(model)
        source = f'"{table}" original CROSS JOIN copy'
        if table == "account_move_line":
            source += " JOIN account_move move ON move.id = original.move_id"
        names = ", ".join(f'"{name}"' for name in expressions)
        return (
            f'INSERT INTO "{table}" ({names}) SELECT {", ".join(expressions.values())}'
            f" FROM {source} WHERE original.id BETWEEN {span.first} AND {span.last}"
            " ORDER BY copy.copy, original.id"
        )

    def _link_inserts(self, columns):
        """Inserts into the tables that link two models, each table once."""
        links = {}
        for model in self.models.values():
            for field in model._fields.values():
                if field.type == "many2many" and field.store and field.relation:
                    links.setdefault(field.relation, (model, field))
        return [self._link_insert(columns, *link) for _relation, link in sorted(links.items())]

    def _link_insert(self, columns, model, field):
        span = self.footprint[model._table]
        own, other = f'original."{field.column1}"', f'original."{field.column2}"'
        comodel = self.env[field.comodel_name]
        return (
            f'INSERT INTO "{field.relation}" ("{field.column1}", "{field.column2}")'
            f" SELECT {columns.moved_id(model._table, own)},"
            f" {columns.moved_id(comodel._table, other)}"
            f' FROM "{field.relation}" original CROSS JOIN copy'
            f" WHERE {own} BETWEEN {span.first} AND {span.last}"
        )
