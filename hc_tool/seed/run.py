# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Filling a database: moulds first, then their copies and the copies' log side by side."""

import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from random import Random

from . import footprint, moulds, numbering
from .copies import Copier, advance_sequences, batches
from .log import LogWriter
from .office import make_office
from .plan import SeedPlan

# What nobody will read: the log has it all.
_CONTEXT = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
}
# Connections that copy records side by side.
_COPIERS = 2
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
        record_spans = {table: span for table, span in spans.items() if table in models}
        copy_records = partial(self._copy_records, mould, record_spans, models)
        # The server works for each connection on a core of its own; hashing fills the gaps.
        with (
            self._step(f"{mould.copy_count} copies of the {mould.name}"),
            ThreadPoolExecutor(_COPIERS + 1) as pool,
        ):
            waiting = list(batches(mould))
            work = [pool.submit(self._write_log, mould, spans)]
            work += [pool.submit(copy_records, waiting[each::_COPIERS]) for each in range(_COPIERS)]
            self.row_count += sum(each.result() for each in as_completed(work))
            advance_sequences(self.env, spans, mould.copy_count)

    def _copy_records(self, mould, spans, models, own_batches):
        """Copy every batch of one connection's share; return the number of rows."""
        row_count = 0
        with self.env.registry.cursor() as cursor:
            copier = Copier(self.env(cr=cursor), mould, spans, models)
            for first, last in own_batches:
                row_count += copier.copy(first, last)
                cursor.commit()
                self.report(f"{mould.name}: copies {first} to {last} of {mould.copy_count}")
        return row_count

    def _write_log(self, mould, spans):
        """Hash and store the log of all copies; return the number of rows."""
        row_count = 0
        with self.env.registry.cursor() as cursor:
            writer = LogWriter(self.env(cr=cursor), spans)
            for first, last in batches(mould):
                row_count += writer.write(first, last, mould.age_days)
                cursor.commit()
        return row_count

    def _counts(self, tables):
        counts = {}
        for table in tables:
            self.env.cr.execute(f'SELECT count(*) FROM "{table}"')
            (counts[table],) = self.env.cr.fetchone()
        return counts
