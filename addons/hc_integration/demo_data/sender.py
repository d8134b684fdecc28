# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How the demonstration's systems send: past the network, through everything behind it."""

import json
from datetime import timedelta, timezone

from odoo.exceptions import UserError

from ..hc_webhook_core.envelope import read_event


def keep_going(*_steps, **_options):
    """Stands in for a commit: the installation has one transaction."""
    return True


class Sender:
    """Sends in the name of connected systems.

    :param env: the environment in which the demonstration is built
    """

    def __init__(self, env):
        self.env = env(su=True)
        self.now = env.cr.now().replace(microsecond=0)
        self.borders = self.env["hc.integration.source"]._get_borders()

    def source(self, code):
        """The connected system with this code."""
        return self.env["hc.integration.source"].search([("code", "=", code)])

    def receive(self, code, message_id, kind, data, *, hours_ago=1, sequence=0):
        """Store a message as the border does; what is known already stays as it is.

        :param str kind: type and version, such as ``encounter.completed.v1``
        :param hours_ago: when it happened
        :return: the exchange
        """
        happened_at = self.now - timedelta(hours=hours_ago)
        document = {
            "specversion": "1.0",
            "id": message_id,
            "source": code,
            "type": kind,
            "time": f"{happened_at.isoformat()}Z",
            "data": data,
        }
        if sequence:
            document["sequence"] = str(sequence)
        event = read_event(document, self.now.replace(tzinfo=timezone.utc), message_id=message_id)
        border = self.borders[code]
        exchanges = self.env["hc.exchange"].with_user(border.user_id).sudo()
        receipt = exchanges._receive_event(border, event, json.dumps(document).encode())
        return self.env["hc.exchange"].browse(receipt.exchange_id)

    def send(self, *message, **options):
        """Receive a message and process it once; the exchange."""
        exchange = self.receive(*message, **options)
        self.process(exchange)
        return exchange

    def process(self, exchange):
        """Process an event as the drain does; what fails is put on record."""
        exchange._transition("processing")
        try:
            exchange._as_sender()._process(keep_going)
        except UserError as error:
            exchange._mark_failed(error)
