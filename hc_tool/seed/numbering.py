# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""New numbers for copied cases and journal entries, as their sequences would give them."""

# One row for each copied document: what its number becomes.
TABLE = "hc_seed_number"

_CREATE = f"""
CREATE UNLOGGED TABLE {TABLE} (
    copy integer, old_number varchar, new_number varchar, prefix varchar, number integer,
    PRIMARY KEY (copy, old_number))
"""

# A prefix names the year of the entry's date: it changes with the copy's age.
_ENTRIES = f"""
INSERT INTO {TABLE} (copy, old_number, prefix, number, new_number)
SELECT copy, name, prefix, number,
       prefix || CASE WHEN length(number::text) >= width THEN number::text
                      ELSE lpad(number::text, width, '0') END
  FROM (SELECT aged.copy, aged.name, aged.prefix, aged.width,
               COALESCE(last.number, 0) + row_number() OVER (
                   PARTITION BY aged.journal_id, aged.prefix
                       ORDER BY aged.new_date, aged.copy, aged.id) AS number
          FROM (SELECT age.copy, entry.id, entry.name, entry.journal_id,
                       entry.date - age.days AS new_date,
                       length(entry.name) - length(entry.sequence_prefix) AS width,
                       replace(entry.sequence_prefix,
                               '/' || extract(year FROM entry.date) || '/',
                               '/' || extract(year FROM entry.date - age.days) || '/') AS prefix
                  FROM account_move entry CROSS JOIN hc_seed_age age
                 WHERE entry.id BETWEEN %(first)s AND %(last)s
                   AND entry.sequence_number > 0 AND age.mould = %(mould)s) aged
     LEFT JOIN (SELECT journal_id, sequence_prefix, MAX(sequence_number) AS number
                  FROM account_move WHERE sequence_number > 0
              GROUP BY journal_id, sequence_prefix) last
            ON last.journal_id = aged.journal_id AND last.sequence_prefix = aged.prefix) numbered
"""

# Case numbers count on through the years.
_CASES = f"""
INSERT INTO {TABLE} (copy, old_number, prefix, number, new_number)
SELECT copy, name, prefix, number,
       prefix || CASE WHEN length(number::text) >= width THEN number::text
                      ELSE lpad(number::text, width, '0') END
  FROM (SELECT age.copy, entry.name, length(substring(entry.name FROM '[0-9]+$')) AS width,
               regexp_replace(
                   regexp_replace(entry.name, '[0-9]+$', ''), '/[0-9]{{4}}/$',
                   '/' || extract(year FROM entry.create_date - make_interval(days => age.days))
                       || '/') AS prefix,
               %(last_number)s + row_number() OVER (ORDER BY age.copy, entry.id) AS number
          FROM hc_billing_case entry CROSS JOIN hc_seed_age age
         WHERE entry.id BETWEEN %(first)s AND %(last)s AND age.mould = %(mould)s) numbered
"""


def create_tables(env, plan) -> None:
    """Create the tables of the work: ages of the copies and, still empty, their numbers."""
    env.cr.execute("DROP TABLE IF EXISTS hc_seed_age")
    env.cr.execute(f"DROP TABLE IF EXISTS {TABLE}")
    env.cr.execute(
        "CREATE UNLOGGED TABLE hc_seed_age"
        " (mould varchar, copy integer, days integer, PRIMARY KEY (mould, copy))"
    )
    for mould in plan.moulds:
        ages = [mould.age_days(copy) for copy in range(1, mould.copy_count + 1)]
        env.cr.execute(
            "INSERT INTO hc_seed_age SELECT %s, copy, days"
            " FROM unnest(%s::integer[]) WITH ORDINALITY AS age(days, copy)",
            [mould.name, ages],
        )
    env.cr.execute(_CREATE)


def number_copies(env, mould, footprint) -> None:
    """Number all copies of a mould, after what is in the database already.

    Args:
        env: environment of the superuser.
        mould: its plan.
        footprint: its spans.
    """
    env.cr.execute(f"TRUNCATE {TABLE}")
    for query, table in ((_ENTRIES, "account_move"), (_CASES, "hc_billing_case")):
        span = footprint[table]
        values = {"mould": mould.name, "first": span.first, "last": span.last}
        env.cr.execute(query, {**values, "last_number": _last_case_number(env)})
    env.cr.execute(f"ANALYZE {TABLE}")


def _last_case_number(env) -> int:
    env.cr.execute("SELECT MAX(substring(name FROM '[0-9]+$')::integer) FROM hc_billing_case")
    return env.cr.fetchone()[0]


def advance_case_sequence(env) -> None:
    """Let the next case of the application follow the copies."""
    sequence = env["ir.sequence"].search([("code", "=", "hc.billing.case")], limit=1)
    sequence.number_next_actual = _last_case_number(env) + 1


def drop_tables(env) -> None:
    """Remove the tables of the work."""
    env.cr.execute(f"DROP TABLE {TABLE}, hc_seed_age")
