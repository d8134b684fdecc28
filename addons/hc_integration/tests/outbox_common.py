# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from contextlib import ExitStack
from datetime import timedelta
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tests.test_cursor import TestCursor

from odoo.addons.hc_revenue_base.tests.common import HcCommon
from odoo.addons.hc_revenue_base.tests.http_common import HOST, LOCALHOST, serving

SECRET = "whsec_c2FtcGxlLXNlY3JldC1vZi10ZXN0cw=="


def keep_going(_done=0, **_options):
    """Stands in for a commit: the tests have one transaction."""
    return 60.0


def create_subscription(office, types=("work_item.*",), name="Receiver", **vals):
    """A subscription that is sending, with a secret of its own.

    :param office: a test class of the base's ``HcCommon`` that is set up
    :param types: codes of event types
    """
    env = office.env
    secret = env["hc.secret"].create({"name": name, "code": f"outbound.{name}", "value": SECRET})
    subscription = env["hc.event.subscription"].create(
        {
            "name": name,
            "url": f"https://{HOST}/ok",
            "secret_id": secret.id,
            "type_ids": env["hc.event.type"].search([("code", "in", types)]).ids,
            **vals,
        }
    )
    subscription.action_activate()
    return subscription


@tagged("post_install", "-at_install")
class EventCase(HcCommon):
    """Subscriptions of a receiver on this machine, which an allowance lets the server call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(serving())
        cls.operator = cls._create_user("event.operator", "operations")
        cls.administrator = cls._create_user("event.administrator", "administrator")
        cls.clerk = cls._create_user("event.clerk", "clerk")
        cls.deliveries = cls.env["hc.event.delivery"]
        proposer, approver = (
            cls._create_user(f"event.{name}", "administrator") for name in ("asks", "agrees")
        )
        allowance = cls.env["hc.http.allowance"].with_user(proposer)
        cls.allowance = allowance.create(
            {
                "target": HOST,
                "allows_plain": True,
                "reason": "The receiver of the tests",
                "expires_on": "2099-12-31",
            }
        )
        cls.allowance.with_user(approver).action_approve()

    def setUp(self):
        super().setUp()
        # Breakers work in transactions of their own: here, in the one of the test.
        self.enterContext(self.enter_registry_test_mode())
        self.enterContext(
            patch.object(
                self.env.registry["hc.http"], "_resolver", staticmethod(lambda *_: [LOCALHOST])
            )
        )
        for seen in (self.server.seen, self.server.bodies):
            seen.clear()
        self.server.health = 200

    def _subscribe(self, types=("work_item.*",), path="ok", **vals):
        url = f"http://{HOST}:{self.server.port}/{path}"
        return create_subscription(self, types, **{"url": url, **vals})

    def _open_item(self, key, **vals):
        vals = {"kind": "stalled", "name": key, "dedup_key": key, "queue_code": "billing", **vals}
        return self.env["hc.work.item"]._open([vals])

    def _drain(self, **options):
        self.deliveries._drain(keep_going, **options)

    def _get_deliveries(self, subscription):
        return self.deliveries.search([("subscription_id", "=", subscription.id)], order="id")

    def _get_items(self, subscription):
        return self.env["hc.work.item"].search(
            [("res_model", "=", subscription._name), ("res_id", "=", subscription.id)]
        )

    def _let_pass(self, **duration):
        """Go on at a later moment, for everybody who asks a cursor."""
        now = self.env.cr.now() + timedelta(**duration)
        moved = ExitStack()
        for cursor_class in (Cursor, TestCursor):
            moved.enter_context(patch.object(cursor_class, "now", lambda _cursor: now))
        self.addCleanup(moved.close)
