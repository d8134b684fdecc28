# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.hc_revenue_base.hc_core.network_policy import NetworkError, parse_target


class HcIntegrationSource(models.Model):
    """Where the documents lie that a connected system names and does not send."""

    _inherit = "hc.integration.source"

    document_hosts = fields.Char(
        tracking=True,
        help="Names of hosts, separated by spaces, such as archive.example.org. A document that "
        "lies elsewhere is refused: people follow its link.",
    )

    @api.constrains("document_hosts")
    def _check_document_hosts(self):
        for source in self:
            for host in (source.document_hosts or "").split():
                try:
                    known = parse_target(host)
                except NetworkError as error:
                    raise ValidationError(error.message) from error
                if "/" in known:
                    raise ValidationError(self.env._("%(host)s is no name of a host.", host=host))

    def _get_document_hosts(self):
        return {parse_target(host) for host in (self.document_hosts or "").split()}


class HcDocument(models.Model):
    """Documents in the repositories of connected systems."""

    _inherit = "hc.document"

    @api.model
    def _get_repository_hosts(self, source):
        found = (
            self.env["hc.integration.source"]
            .sudo()
            .search([("code", "=", source), ("company_id", "=", self.env.company.id)])
        )
        return super()._get_repository_hosts(source) | found._get_document_hosts()
