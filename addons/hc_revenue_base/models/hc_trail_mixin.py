# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
from functools import partial
from threading import current_thread
from urllib.parse import urlsplit

from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api, models
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

_TRIES = 3
# What another transaction may hold for a moment; a trail never waits longer for anybody.
_BOUND_WAITING = SQL("SET LOCAL lock_timeout = '2s'")
_ROUTE_LENGTH = 200


class HcTrailMixin(models.AbstractModel):
    """Append-only rows about what people do, written on a cursor of their own.

    An entry is kept in memory until the transaction that it is about has ended, and is then
    written and committed before the answer leaves. So neither that transaction's rollback nor
    its being read-only touches the entry, and the writing cursor waits for no lock of it. Only
    requests leave a trail: what the system does by itself is in ``hc.transition``.

    A model adds :meth:`_write_entries`.
    """

    _name = "hc.trail.mixin"
    _inherit = ["hc.append.only.mixin"]
    _description = "Trail of Requests"

    # What happens with entries, each step on a cursor of its own and committed by itself.
    _trail_steps = ("_write_entries",)
    # Whether the steps execute nothing but by :meth:`_execute_bounded`.
    _trail_bounds_itself = False

    @api.model
    def _note(self, entry, *, survives_rollback=False):
        """Keep an entry for the end of the transaction.

        :param dict entry: plain values: the transaction's records may be gone by then
        :param bool survives_rollback: whether to write it where the transaction fails
        """
        origin = self._get_origin()
        if origin is not None:
            self._keep([{"user_id": self.env.uid, **origin, **entry}], survives_rollback)

    @api.model
    def _keep(self, entries, survives_rollback):
        data = self.env.cr.postcommit.data
        kept = data.get(self._name)
        if kept is None:
            kept = data[self._name] = []
            flush = partial(_flush, self.env.registry, self._name, kept)
            self.env.cr.postcommit.add(flush)
            if survives_rollback:
                self.env.cr.postrollback.add(flush)
        kept.extend(entries)

    @api.model
    def _get_origin(self):
        """Where the running request comes from; None where there is none."""
        if request:
            url, address = request.httprequest.path, request.httprequest.remote_addr
        else:
            # XML-RPC and the old JSON-RPC hide the request; its thread still has the address.
            url, address = getattr(current_thread(), "url", None), None
        if not url:
            return None
        # The path only: a query string may carry values.
        return {"remote_address": address or "", "route": urlsplit(url).path[:_ROUTE_LENGTH]}

    @api.model
    def _write_entries(self, entries):
        """Insert the entries; called on a cursor of their own, as superuser."""
        raise NotImplementedError

    @api.model
    def _execute_bounded(self, sql):
        """Execute a statement that waits only a moment for others, in one round trip.

        :param SQL sql: the first statement of a trail's own cursor
        """
        self.env.cr.execute(SQL("%s; %s", _BOUND_WAITING, sql))

    @classmethod
    def _on_written(cls, database, entries):
        """Called when the entries are committed, without a cursor."""


def _flush(registry, model_name, entries):
    """Write and commit entries; never raises: the request's own outcome stands."""
    if not entries:
        return
    model_class = registry[model_name]
    for step in model_class._trail_steps:
        problem = _run_on_own_cursor(registry, model_name, step, entries)
        if problem is not None:
            # The class of the error only, its text may quote values. Entries hold ids and codes.
            _logger.error("%s.%s: %s; %s", model_name, step, type(problem).__name__, entries)
            break
    else:
        model_class._on_written(registry.db_name, entries)
    entries.clear()


def _run_on_own_cursor(registry, model_name, step, entries):
    problem = None
    for _attempt in range(_TRIES):
        try:
            with registry.cursor() as cr:
                model = api.Environment(cr, SUPERUSER_ID, {})[model_name]
                if not model._trail_bounds_itself:
                    cr.execute(_BOUND_WAITING)
                getattr(model, step)(entries)
            return None
        except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, IntegrityError) as error:
            problem = error
        except Exception as error:  # noqa: BLE001 - a trail never fails what it records
            return error
    return problem
