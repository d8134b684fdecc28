# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import ipaddress
from urllib.parse import parse_qsl, urlsplit

from markupsafe import Markup

from odoo import api, fields, models

from ..hc_core.http_errors import OutgoingError
from ..tools.http_request import parse_url

# Names under which addresses carry what opens them; a link that people keep must not.
_CREDENTIALS = frozenset(
    {
        "access_token",
        "api_key",
        "apikey",
        "auth",
        "jwt",
        "pass",
        "passwd",
        "password",
        "pwd",
        "sas",
        "secret",
        "session",
        "sessionid",
        "sid",
        "sig",
        "signature",
        "token",
        "x-amz-signature",
        "x-goog-signature",
    }
)
_LINK = Markup('<a href="%s" target="_blank" rel="noopener noreferrer">%s</a>')


class HcDocument(models.Model):
    """Documents of other systems: sent along as a file, or named by where they lie."""

    _inherit = "hc.document"

    source = fields.Char(readonly=True, copy=False, help="System that sent it.")
    external_id = fields.Char("External ID", readonly=True, copy=False)
    exchange_id = fields.Many2one(
        "hc.exchange", "Received In", readonly=True, copy=False, index="btree_not_null"
    )
    checksum = fields.Char("SHA-256", readonly=True, copy=False, help="Of the last file received.")
    repository_url = fields.Char(
        "Lies At", readonly=True, copy=False, help="Address in the repository that keeps it."
    )

    repository_link = fields.Html(
        "Open It There", compute="_compute_repository_link", sanitize=False
    )

    _external_unique = models.UniqueIndex(
        "(company_id, source, external_id) WHERE external_id IS NOT NULL",
        "This document was received already.",
    )

    @api.model
    def _get_guarded_fields(self):
        # Where a document came from is what was received, not what somebody types.
        return super()._get_guarded_fields() | {
            "source",
            "external_id",
            "exchange_id",
            "checksum",
            "repository_url",
        }

    @api.depends("repository_url")
    def _compute_repository_link(self):
        """The address as a link that gives the other side neither a window nor an address."""
        for document in self:
            url = document.repository_url
            # Escaped by the markup; what is stored was checked when it came.
            document.repository_link = _LINK % (url, url) if url else False

    @api.model
    def _get_repository_problem(self, url, source):
        """Why an address may not stand on a document; empty where it may.

        :param str url: the address as the sender gives it
        :param str source: code of the system that sends the document
        """
        try:
            target = parse_url(url)
        except OutgoingError as error:
            return error.message
        if target.scheme != "https":
            return self.env._("it must begin with https://")
        query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
        if any(name.lower() in _CREDENTIALS for name, _value in query):
            return self.env._("it carries a key or password")
        if target.host in self._get_repository_hosts(source):
            return ""
        if self._is_host_allowed(target.host, target.port):
            return ""
        return self.env._(
            "%(host)s is not among the hosts whose documents may be named. An administrator adds "
            "it to the connected system, or proposes an outgoing allowance for it.",
            host=target.host,
        )

    @api.model
    def _get_repository_hosts(self, source):
        """Names of hosts where documents of a system may lie; modules add to it."""
        return set()

    @api.model
    def _is_host_allowed(self, host, port):
        """Whether an outgoing allowance in force names the host, or the range it is in."""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            address = None
        return any(
            allowance.covers(host, address, port)
            for allowance in self.env["hc.http.allowance"]._get_trust().allowances
            if allowance.network is None or address is not None
        )
