# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Wake the drains of events once for many messages, behind the answer and not before it."""

import logging
import threading

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

_logger = logging.getLogger(__name__)

# How long a message may wait for those that come with it.
DELAY_SECONDS = 0.5


class WakeUp:
    """Calls a function for a database, once for all requests of the last half second.

    A request that comes while the function runs starts the next round, so none is forgotten. What
    is lost with a killed process, the Scheduled Action finds at its next regular run.
    """

    def __init__(self, call, delay_seconds=DELAY_SECONDS):
        self._call = call
        self._delay_seconds = delay_seconds
        self._lock = threading.Lock()
        self._pending = set()

    def request(self, database):
        """Have the function called soon; what it shall find must be committed already."""
        with self._lock:
            if database in self._pending:
                return
            self._pending.add(database)
        timer = threading.Timer(self._delay_seconds, self._fire, (database,))
        timer.daemon = True
        timer.start()

    def _fire(self, database):
        with self._lock:
            self._pending.discard(database)
        try:
            self._call(database)
        except Exception:
            _logger.exception("events of %s wait for the next regular run", database)


def _wake_drains(database):
    with Registry(database).cursor() as cr:
        api.Environment(cr, SUPERUSER_ID, {})["hc.exchange"]._wake_event_drains()


EVENT_DRAINS = WakeUp(_wake_drains)
