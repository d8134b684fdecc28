# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import ssl

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..hc_core import lifecycles
from ..hc_core.network_policy import Allowance, NetworkError, parse_target
from ..tools.guarded_http import Trust


class HcHttpAllowance(models.Model):
    """Leave for the server to call a host or network that is not on the public Internet.

    One administrator proposes it, another one approves it, and it ends on its day. What was
    proposed is fixed: a changed allowance is a new one.
    """

    _name = "hc.http.allowance"
    _description = "Outgoing Allowance"
    _inherit = ["hc.lifecycle.mixin"]
    _rec_name = "target"
    _order = "state, target, port, id desc"
    _lifecycles = {"state": lifecycles.HTTP_ALLOWANCE}
    _proposed_fields = frozenset(
        {"target", "port", "allows_plain", "ca_certificates", "reason", "expires_on"}
    )
    _guarded_fields = _proposed_fields | {"approved_by_id"}
    _guarded_after_create = _proposed_fields

    target = fields.Char(required=True, help="Host name, address, or range such as 10.1.2.0/24.")
    port = fields.Integer(help="0: all ports.")
    allows_plain = fields.Boolean(
        "Without Encryption", help="Calls by http:// are allowed besides https://."
    )
    ca_certificates = fields.Text(
        "Issuer's Certificates",
        help="Certificates (PEM) of the authority that issued the host's own certificate; for "
        "a host name or a single address.",
    )
    reason = fields.Text(required=True, help="What is called there, and who answers for it.")
    expires_on = fields.Date(required=True, help="Last day on which calls are allowed.")
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="proposed",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    is_expired = fields.Boolean(compute="_compute_is_expired")

    _port_valid = models.Constraint(
        "CHECK (port BETWEEN 0 AND 65535)", "A port is a number between 0 and 65535."
    )

    @api.depends("target", "port")
    def _compute_display_name(self):
        for allowance in self:
            port = f":{allowance.port}" if allowance.port else ""
            allowance.display_name = f"{allowance.target}{port}"

    @api.depends("expires_on")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for allowance in self:
            allowance.is_expired = bool(allowance.expires_on) and allowance.expires_on < today

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("target"):
                vals["target"] = self._parse_target(vals["target"])
        return super().create(vals_list)

    @api.model
    def _parse_target(self, text):
        try:
            return parse_target(text)
        except NetworkError as error:
            raise ValidationError(error.message) from error

    @api.constrains("ca_certificates", "target")
    def _check_ca_certificates(self):
        for allowance in self.filtered("ca_certificates"):
            network = allowance._get_allowance().network
            if network is not None and network.num_addresses > 1:
                raise ValidationError(
                    self.env._(
                        "%(target)s is a range: name one host or address to trust a certificate "
                        "authority for it.",
                        target=allowance.target,
                    )
                )
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(
                    cadata=allowance.ca_certificates
                )
            except (ssl.SSLError, ValueError) as error:
                raise ValidationError(
                    self.env._(
                        "The issuer's certificates cannot be read. Paste them in PEM format, "
                        "beginning with -----BEGIN CERTIFICATE-----."
                    )
                ) from error

    def _get_creation_facts(self):
        certificates = self.ca_certificates or ""
        return {
            "target": self.target,
            "port": self.port,
            "without_encryption": self.allows_plain,
            "ca_sha256": hashlib.sha256(certificates.encode()).hexdigest() if certificates else "",
            "expires_on": str(self.expires_on),
        }

    def _guard_state_approved(self):
        today = fields.Date.context_today(self)
        reasons = {}
        for allowance in self:
            if allowance.create_uid == self.env.user:
                reasons[allowance.id] = [
                    self.env._("Whoever proposed it cannot approve it. Ask another administrator.")
                ]
            elif allowance.expires_on < today:
                reasons[allowance.id] = [self.env._("It has expired. Propose it anew.")]
        return reasons

    def action_approve(self):
        """Let the server call these hosts; a second administrator does this."""
        self._transition("approved", facts={"by_id": {a.id: a._get_creation_facts() for a in self}})
        self._write_guarded({"approved_by_id": self.env.uid})

    def action_revoke(self):
        """End the allowances, or turn the proposals down."""
        self._transition("revoked")

    @api.model
    def _get_trust(self):
        """What may be called today besides public hosts with usual certificates."""
        today = fields.Date.context_today(self)
        active_sudo = self.sudo().search([("state", "=", "approved"), ("expires_on", ">=", today)])
        certificates = {}
        for allowance in active_sudo.filtered("ca_certificates"):
            network = allowance._get_allowance().network
            host = str(network.network_address) if network else allowance.target
            certificates[host] = f"{certificates.get(host, '')}{allowance.ca_certificates}\n"
        return Trust(tuple(each._get_allowance() for each in active_sudo), certificates)

    def _get_allowance(self):
        self.ensure_one()
        return Allowance(self.target, self.port, self.allows_plain)
