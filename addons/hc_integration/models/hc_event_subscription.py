# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.tools import sql

from odoo.addons.hc_revenue_base.hc_core.http_errors import OutgoingError
from odoo.addons.hc_revenue_base.tools.http_request import parse_url

from .. import lifecycles
from ..hc_webhook_core.subscription_match import Matcher, Subscription
from .hc_event_type import MUTED_MODELS

# What is sent where: it is changed while nothing is sent, and the change is logged.
_ENDPOINT_FIELDS = frozenset({"url", "secret_id", "header_ids", "type_ids", "condition_ids"})


class HcEventSubscription(models.Model):
    """Who is told of what: an address, event types, a secret that signs.

    Facts of its company are put aside for it in the transaction that makes them facts; see
    ``hc.event.delivery``. What is sent holds ids and codes only.
    """

    _name = "hc.event.subscription"
    _description = "Subscription"
    _inherit = ["hc.connection.mixin"]
    _order = "name, id"
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.EVENT_SUBSCRIPTION}
    _guarded_fields = frozenset({"company_id", "last_ping_at", "last_ping_result"})
    _guarded_after_create = frozenset({"company_id"})
    _remembered_fields = frozenset({"state", "type_ids", "facility_ids", "condition_ids"})

    name = fields.Char(required=True, tracking=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    url = fields.Char("Address", required=True, tracking=True, help="https, where events are sent.")
    type_ids = fields.Many2many("hc.event.type", string="Event Types")
    facility_ids = fields.Many2many(
        "hc.facility",
        string="Facilities",
        check_company=True,
        help="Only facts of these facilities. Empty: all of the company.",
    )
    condition_ids = fields.One2many(
        "hc.event.subscription.condition", "subscription_id", "Only Where"
    )
    secret_id = fields.Many2one(
        "hc.secret",
        tracking=True,
        help="Signs what is sent (Standard Webhooks). While a new value is set, messages carry "
        "signatures of both for the secret's overlap.",
    )
    header_ids = fields.One2many("hc.event.subscription.header", "subscription_id", "Extra Headers")
    source_id = fields.Many2one(
        "hc.integration.source", "Connected System", check_company=True, help="Who receives."
    )
    owner_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, help="Who answers for this subscription."
    )
    note = fields.Text(help="What the receiver does with the events, and whom to call.")

    @api.constrains("url")
    def _check_url(self):
        for subscription in self:
            try:
                parse_url(subscription.url)
            except OutgoingError as error:
                raise ValidationError(error.message) from error

    @api.constrains("secret_id", "company_id")
    def _check_secret_company(self):
        for subscription in self:
            company_sudo = subscription.secret_id.sudo().company_id
            if company_sudo and company_sudo != subscription.company_id:
                raise ValidationError(
                    self.env._("The secret belongs to another company. Choose one of your own.")
                )

    def write(self, vals):
        changed = sorted(_ENDPOINT_FIELDS & vals.keys())
        if changed:
            self._check_changeable()
        result = super().write(vals)
        if changed:
            self._log_decision(facts={"changed": changed})
        return result

    def _check_changeable(self):
        """Refuse to change what is sent, or where, while it is being sent."""
        for subscription in self:
            if subscription.state == "active":
                raise UserError(
                    self.env._(
                        "“%(name)s” is sending. Pause it, change it, send a test event, and let "
                        "it go on.",
                        name=subscription.name,
                    )
                )

    def _get_missing(self):
        missing = super()._get_missing()
        if not self.type_ids:
            missing.insert(0, self.env._("Choose at least one event type."))
        return missing

    def action_activate(self):
        """Send from now on, what was kept while paused first."""
        self._transition("active")
        self.env["hc.event.delivery"]._wake_drains_on_commit()

    def action_disable(self):
        """Put no further event aside; those that wait stay until somebody cancels them."""
        self._transition("disabled")

    @api.model
    @tools.ormcache()
    def _get_matcher(self):
        """All subscriptions that take events, compiled: asked for every fact of every company."""
        if not sql.table_exists(self.env.cr, self._table):
            # While the module is being uninstalled, base still logs.
            return Matcher()
        taking_sudo = self.sudo().search([("state", "in", ("active", "paused"))], order="id")
        return Matcher(tuple(each._compile() for each in taking_sudo), MUTED_MODELS)

    def _compile(self):
        self.ensure_one()
        return Subscription(
            id=self.id,
            company_id=self.company_id.id,
            types=frozenset(self.type_ids.mapped("code")),
            facility_ids=frozenset(self.facility_ids.ids),
            tests=tuple(condition._compile() for condition in self.condition_ids),
        )
