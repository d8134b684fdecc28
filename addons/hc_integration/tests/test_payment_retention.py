# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.common import HcCommon


@tagged("post_install", "-at_install")
class TestPaymentRetention(HcCommon):
    """Events are deleted by age; what somebody still has to look into stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["payment.provider"].create(
            {"name": "Provider", "code": "none", "company_id": cls.company.id}
        )
        cls.events = cls.env["hc.payment.event"]

    def _take(self, number, days_old):
        event = {
            "id": f"evt_{number}",
            "type": "payment_intent.succeeded",
            "created": 1770000000,
            "data": {"object": {"id": f"pi_{number}"}},
        }
        self.assertTrue(self.events._take(self.provider, event))
        self.env.cr.execute(
            "UPDATE hc_payment_event SET create_date = create_date - %s * interval '1 day'"
            " WHERE provider_id = %s AND event_id = %s",
            [days_old, self.provider.id, event["id"]],
        )
        return event

    def _left(self):
        self.env.invalidate_all()
        mine = [("provider_id", "=", self.provider.id)]
        return sorted(self.events.search(mine).mapped("event_id"))

    def _delete(self):
        with self.enter_registry_test_mode():
            self.env.ref("hc_integration.ir_cron_delete_old_payment_events").method_direct_trigger()

    def test_old_events_go_and_those_that_are_needed_stay(self):
        for number, days_old in (("new", 10), ("old", 410), ("asked", 410), ("differs", 410)):
            event = self._take(number, days_old)
            if number == "asked":
                self.events._open_item(self.provider, event, "Nobody knows.")
        run = self.env["hc.payment.reconciliation"]._begin(self.provider, ["2020-01-01"])
        self.env["hc.payment.reconciliation.line"]._create_guarded(
            [
                {
                    "reconciliation_id": run.id,
                    "kind": "payment",
                    "object_key": f"pi_{key}",
                    "reference": f"pi_{key}",
                    "theirs_status": "settled",
                    "result": result,
                }
                for key, result in (("differs", "theirs_only"), ("old", "matched"))
            ]
        )
        run._write_guarded({"finished_at": "2020-01-02 00:00:00"})
        run._transition("different")
        self._delete()
        self.assertEqual(self._left(), ["evt_asked", "evt_differs", "evt_new"])
        self.assertEqual(run.line_ids.mapped("object_key"), ["pi_differs"])
        run._transition("superseded")
        self._delete()
        self.assertEqual(self._left(), ["evt_asked", "evt_new"])

    def test_the_days_are_a_setting_with_a_floor(self):
        parameters = self.env["ir.config_parameter"].sudo()
        for value, days in (("", 400), ("nonsense", 400), ("90", 90), ("1", 30), ("-5", 400)):
            parameters.set_param("hc_integration.payment_event_days", value)
            self.assertEqual(self.events._get_retention_days(), days, value)
        self._take("recent", 29)
        self._take("month", 31)
        parameters.set_param("hc_integration.payment_event_days", "1")
        self._delete()
        self.assertEqual(self._left(), ["evt_recent"])
