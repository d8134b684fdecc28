# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
from datetime import timezone

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_http import HttpCallError
from odoo.addons.hc_revenue_base.tools.http_request import Limits

from ..hc_webhook_core.cloud_event import (
    CONTENT_TYPE,
    PING,
    ThinEvent,
    envelope,
    serialize,
)
from ..hc_webhook_core.signing import signature_headers

_logger = logging.getLogger(__name__)

_PING_LIMITS = Limits(connect_seconds=5, read_seconds=15, total_seconds=15, response_bytes=65536)


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("delivery_failed", "Events Not Delivered")],
        ondelete={"delivery_failed": "set default"},
    )


class HcEventSubscription(models.Model):
    """What a subscription sends with, its test event, and its trouble."""

    _inherit = "hc.event.subscription"

    last_ping_at = fields.Datetime("Last Test", readonly=True, copy=False)
    last_ping_result = fields.Char("Result of the Test", readonly=True, copy=False)

    def _get_event_source(self):
        """URI of this database, the CloudEvents source."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"urn:uuid:{uuid}"

    def _get_credentials(self):
        """All valid secrets, the current one first, and the extra headers, in clear text.

        :raises UserError: a secret has no value; nothing is sent unsigned
        """
        self.ensure_one()
        secret_sudo = self.secret_id.sudo()
        secrets = self.env["hc.secret"]._get_values(secret_sudo.code or "", self.company_id)
        return secrets, self.sudo().header_ids._get_headers()

    def action_ping(self):
        """Send a signed test event now, and show what the endpoint answers."""
        self.ensure_one()
        self.check_access("write")
        result, is_success = self._ping()
        self._write_guarded(
            {
                "last_ping_at": self.env.cr.now().replace(microsecond=0),
                "last_ping_result": result,
            }
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_success else "danger",
                "title": self.env._("Test Event"),
                "message": result,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _ping(self):
        """Send the test event: ``(result in words, whether it arrived)``."""
        now = self.env.cr.now().replace(microsecond=0)
        timestamp = int(now.replace(tzinfo=timezone.utc).timestamp())
        event = ThinEvent(
            PING, self._name, self.id, 0, "event", None, None, None, self.company_id.id, None, now
        )
        message = f"ping_{self.id}_{timestamp}"
        body = serialize(envelope(event, message, self._get_event_source()))
        try:
            secrets, extra = self._get_credentials()
            headers = signature_headers(secrets, message, timestamp, body)
            answer = self.env["hc.http"]._send(
                "POST",
                self.url,
                purpose="event_ping",
                headers={**headers, "Content-Type": CONTENT_TYPE, **extra},
                body=body,
                limits=_PING_LIMITS,
            )
        except (HttpCallError, UserError) as error:
            return str(error), False
        if answer.is_success:
            return self.env._("The endpoint answered %(status)s.", status=answer.status), True
        return (
            self.env._(
                "The endpoint answered %(status)s; 200 to 299 is success, redirects are not "
                "followed.",
                status=answer.status,
            ),
            False,
        )

    def _end_because_gone(self):
        """The endpoint answered 410: it wants no more."""
        for subscription in self:
            subscription._transition_where_allowed(
                "disabled", reason=self.env._("the endpoint answered 410 (gone)")
            )
            subscription._open_trouble_item("gone", "status_410")

    def _open_trouble_item(self, trouble, error):
        """Ask for a person, once per subscription and trouble; what was sent stays sent."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._open_item(trouble, error)
        except Exception as failure:  # noqa: BLE001 - the outcome of the delivery must stay
            _logger.warning("no work item for subscription %s: %s", self.id, type(failure).__name__)

    def _open_item(self, trouble, error):
        todo = {
            "gone": self.env._(
                "The endpoint answered 410: it wants no more events, and nothing further is put "
                "aside for it. Ask its owner; activate the subscription again, or cancel what "
                "waits."
            ),
            "dead": self.env._(
                "Events were tried for three days, or refused repeatedly, and given up. Mend the "
                "receiver, then replay the dead letters, or cancel them."
            ),
            "endpoint_down": self.env._(
                "The endpoint has failed for some minutes (%(error)s). Events wait and are sent "
                "when it works again; tell its owner.",
                error=error,
            ),
            "outbound_refused": self.env._(
                "Nothing may be sent to this address (%(error)s). Correct the address or the "
                "secret, or have an outgoing allowance approved; then send a test event.",
                error=error,
            ),
        }
        self.env["hc.work.item"].sudo()._open(
            [
                {
                    "kind": "delivery_failed",
                    "queue_code": "operations",
                    "dedup_key": f"event_{trouble}:{self.id}",
                    "name": self.env._("Events are not delivered: %(name)s", name=self.name),
                    "description": todo[trouble],
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )
