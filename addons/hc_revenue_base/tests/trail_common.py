# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from contextlib import contextmanager
from unittest.mock import patch

from .common import HcCommon

ORIGIN = {"remote_address": "192.0.2.7", "route": "/web/dataset/call_kw"}


class TrailCommon(HcCommon):
    """Requests as the trails see them: from an address, ending in a commit or a rollback."""

    @contextmanager
    def _request(self, *, commits=True):
        """Let the block run as one request; its entries are written at its end."""
        cr = self.env.cr
        # Cursors opened meanwhile are savepoints of the test's transaction.
        with (
            self.enter_registry_test_mode(),
            patch.object(
                self.env.registry["hc.trail.mixin"], "_get_origin", lambda model: dict(ORIGIN)
            ),
        ):
            yield
            self.env.flush_all()
            (cr.postcommit if commits else cr.postrollback).run()
            (cr.postrollback if commits else cr.postcommit).clear()
        self.env.invalidate_all()
