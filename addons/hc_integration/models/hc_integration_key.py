# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import lifecycles
from .ir_http import OPERATION_SCOPE

MAX_DAYS = 365
# A key that ends within so many days is work for its owner.
_WARN_DAYS = 14


class HcIntegrationKey(models.Model):
    """A key with which a connected system calls the operations: whose, until when, who gave it.

    The key itself is Odoo's own (``res.users.apikeys``), stored as a hash and shown once. This row
    stays after the key has ended.
    """

    _name = "hc.integration.key"
    _description = "Key of a Connected System"
    _inherit = ["hc.lifecycle.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.INTEGRATION_KEY}
    _guarded_fields = frozenset({"name", "source_id", "user_id", "expires_at", "key_number"})

    name = fields.Char(required=True, readonly=True)
    source_id = fields.Many2one(
        "hc.integration.source",
        "Connected System",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    user_id = fields.Many2one(
        "res.users", "Acts As", required=True, readonly=True, ondelete="restrict"
    )
    key_number = fields.Integer("Key No.", readonly=True, aggregator=None)
    expires_at = fields.Datetime("Ends", required=True, readonly=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="active",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )

    @api.model
    def _issue(self, source, name, days):
        """Make a key for a connected system.

        :param int days: how long it is valid, 1 to 365
        :return: the key in clear text, which nobody can read again
        """
        if not 1 <= days <= MAX_DAYS:
            raise UserError(
                self.env._(
                    "A key is valid for 1 to %(limit)s days, not %(days)s.",
                    limit=MAX_DAYS,
                    days=days,
                )
            )
        if not source.user_id:
            raise UserError(
                self.env._(
                    "Choose the integration user that %(system)s acts as, then make its key.",
                    system=source.name,
                )
            )
        expires_at = self.env.cr.now().replace(microsecond=0) + timedelta(days=days)
        # The user's own limit of days is for keys that users make themselves.
        keys_sudo = self.env["res.users.apikeys"].with_user(source.user_id).sudo()
        clear = keys_sudo._generate(OPERATION_SCOPE, name, expires_at)
        made_sudo = keys_sudo.search(
            [("user_id", "=", source.user_id.id)], order="id desc", limit=1
        )
        self.sudo()._create_guarded(
            [
                {
                    "name": name,
                    "source_id": source.id,
                    "user_id": source.user_id.id,
                    "expires_at": expires_at,
                    "key_number": made_sudo.id,
                }
            ]
        )
        return clear

    def action_revoke(self):
        """End the keys at once: they leaked, or are not needed any more."""
        self.check_access("write")
        self._transition("revoked")
        self.env["res.users.apikeys"].sudo().browse(self.mapped("key_number")).exists()._remove()

    @api.model
    def _cron_watch_keys(self):
        """Scheduled Action: keys that have ended, and keys that end soon and need a successor."""
        now = self.env.cr.now()
        active = [("state", "=", "active")]
        self.search([*active, ("expires_at", "<=", now)])._transition("ended")
        soon = self.search([*active, ("expires_at", "<=", now + timedelta(days=_WARN_DAYS))])
        self.env["hc.work.item"]._open([key._prepare_expiry_item() for key in soon])

    def _prepare_expiry_item(self):
        return {
            "kind": "manual",
            "queue_code": "operations",
            "dedup_key": f"integration_key:{self.id}:ends",
            "name": self.env._(
                "The key “%(name)s” of %(system)s ends on %(day)s",
                name=self.name,
                system=self.source_id.name,
                day=fields.Date.to_string(self.expires_at),
            ),
            "description": self.env._(
                "Make a new key on the page of the connected system, give it to who runs that "
                "system, and revoke this one when the new one is in use."
            ),
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }
