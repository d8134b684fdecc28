# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Filling a database: moulds first, then their copies and the copies' log side by side."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from random import Random

from . import footprint, moulds, numbering
from .copies import Copier, batches
from .log import LogWriter
from .office import make_office
from .plan import SeedPlan

# What nobody will read: the log has it all.
_CONTEXT = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
}
_MAKERS = {"history": moulds.make_history, "current": moulds.make_current}


class Seeder:
    """Fills the database of an environment.

    Everything is committed step by step: a database in which this failed is thrown away.

    Args:
        env: environment of the superuser.
        plan: what to make.
        report: called with one line for each finished step.
    """

    def __init__(self, env, plan: SeedPlan, report=lambda line: None):
        self.env = env(context={**env.context, **_CONTEXT})
        self.plan = plan
        self.report = report
        self.seconds = {}
        self.row_count = 0

    def run(self) -> dict:
        """Make the moulds and their copies.

        Returns:
            Counts of rows by table, and the seconds of each step.
        """
        models = footprint.stored_models(self.env)
        footprints = self._make_moulds([*models, "hc_transition"])
        with self._step("sealing"):
            while self.env["hc.transition.seal"]._seal():
                pass
            numbering.create_tables(self.env, self.plan)
        for mould in self.plan.moulds:
            if mould.copy_count:
                self._multiply(mould, footprints[mould.name], models)
        with self._step("finishing"):
            numbering.advance_case_sequence(self.env)
            numbering.drop_tables(self.env)
            tables = sorted({table for spans in footprints.values() for table in spans})
            self.env.cr.execute(f"ANALYZE {', '.join(tables)}, hc_transition_seal")
        self.env.invalidate_all()
        return {
            "cases": self.plan.case_count,
            "rows": self.row_count,
            "seconds": self.seconds,
            "counts": self._counts([*tables, "hc_transition_seal"]),
        }

    @contextmanager
    def _step(self, name):
        """Time a step and commit what it did."""
        start = time.monotonic()
        yield
        self.env.cr.commit()
        self.seconds[name] = round(time.monotonic() - start, 1)
        self.report(f"{name}: {self.seconds[name]} s")

    def _make_moulds(self, tables):
        with self._step("provider group"):
            office = make_office(self.env)
        marks = [footprint.last_ids(self.env, tables)]
        for mould in self.plan.moulds:
            with self._step(f"{mould.case_count} cases of the {mould.name} by the application"):
                # The same choices whatever was chosen before.
                rng = Random(f"{self.plan.seed} {mould.name}")
                today = self.env.cr.now().date()
                _MAKERS[mould.name](self.env, office, rng, mould.case_count, today)
            marks.append(footprint.last_ids(self.env, tables))
        starts = {table: last + 1 for table, last in marks[-1].items()}
        footprints = {}
        for mould, (before, after) in zip(self.plan.moulds, pairwise(marks), strict=True):
            spans = footprints[mould.name] = footprint.footprint(before, after, starts)
            starts |= {table: span.after(mould.copy_count) for table, span in spans.items()}
        return footprints

    def _multiply(self, mould, spans, models):
        with self._step(f"numbers of the {mould.name}"):
            numbering.number_copies(self.env, mould, spans)
        log_spans = spans
        spans = {table: span for table, span in spans.items() if table in models}
        with (
            self._step(f"{mould.copy_count} copies of the {mould.name}"),
            self.env.registry.cursor() as log_cursor,
            ThreadPoolExecutor(1) as pool,
        ):
            writer = LogWriter(self.env(cr=log_cursor), log_spans)
            log_rows = pool.submit(_write_log, writer, mould)
            copier = Copier(self.env, mould, spans, models)
            for first, last in batches(mould):
                self.row_count += copier.copy(first, last)
                self.env.cr.commit()
                self.report(f"{mould.name}: {last} of {mould.copy_count} copies")
                if log_rows.done():
                    log_rows.result()
            copier.advance_sequences()
            self.row_count += log_rows.result()

    def _counts(self, tables):
        counts = {}
        for table in tables:
            self.env.cr.execute(f'SELECT count(*) FROM "{table}"')
            (counts[table],) = self.env.cr.fetchone()
        return counts


def _write_log(writer, mould):
    """Hash and store the log in a thread of its own, while the server copies the records."""
    row_count = 0
    for first, last in batches(mould):
        row_count += writer.write(first, last, mould.age_days)
        writer.env.cr.commit()
    writer.advance_sequence(mould.copy_count)
    return row_count
