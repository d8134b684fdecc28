# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.modules.module import get_manifest

from ..hc_webhook_core import openapi


class HcOperation(models.AbstractModel):
    """What the operations look like to a system that calls them over HTTP."""

    _inherit = "hc.operation"

    @api.model
    def _get_callable_operations(self, user=None):
        """The operations that a user may call.

        :param user: the calling user if not given
        """
        user = user or self.env.user
        return [
            definition
            for definition in self._get_operations()
            if any(map(user.has_group, definition.groups))
        ]

    @api.model
    def _describe_openapi(self, may_call=lambda code: True):
        """The operations that the user may call, as an OpenAPI 3.1 document.

        :param may_call: whether the caller's key opens the operation of a code
        """
        version = get_manifest("hc_integration")["version"]
        base_url = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "/")
        return openapi.build(
            (each for each in self._get_callable_operations() if may_call(each.code)),
            version,
            base_url,
        )
