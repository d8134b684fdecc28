# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
from base64 import b64encode
from urllib.parse import quote, urlencode

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.hc_revenue_base.hc_core.http_errors import OutgoingError
from odoo.addons.hc_revenue_base.tools.http_request import check_headers, parse_url

from ..hc_webhook_core import message_request, status_maps

OUR_STATUSES = "canonical"
_REFERENCE = "{gateway_id}"
_TEMPLATE = (
    '{"to": "{recipient}", "from": "{sender}", "text": "{text}", "reference": "{message_id}"}'
)


class HcMessageGateway(models.Model):
    """The one way in which messages to people leave: a gateway's HTTP interface, or Odoo's mail.

    It takes the outbound documents of one type of its company. What it is sent is described by a
    template with placeholders of a closed list; nobody writes code. It sends while its connected
    system is connected, whose user also reports what became of each message.
    """

    _name = "hc.message.gateway"
    _description = "Message Gateway"
    _inherit = ["hc.guarded.mixin", "mail.thread"]
    _order = "name, id"
    _check_company_auto = True
    _guarded_fields = frozenset({"source_id"})
    _guarded_after_create = frozenset({"source_id"})

    name = fields.Char(required=True, tracking=True)
    source_id = fields.Many2one(
        "hc.integration.source",
        "Connected System",
        required=True,
        index=True,
        ondelete="restrict",
        help="Nothing is sent while it is paused. Its user reports statuses, and by its address "
        "they come in.",
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    active = fields.Boolean(default=True, tracking=True)
    kind = fields.Selection(
        [("http", "HTTP Interface of a Gateway"), ("mail", "Odoo's Mail Server")],
        required=True,
        default="http",
        tracking=True,
    )
    document_type = fields.Selection(
        selection="_get_document_types", string="Takes", required=True, tracking=True
    )
    url = fields.Char("Address", tracking=True)
    body_format = fields.Selection(
        [("json", "JSON"), ("form", "Form Fields")], required=True, default="json", tracking=True
    )
    body_template = fields.Text(
        default=_TEMPLATE,
        tracking=True,
        help="A JSON object with {recipient}, {text}, {message_id} and {sender} inside its texts.",
    )
    sender = fields.Char(help="Number or name that readers see, for {sender}.", tracking=True)
    auth = fields.Selection(
        [
            ("bearer", "Authorization: Bearer"),
            ("basic", "Authorization: Basic"),
            ("header", "Header of Its Own"),
        ],
        "Proof of Identity",
        default="bearer",
        required=True,
        tracking=True,
    )
    auth_user = fields.Char("User", help="The user of Basic; the secret is the password.")
    auth_header = fields.Char("Header", default="X-Api-Key")
    secret_id = fields.Many2one("hc.secret", check_company=True, tracking=True)
    knows_repetitions = fields.Boolean(
        "Recognises Repetitions",
        tracking=True,
        help="The gateway takes a message once, however often it is asked under the same "
        "Idempotency-Key. Without it, a message of which nobody knows whether it was taken waits "
        "for a person.",
    )
    reference_path = fields.Char(
        "Id in the Answer", default="id", help="Such as id or messages.0.id."
    )
    error_path = fields.Char(
        "Error Code in the Answer", default="code", help="Of an answer that refuses the message."
    )
    patience_minutes = fields.Integer(
        "Give Up After (min)",
        default=120,
        required=True,
        tracking=True,
        help="A message that could not be sent so long is not sent later: holds, opt-outs and "
        "hours of calling were checked when it was handed over.",
    )
    status_way = fields.Selection(
        [("event", "It Sends Events (message.status)"), ("poll", "We Ask")],
        "What Became of It",
        required=True,
        default="event",
        tracking=True,
    )
    status_system = fields.Selection(
        selection="_get_status_systems",
        string="Words of the Gateway",
        required=True,
        default=OUR_STATUSES,
    )
    status_url = fields.Char("Address to Ask", help="With {gateway_id} for the gateway's number.")
    status_path = fields.Char("Status in the Answer", default="status")
    message_count = fields.Integer("To People", compute="_compute_message_count")

    _one_per_type = models.UniqueIndex(
        "(company_id, document_type) WHERE active",
        "Another gateway of the company takes these documents. Archive it first.",
    )
    _patience_bounded = models.Constraint(
        "CHECK (patience_minutes BETWEEN 5 AND 1440)", "Give up after 5 minutes to a day."
    )

    @api.model
    def _get_document_types(self):
        """The types of document that leave: those that no module takes in."""
        exchanges = self.env["hc.exchange"]
        return [
            (value, label)
            for value, label in exchanges._fields["document_type"]._description_selection(self.env)
            if not hasattr(exchanges, f"_handle_{value}")
        ]

    @api.model
    def _get_status_systems(self):
        return [
            (OUR_STATUSES, self.env._("sent, delivered, failed, opted_out")),
            *((system, system) for system in status_maps.systems("message")),
        ]

    def _compute_message_count(self):
        rows = self.env["hc.gateway.message"]._read_group(
            [("gateway_id", "in", self.ids)], ["gateway_id"], ["__count"]
        )
        counts = {gateway.id: count for gateway, count in rows}
        for gateway in self:
            gateway.message_count = counts.get(gateway.id, 0)

    @api.constrains("kind", "active", "url", "body_template", "auth", "auth_user", "secret_id")
    def _check_request(self):
        """Fails closed: no address, template or secret, no gateway."""
        for gateway in self.filtered(lambda each: each.active and each.kind == "http"):
            if not gateway.secret_id:
                raise ValidationError(self.env._("Choose the secret that opens the gateway."))
            if gateway.auth == "basic" and ":" in (gateway.auth_user or ":"):
                raise ValidationError(self.env._("Basic needs a user without a colon."))
            try:
                parse_url(gateway.url or "")
                message_request.check_template(gateway.body_template or "")
            except OutgoingError as error:
                raise ValidationError(error.message) from error
            except message_request.MessageError as error:
                raise ValidationError(self.env._("The body %(problem)s.", problem=error)) from error

    @api.constrains("auth", "auth_header")
    def _check_header(self):
        for gateway in self.filtered(lambda each: each.auth == "header"):
            try:
                check_headers({gateway.auth_header or "": ""})
            except OutgoingError as error:
                raise ValidationError(error.message) from error

    @api.constrains("reference_path", "error_path", "status_path")
    def _check_paths(self):
        for gateway in self:
            for path in (gateway.reference_path, gateway.error_path, gateway.status_path):
                try:
                    message_request.check_path(path or "id")
                except message_request.MessageError as error:
                    raise ValidationError(
                        self.env._("“%(path)s” %(problem)s.", path=path, problem=error)
                    ) from error

    @api.constrains("status_way", "status_url", "url", "reference_path")
    def _check_status(self):
        """The secret goes along: statuses are asked of the host that messages go to."""
        for gateway in self.filtered(lambda each: each.status_way == "poll"):
            if gateway.kind == "http" and not gateway.reference_path:
                raise ValidationError(self.env._("Say where the gateway's id stands."))
            try:
                asked = parse_url((gateway.status_url or "").replace(_REFERENCE, "1"))
                told = parse_url(gateway.url or "")
            except OutgoingError as error:
                raise ValidationError(error.message) from error
            if (asked.scheme, asked.host, asked.port) != (told.scheme, told.host, told.port):
                raise ValidationError(
                    self.env._("Statuses are asked of the host that messages are sent to.")
                )
            if _REFERENCE not in gateway.status_url:
                raise ValidationError(
                    self.env._("The address to ask needs %(mark)s.", mark=_REFERENCE)
                )

    def _get_auth_headers(self):
        """Headers in clear text: keep them in local variables, log nothing.

        :raises UserError: the secret has no value
        """
        self.ensure_one()
        value = self.env["hc.secret"]._get_value(self.secret_id.sudo().code, self.company_id)
        if self.auth == "basic":
            pair = b64encode(f"{self.auth_user}:{value}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        if self.auth == "bearer":
            return {"Authorization": f"Bearer {value}"}
        return {self.auth_header: value}

    def _encode_body(self, filled):
        """The bytes of a filled-in template; of form fields only texts and numbers are sent."""
        if self.body_format == "form":
            return urlencode({name: str(value) for name, value in filled.items()}).encode()
        return json.dumps(filled, ensure_ascii=False).encode()

    def _get_status_url(self, gateway_reference):
        """The address that tells of one message; the gateway's own number, made harmless."""
        return self.status_url.replace(_REFERENCE, quote(gateway_reference, safe=""))

    def _translate(self, code):
        """A status in our words; None where it changes nothing here, or nobody knows the word."""
        if self.status_system == OUR_STATUSES:
            return code if code in ("sent", "delivered", "failed", "opted_out") else None
        try:
            return status_maps.translate("message", self.status_system, code)
        except status_maps.UnknownStatusError:
            return None

    def _open_trouble_item(self, trouble, description):
        """Ask for a person, once per gateway and trouble while the item is open."""
        self.ensure_one()
        self.env["hc.work.item"].sudo()._open(
            [
                {
                    "kind": "message_trouble",
                    "queue_code": "operations",
                    "dedup_key": f"message_gateway:{self.id}:{trouble}",
                    "name": self.env._("Messages do not go out: %(name)s", name=self.name),
                    "description": description,
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    def action_open_messages(self):
        """Open what the gateway was given."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_integration.hc_gateway_message_action"
        )
        return action | {"domain": [("gateway_id", "=", self.id)], "context": {}}


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("message_trouble", "Messages Not Sent")],
        ondelete={"message_trouble": "set default"},
    )
