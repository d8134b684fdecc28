# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.hc_revenue_base.hc_core.http_errors import OutgoingError
from odoo.addons.hc_revenue_base.tools.http_request import check_headers

_RESERVED = re.compile(r"(webhook-.*|content-type|user-agent)", re.IGNORECASE)


class HcEventSubscriptionHeader(models.Model):
    """A header that the endpoint asks for, such as an API key; its value is a secret."""

    _name = "hc.event.subscription.header"
    _description = "Header of a Subscription"
    _inherit = ["hc.event.subscription.line"]
    _order = "subscription_id, id"

    name = fields.Char(required=True, help="X-Api-Key, Authorization")
    prefix = fields.Char(help="Stands before the secret, such as “Bearer”.")
    secret_id = fields.Many2one("hc.secret", required=True, ondelete="restrict")

    @api.constrains("name", "prefix")
    def _check_header(self):
        for header in self:
            try:
                check_headers({header.name: header.prefix or ""})
            except OutgoingError as error:
                raise ValidationError(error.message) from error
            if _RESERVED.fullmatch(header.name):
                raise ValidationError(
                    self.env._("The header %(name)s is set by the sender.", name=header.name)
                )

    def _get_headers(self):
        """Names and values in clear text: keep them in local variables, log nothing."""
        secrets = self.env["hc.secret"]
        headers = {}
        for header in self:
            value = secrets._get_value(
                header.secret_id.sudo().code, header.subscription_id.company_id
            )
            headers[header.name] = f"{header.prefix} {value}" if header.prefix else value
        return headers
