# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_core.circuit_breaker import Breaker
from ..hc_core.errors import in_words


class HcHttpHost(models.Model):
    """The health of a host that the server calls, shared by all its processes.

    Only hosts with failures have a row that is not *closed*; a success closes it again.
    """

    _name = "hc.http.host"
    _description = "Called Host"
    _inherit = ["hc.breaker.mixin"]
    _rec_name = "host"
    _order = "state desc, host, port"
    _breaker_key = ("host", "port")
    _guarded_fields = frozenset({"last_failure_at"})

    host = fields.Char(required=True, readonly=True)
    port = fields.Integer(required=True, readonly=True, aggregator=None)
    last_error = fields.Char("Error Code")
    error_text = fields.Char("Last Error", compute="_compute_error_text")
    last_failure_at = fields.Datetime("Last Failure", readonly=True)

    _host_unique = models.UniqueIndex("(host, port)", "This host is known already.")

    @api.depends("last_error")
    def _compute_error_text(self):
        for host in self:
            host.error_text = in_words(host.last_error or "")

    @api.model
    def _admit(self, host, port):
        """Whether a call may be made now; runs in a transaction of its own.

        :return: None, or the moment until which the host is left alone
        """
        passes, until = self._ask(host, port)
        return None if passes else until

    @api.model
    def _report(self, host, port, error="", retry_after_seconds=None):
        """Put the outcome of a call on record; runs in a transaction of its own.

        :param str error: what failed; empty after an answer of a healthy host
        """
        row = self._tell((host, port), int(bool(error)), error, retry_after_seconds)
        if error:
            row._write_guarded({"last_failure_at": self.env.cr.now().replace(microsecond=0)})

    def action_end_pause(self):
        """Call these hosts again from now on: operations know that they work."""
        self.check_access("write")
        for host in self:
            host._store(Breaker())
            entry = {"record": host, "kind": "override", "facts": {"event": "pause ended"}}
            self.env["hc.transition"]._append([entry])
