# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.http import request

from ..tools.json_logs import begin_trace


class IrHttp(models.AbstractModel):
    """Each request has a trace id, which the log lines of its work carry."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        begin_trace(request.httprequest.headers.get("traceparent"))
        return super()._pre_dispatch(rule, args)
