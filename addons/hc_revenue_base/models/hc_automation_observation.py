# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which automation is running in this thread, what it does, and how it runs without effect."""

import time
from collections import Counter
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from odoo.tools import SQL
from odoo.tools.misc import Callbacks

# An observed run holds its locks until it is undone: it stops at the next commit after this many
# records or seconds.
OBSERVED_RECORDS = 500
OBSERVED_SECONDS = 60
_CHANGED_IDS_KEPT = 10_000
_CALLBACKS = ("postcommit", "prerollback", "postrollback")


@dataclass
class RunTally:
    """What one run has done so far."""

    automation_id: int
    observes: bool = False
    seen: int = 0
    capped: bool = False
    mails_held: int = 0
    # Log rows by (model, kind, field, from, to), and the records that they are about.
    entries: Counter = field(default_factory=Counter)
    changed: set = field(default_factory=set)
    # Rows by (table, "inserted" | "updated" | "deleted"); counted in observed runs only.
    rows: Counter = field(default_factory=Counter)
    started: float = field(default_factory=time.monotonic)

    def note(self, entries):
        """Count log rows as they are appended."""
        for entry in entries:
            record = entry["record"]
            self.entries[
                record._name,
                entry["kind"],
                entry.get("field_name") or "",
                entry.get("from_state") or "",
                entry.get("to_state") or "",
            ] += 1
            if len(self.changed) < _CHANGED_IDS_KEPT:
                self.changed.add((record._name, record.id))

    def merge(self, other):
        """Add what another run of the same transaction did."""
        self.seen += other.seen
        self.capped |= other.capped
        self.mails_held += other.mails_held
        self.entries += other.entries
        self.changed |= other.changed
        self.rows += other.rows
        self.started = min(self.started, other.started)

    def get_seconds_left(self):
        """How long an observed run may go on; 0 when it has seen enough."""
        left = OBSERVED_SECONDS - (time.monotonic() - self.started)
        if self.seen >= OBSERVED_RECORDS or left <= 0:
            self.capped = True
            return 0
        return left


# A context key would be forgeable by any client; a ContextVar of this process is not.
_running: ContextVar[tuple[RunTally, ...]] = ContextVar("hc_running_automations", default=())


def get_running():
    """The runs that are going on in this thread, outermost first."""
    return _running.get()


def get_observing():
    """The outermost run that observes, or None: while there is one, nothing may leave Odoo."""
    return next((tally for tally in _running.get() if tally.observes), None)


@contextmanager
def running(tally):
    """Let ``tally`` count what happens inside."""
    token = _running.set((*_running.get(), tally))
    try:
        yield tally
    finally:
        _running.reset(token)


@contextmanager
def undone(env, tally):
    """Run a block for real and undo it: nothing is committed, nothing registered to happen later.

    Inside, a commit only flushes, so that engines that commit batch by batch run unchanged; a
    rollback would take the caller's work with it and is refused. ``tally.rows`` counts, per
    table, the rows that the block wrote.
    """
    was_invalidated = env.registry.registry_invalidated
    try:
        with closing(env.cr.savepoint()), _cut_off(env):
            before = _count_rows(env)
            yield
            env.cr.flush()
            tally.rows += _count_rows(env) - before
    finally:
        _follow_rows(env, was_invalidated)


def _follow_rows(env, was_invalidated):
    """Let this process follow the rows that are there, after others were undone.

    Caches may have been filled from rows that no longer exist, and the hooks of Automation Rules
    set by them: a rule that the block switched off would stay off here until a restart.
    """
    if env.registry.registry_invalidated:
        rules = env(su=True)["base.automation"]
        rules._unregister_hook()
        rules._register_hook()
        env.registry.registry_invalidated = was_invalidated
    if env.registry.cache_invalidated:
        env.registry.clear_cache(*env.registry.cache_invalidated)


@contextmanager
def _cut_off(env):
    """Let a commit only flush, refuse a rollback, and drop what is to happen after either.

    What was refused stays refused and goes on record, whoever tried it and through what.
    """
    cr = env.cr
    kept = {name: vars(cr).get(name) for name in (*_CALLBACKS, "commit", "rollback")}
    for name in _CALLBACKS:
        setattr(cr, name, Callbacks())
    cr.commit = cr.flush
    cr.rollback = _refuse_rollback
    try:
        yield
    finally:
        attempts = env["hc.refused.attempt"]
        refused = cr.postcommit.data.get(attempts._name)
        for name, value in kept.items():
            if value is None:
                delattr(cr, name)
            else:
                setattr(cr, name, value)
        if refused:
            attempts._keep(refused, survives_rollback=True)


def _refuse_rollback():
    raise RuntimeError("an observed run cannot roll back its transaction")


def _count_rows(env):
    """Rows written by this session's unreported transactions, by table and kind of change."""
    rows = env.execute_query(
        SQL(
            """SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables
                WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"""
        )
    )
    return Counter(
        {
            (table, kind): count
            for table, *counts in rows
            for kind, count in zip(("inserted", "updated", "deleted"), counts, strict=True)
            if count
        }
    )
