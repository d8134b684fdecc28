# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Who is told of what, and what became of it: a delivery in every state, none of them sent."""

from ..hc_webhook_core.delivery_policy import MAX_ATTEMPTS
from ..tools.event_sender import Outcome
from .systems import CLEARINGHOUSE, N8N

_SENT = Outcome(status=204, latency_ms=48)
_NOT_FOUND = Outcome(
    status=404,
    latency_ms=31,
    head=b'{"code":404,"message":"The requested webhook is not registered."}',
    error="status_404",
)
_REFUSED = Outcome(status=422, latency_ms=75, head=b"unknown facility", error="status_422")
_GONE = Outcome(status=410, latency_ms=40, error="status_410")


class DeliveryStory:
    """Subscriptions that are paused, disabled or point at this machine; so nothing leaves.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office, as_of):
        self.office = office
        self.administrator = office.env_of("administrator")
        self.env = office.company.env(su=True)
        self.deliveries = self.env["hc.event.delivery"]

    def run(self):
        """Subscribe, put facts of the past days aside, and settle them in different ways."""
        secrets = self.administrator["hc.secret"].create(
            {
                "name": "Signature of sent events",
                "code": "outbound.demonstration",
                "value": "demonstration-secret-of-outbound",
            }
        )
        self._tell_n8n(secrets)
        self._tell_warehouse(secrets)
        self._tell_gone(secrets)
        self._subscribe("Insights Lake (planned)", "https://lake.example.com/in", secrets, ())

    def _subscribe(self, name, url, secret, codes, **values):
        types = self.env["hc.event.type"].search([("code", "in", codes)])
        return self.administrator["hc.event.subscription"].create(
            {
                "name": name,
                "url": url,
                "secret_id": secret.id,
                "type_ids": types.ids,
                "owner_id": self.office.ref("user_operations").id,
                "company_id": self.office.company.id,
                **values,
            }
        )

    def _put_aside(self, subscription, model, state, code, count):
        """Facts of the log, put aside as if the subscription had been there already."""
        entries = self.env["hc.transition"].search(
            [
                ("res_model", "=", model),
                ("to_state", "=", state),
                ("company_id", "=", self.office.company.id),
            ],
            order="id desc",
            limit=count,
        )
        rows = entries.read(["res_model", "res_id", "sequence", "occurred_at"], load=None)
        self.deliveries._put([(subscription.id, code, row) for row in rows])
        return self.deliveries.search(
            [("subscription_id", "=", subscription.id), ("event_type", "=", code)], order="id"
        )

    def _settle(self, deliveries, outcome, attempts=1):
        """Let deliveries be tried, each time with the same outcome."""
        for _attempt in range(attempts):
            deliveries._lease("demonstration")
            deliveries._settle(dict.fromkeys(deliveries.ids, outcome))

    def _tell_n8n(self, secret):
        """On this machine, which the server refuses to call until an allowance says otherwise."""
        subscription = self._subscribe(
            "n8n: connections",
            "https://localhost:5678/webhook/hc-connections",
            secret,
            ("integration_source.active", "integration_source.paused"),
            source_id=self._source(N8N).id,
            note="Tells the operations channel which system was connected or paused.",
        )
        subscription.action_activate()
        told = self._put_aside(
            subscription, "hc.integration.source", "active", "integration_source.active", 5
        )
        self._settle(told, _SENT)

    def _tell_warehouse(self, secret):
        """A receiver that works now and then, and is paused while it is mended."""
        codes = ("billing_case.ready", "billing_case.exception", "encounter.cancelled")
        subscription = self._subscribe(
            "Data warehouse",
            "https://warehouse.example.com/hooks/revenue",
            secret,
            codes,
            note="Nightly figures of the finance office. Mend it first, then let it go on.",
        )
        subscription.action_activate()
        subscription.action_pause()
        ready = self._put_aside(subscription, "hc.billing.case", "ready", "billing_case.ready", 24)
        self._settle(ready[:14], _SENT)
        self._settle(ready[14:17], _REFUSED, attempts=5)
        self._settle(ready[17:19], _NOT_FOUND, attempts=MAX_ATTEMPTS)
        self._settle(ready[19:21], _NOT_FOUND, attempts=3)
        ready[21:22].action_cancel()
        ready[22:23]._lease("demonstration")
        self._put_aside(subscription, "hc.billing.case", "exception", "billing_case.exception", 4)
        self.env["hc.event.endpoint"]._report(subscription.id, 5, "status_503")

    def _tell_gone(self, secret):
        """A receiver that answered that it wants no more."""
        subscription = self._subscribe(
            "Clearline: eligibility desk",
            "https://api.clearline.example.com/events",
            secret,
            ("encounter.completed",),
            source_id=self._source(CLEARINGHOUSE).id,
        )
        subscription.action_activate()
        subscription.action_pause()
        told = self._put_aside(subscription, "hc.encounter", "completed", "encounter.completed", 2)
        self._settle(told[:1], _SENT)
        self._settle(told[1:], _GONE)

    def _source(self, code):
        return self.env["hc.integration.source"].search([("code", "=", code)])
