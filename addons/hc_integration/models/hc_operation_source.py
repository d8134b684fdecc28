# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.hc_revenue_base.hc_core.operations import OperationError


class HcOperation(models.AbstractModel):
    """Operations that name a source are for that source."""

    _inherit = "hc.operation"

    @api.model
    def _call_handler(self, definition, payload):
        code = payload.get("source")
        if definition.is_write and isinstance(code, str):
            try:
                self.env["hc.integration.code"]._claim(code)
            except AccessError:
                raise OperationError("access_denied", subject=f"the source {code}") from None
        return super()._call_handler(definition, payload)


class HcExchange(models.Model):
    """Documents come under their sender's own name."""

    _inherit = "hc.exchange"

    @api.model
    def _receive(self, document_type, source, *arguments, **keywords):
        self.env["hc.integration.code"]._claim(source)
        return super()._receive(document_type, source, *arguments, **keywords)
