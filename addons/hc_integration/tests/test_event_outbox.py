# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
import re
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.hc_revenue_base.tests.sample_records import create_records

from ..hc_webhook_core.cloud_event import envelope, serialize
from ..hc_webhook_core.subscription_match import Matcher
from .outbox_common import EventCase

_CODE = re.compile(r"[a-z][a-z0-9_.]{0,99}")
_KEYS = {"model", "record_id", "kind", "field", "from", "to", "company_id", "facility"}


class TestEventOutbox(EventCase):
    """What is put aside, for whom, in which transaction, and what it says."""

    def test_a_fact_is_put_aside_in_its_own_transaction(self):
        subscription = self._subscribe(("work_item.open",))
        item = self._open_item("outbox")
        delivery = self._get_deliveries(subscription)
        entry = self.env["hc.transition"].search(
            [("res_model", "=", "hc.work.item"), ("res_id", "=", item.id)]
        )
        self.assertEqual(delivery.transition_number, entry.id)
        self.assertEqual((delivery.event_type, delivery.state), ("work_item.open", "pending"))
        self.assertEqual(delivery.message, f"evt_{subscription.id}_{entry.id}")

    def test_what_is_rolled_back_was_never_put_aside(self):
        subscription = self._subscribe()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self._open_item("undone")
            self.assertTrue(self._get_deliveries(subscription))
            raise ZeroDivisionError
        self.assertFalse(self._get_deliveries(subscription))

    def test_without_subscriptions_nothing_is_asked_of_the_database(self):
        self.env["hc.event.subscription"]._get_matcher()
        item = self._open_item("free")
        with self.assertQueryCount(2):
            item._log_decision(kind="event", facts={"event": "looked at"})

    def test_draft_and_disabled_subscriptions_get_nothing_paused_ones_keep(self):
        subscription = self._subscribe()
        subscription.action_pause()
        self._open_item("kept")
        self.assertEqual(len(self._get_deliveries(subscription)), 1)
        self._drain()
        self.assertEqual(self._get_deliveries(subscription).state, "pending")
        subscription.action_disable()
        self._open_item("missed")
        self.assertEqual(len(self._get_deliveries(subscription)), 1)

    def test_another_company_and_another_facility_are_not_told(self):
        other = self.env["res.company"].create({"name": "Other House"})
        fenced = self._subscribe(facility_ids=self.facility.ids)
        self._open_item("theirs", company_id=other.id)
        self._open_item("elsewhere", facility_id=self.other_facility.id)
        self._open_item("nowhere")
        self.assertFalse(self._get_deliveries(fenced))
        self._open_item("here", facility_id=self.facility.id)
        self.assertEqual(len(self._get_deliveries(fenced)), 1)

    def test_conditions_cut_what_is_put_aside(self):
        condition = {"field": "from", "operator": "equals", "value": "in_progress"}
        subscription = self._subscribe(condition_ids=[(0, 0, condition)])
        item = self._open_item("cut")
        item.action_take()
        self.assertFalse(self._get_deliveries(subscription))
        item.action_release()
        self.assertEqual(self._get_deliveries(subscription).event_type, "work_item.open")

    def test_conditions_are_a_closed_language(self):
        subscription = self._subscribe()
        subscription.action_pause()
        for vals in (
            {"field": "sequence", "operator": "at_least", "value": "many"},
            {"field": "from", "operator": "greater_than", "value": "1"},
            {"field": "from", "operator": "is_set", "value": "x"},
            {"field": "from", "operator": "equals", "value": ""},
            {"field": "from", "operator": "matches", "value": "(a+)+b"},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                subscription.condition_ids = [(0, 0, vals)]

    def test_sending_of_events_begets_no_events(self):
        everything = self.env["hc.event.type"].search([("kind", "=", "all")])
        self.assertGreater(len(everything), 10)
        subscription = self._subscribe(everything.mapped("code"), path="status/422")
        delivery = self._put_dead(subscription)
        delivery.action_replay()
        models = self._get_deliveries(subscription).mapped("res_model")
        self.assertNotIn("hc.event.delivery", models)
        self.assertNotIn("hc.event.subscription", models)

    def _put_dead(self, subscription):
        self._open_item("dies")
        delivery = self._get_deliveries(subscription)[:1]
        delivery._write_guarded({"attempts": 4})
        self._drain()
        self.assertEqual(delivery.state, "dead")
        return delivery

    def test_what_leaves_is_ids_and_codes_whatever_the_log_holds(self):
        """The facts of every model of the samples, with a log that holds far too much."""
        subscription = self._subscribe()
        hostile = {"event": "seen", "name": "Jane Doe", "amount": "125.50", "mrn": "1000001"}
        records = [record[:1] for record in create_records(self).values()]
        log = self.env["hc.transition"]
        log._append(
            [
                {
                    "record": record,
                    "kind": kind,
                    "to_state": "ready" if kind == "transition" else None,
                    "reason": "Jane Doe called, 555-0100",
                    "facts": hostile,
                }
                for record in records
                for kind in ("event", "transition")
            ]
        )
        entries = log.search([("res_model", "in", [record._name for record in records])])
        self.assertGreater(len(set(entries.mapped("res_model"))), 8)
        rows = entries.read(["res_model", "res_id", "occurred_at", "kind"])
        self.deliveries._put([(subscription.id, f"x.{row['kind']}", row) for row in rows])
        known = self._get_deliveries(subscription)
        events = known._read_events()
        self.assertGreater(len(events), len(records))
        for event in events.values():
            body = serialize(envelope(event, "evt_1_1", "urn:uuid:x"))
            content = json.loads(body)
            self.assertEqual(set(content["data"]), _KEYS)
            for name, value in content["data"].items():
                self.assertTrue(
                    value is None or isinstance(value, int) or _CODE.fullmatch(value.lower()),
                    f"{name}: {value}",
                )
            for word in (b"Jane", b"Doe", b"555", b"125.50", b"1000001"):
                self.assertNotIn(word, body)

    def test_the_catalogue_follows_the_modules(self):
        types = self.env["hc.event.type"]
        codes = set(types.search([("kind", "=", "state")]).mapped("code"))
        self.assertLessEqual({"billing_case.ready", "encounter.completed", "work_item.open"}, codes)
        self.assertFalse(types.search([("model", "in", ("hc.event.delivery",))]))
        gone = types.sudo().create(
            {"name": "Gone", "code": "gone.ready", "kind": "state", "model": "hc.gone"}
        )
        types._cron_sync()
        self.assertFalse(gone.active)
        self.assertEqual(codes, set(types.search([("kind", "=", "state")]).mapped("code")))

    def test_a_server_action_sends_an_event_about_any_record(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Tell about partners",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "state": "hc_event",
                "hc_event_slug": "partner_noted",
            }
        )
        subscription = self._subscribe(("custom.partner_noted",))
        partners = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        action.with_context(
            active_model="res.partner", active_ids=partners.ids, active_id=partners[0].id
        ).run()
        told = self._get_deliveries(subscription)
        self.assertEqual(told.mapped("res_id"), partners.ids)
        self.assertEqual(set(told.mapped("res_model")), {"res.partner"})
        self._drain()
        body = json.loads(self.server.bodies[0])
        self.assertEqual(body["type"], "hc.custom.partner_noted.v1")
        with self.assertRaisesRegex(ValidationError, "event name"):
            action.hc_event_slug = "Not A Slug"

    def test_an_automation_rule_can_send_it(self):
        model = self.env["ir.model"]._get("res.partner")
        rule = self.env["base.automation"].create(
            {"name": "Tell", "model_id": model.id, "trigger": "on_create"}
        )
        self.env["ir.actions.server"].create(
            {
                "name": "Tell",
                "model_id": model.id,
                "state": "hc_event",
                "hc_event_slug": "partner_made",
                "base_automation_id": rule.id,
                "usage": "base_automation",
            }
        )
        subscription = self._subscribe(("custom.partner_made",))
        partner = self.env["res.partner"].create({"name": "C"})
        self.assertEqual(self._get_deliveries(subscription).res_id, partner.id)

    def test_a_broken_matcher_is_not_asked_for_rows_of_others(self):
        """The matcher is compiled once, not for every fact."""
        self._subscribe()
        with patch.object(Matcher, "match", return_value=[]) as match:
            self._open_item("counted")
        match.assert_called_once()


class TestEventSubscription(EventCase):
    """A subscription fails closed, and its endpoint does not change while it sends."""

    def test_without_types_or_secret_nothing_is_sent(self):
        draft = self.env["hc.event.subscription"].create({"name": "X", "url": "https://x.example"})
        with self.assertRaisesRegex(UserError, "event type") as refusal:
            draft.action_activate()
        self.assertIn("secret", str(refusal.exception))

    def test_addresses_that_cannot_be_called(self):
        for url in ("ftp://x.example", "https://u:p@x.example", "https://2130706433/", "x"):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.env["hc.event.subscription"].create({"name": "X", "url": url})

    def test_where_and_what_is_fixed_while_it_sends(self):
        subscription = self._subscribe().with_user(self.administrator)
        secret = subscription.secret_id
        for change in (
            lambda: subscription.write({"url": "https://elsewhere.example"}),
            lambda: subscription.write({"type_ids": [(5,)]}),
            lambda: subscription.header_ids.create(
                {
                    "subscription_id": subscription.id,
                    "name": "X-Key",
                    "secret_id": secret.id,
                }
            ),
        ):
            with self.assertRaisesRegex(UserError, "Pause it"):
                change()
        subscription.action_pause()
        subscription.url = "https://elsewhere.example"
        entries = self.env["hc.transition"].search(
            [("res_model", "=", subscription._name), ("res_id", "=", subscription.id)]
        )
        self.assertIn({"changed": ["url"]}, entries.mapped("facts"))

    def test_reserved_and_malformed_headers_are_refused(self):
        subscription = self._subscribe()
        subscription.action_pause()
        for name in ("webhook-id", "Content-Type", "Host", "X Key", "X\nKey"):
            vals = {"name": name, "secret_id": subscription.secret_id.id}
            with self.subTest(name), self.assertRaises(ValidationError):
                subscription.header_ids = [(0, 0, vals)]

    def test_who_may_do_what(self):
        subscription = self._subscribe()
        with self.assertRaises(AccessError):
            subscription.with_user(self.clerk).action_pause()
        subscription.with_user(self.operator).action_pause()
        subscription.with_user(self.operator).action_activate()
        with self.assertRaises(AccessError):
            self.env["hc.event.subscription"].with_user(self.operator).create(
                {"name": "X", "url": "https://x.example"}
            )
        self._open_item("theirs")
        delivery = self._get_deliveries(subscription)
        for vals in ({"state": "delivered"}, {"attempts": 0}, {"not_before": False}):
            with self.assertRaises(AccessError):
                delivery.with_user(self.operator).write(vals)
        with self.assertRaises(AccessError):
            self.deliveries.with_user(self.operator).create({"subscription_id": subscription.id})

    def test_a_document_that_waits_to_leave_is_told_to_who_carries_its_type(self):
        types = self.env["hc.event.type"]
        types._sync()
        listed = types.search([("code", "=like", "exchange.ready_to_leave_%")])
        self.assertTrue(all(each.kind == "event" for each in listed))
        self.assertNotIn("exchange.ready_to_leave_charge_csv", listed.mapped("code"))
        for code in ("exchange.ready_to_leave_charge_csv", "exchange.ready_to_leave_other"):
            types.create({"code": code, "name": code, "kind": "event", "model": "hc.exchange"})
        carrier = self._subscribe(("exchange.ready_to_leave_charge_csv",), name="Carrier")
        other = self._subscribe(("exchange.ready_to_leave_other",), name="Other")
        document = self.env["hc.exchange"]._send("charge_csv", "carrier", "1", b"x", "x.csv")
        self.assertEqual(self._get_deliveries(carrier).res_id, document.id)
        self.assertFalse(self._get_deliveries(other))
