# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
from base64 import b64encode
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, mute_logger, tagged

from ..hc_core import operations
from .common import HcCommon

_LOGGER = "odoo.addons.hc_revenue_base.models.hc_operation"


class OperationCase(HcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.integration = cls._create_user("op.integration", "integration")
        cls.elsewhere = cls._create_user(
            "op.elsewhere", "integration", facilities=cls.other_facility
        )
        cls.executive = cls._create_user("op.executive", "executive")
        cls.coder = cls._create_user("op.coder", "coder")
        cls.operations = cls._create_user("op.operations", "operations")
        cls.coverage.eligibility_status = "unknown"
        encounter = cls._create_encounter("OP-1")
        encounter.action_complete()
        encounter.action_approve_coding()
        cls.env.cr.precommit.run()
        cls.case = encounter.case_ids

    def _run(self, user, code, payload=None, key=None):
        return self.env["hc.operation"].with_user(user).run(code, payload, key)

    def _assert_error(self, answer, code):
        self.assertEqual(answer["status"], "error", answer)
        self.assertEqual(answer["error"]["code"], code, answer)
        self.assertNotIn("Traceback", json.dumps(answer))

    def _submission(self, content=b"a,b\n1,2\n", **changes):
        return {
            "document_type": "charge_csv",
            "source": "ehr",
            "external_id": "batch-1",
            "content_base64": b64encode(content).decode(),
            **changes,
        }

    ITEM = {"name": "Look at this", "queue_code": "billing"}


@tagged("post_install", "-at_install")
class TestOperation(OperationCase):
    def test_a_submitted_document_is_stored_once_and_answered_twice(self):
        first = self._run(self.integration, "exchange.submit", self._submission(), "key-00001")
        self.assertEqual((first["status"], first["replayed"]), ("ok", False))
        self.assertEqual(first["result"]["verdict"], "new")
        second = self._run(self.integration, "exchange.submit", self._submission(), "key-00001")
        self.assertEqual(second, first | {"replayed": True})
        third = self._run(self.integration, "exchange.submit", self._submission(), "key-00002")
        self.assertEqual(third["result"]["verdict"], "duplicate")
        self.assertEqual(third["result"]["exchange_id"], first["result"]["exchange_id"])
        exchange = self.env["hc.exchange"].browse(first["result"]["exchange_id"])
        self.assertEqual(exchange.create_uid, self.integration)

    def test_the_same_key_with_other_input_is_a_conflict(self):
        self._run(self.integration, "exchange.submit", self._submission(), "key-00001")
        other = self._submission(b"other")
        self._assert_error(
            self._run(self.integration, "exchange.submit", other, "key-00001"), "key_conflict"
        )
        self._assert_error(
            self._run(self.integration, "work_item.open", self.ITEM, "key-00001"), "key_conflict"
        )
        # Keys belong to who chose them.
        self.assertEqual(
            self._run(self.operations, "work_item.open", self.ITEM, "key-00001")["status"], "ok"
        )

    def test_the_same_key_in_another_company_is_a_conflict(self):
        company = self.env["res.company"].create({"name": "Next Door"})
        self.integration.company_ids |= company
        self._run(self.integration, "exchange.submit", self._submission(), "key-00001")
        operations_ = self.env["hc.operation"].with_user(self.integration)
        elsewhere = operations_.with_context(allowed_company_ids=company.ids)
        answer = elsewhere.run("exchange.submit", self._submission(), "key-00001")
        self._assert_error(answer, "key_conflict")
        answer = elsewhere.run("exchange.submit", self._submission(), "key-00002")
        self.assertEqual(answer["result"]["verdict"], "new")

    def test_a_moment_without_a_day_in_utc_is_refused(self):
        for since in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
            answer = self._run(self.integration, "case.list_changed", {"since": since})
            self._assert_error(answer, "payload_invalid")

    def test_a_work_item_is_opened_once(self):
        before = self.env["hc.work.item"].search_count([("name", "=", "Look at this")])
        payload = {**self.ITEM, "case_number": self.case.name, "dedup_key": "x"}
        first = self._run(self.integration, "work_item.open", payload, "key-item-1")
        again = self._run(self.integration, "work_item.open", payload, "key-item-2")
        self.assertEqual(first["result"], again["result"])
        item = self.env["hc.work.item"].browse(first["result"]["work_item_id"])
        self.assertEqual((item.case_id, item.facility_id), (self.case, self.facility))
        after = self.env["hc.work.item"].search_count([("name", "=", "Look at this")])
        self.assertEqual(after, before + 1)

    def test_who_opened_an_item_closes_it(self):
        payload = {**self.ITEM, "dedup_key": "proof-a"}
        opened = self._run(self.integration, "work_item.open", payload, "key-item-3")["result"]
        item = self.env["hc.work.item"].browse(opened["work_item_id"])
        key = {"dedup_key": "proof-a"}
        # Another's item of the same name is none of this sender's.
        answer = self._run(self.operations, "work_item.close", key, "key-close-1")
        self.assertEqual((answer["result"], item.state), ({"closed_count": 0}, "open"))
        answer = self._run(self.integration, "work_item.close", key, "key-close-2")
        self.assertEqual((answer["result"], item.state), ({"closed_count": 1}, "resolved"))
        answer = self._run(self.integration, "work_item.close", key, "key-close-3")
        self.assertEqual(answer["result"], {"closed_count": 0})

    def test_a_case_is_fetched_by_its_number_or_its_encounter(self):
        by_case = self._run(self.integration, "case.fetch", {"case_number": self.case.name})
        by_encounter = self._run(self.integration, "case.fetch", {"encounter_number": "OP-1"})
        self.assertEqual(by_case, by_encounter)
        result = by_case["result"]
        self.assertEqual((result["stage"], result["amount_charged"]), ("exception", "150.00"))
        self.assertTrue(any(finding["is_blocking"] for finding in result["findings"]))
        self.coverage.eligibility_status = "active"
        self.case.action_check_readiness()
        self.env["hc.balance"].invalidate_model()
        result = self._run(self.integration, "case.fetch", {"case_number": self.case.name})[
            "result"
        ]
        self.assertEqual(result["stage"], "invoiced")
        self.assertEqual(result["balances"][0]["amount_open"], "150.00")
        self.assertEqual(result["invoices"][0]["payment_state"], "not_paid")
        self.assertNotIn("Doe", json.dumps(result))

    def test_what_is_not_the_callers_is_not_there(self):
        for payload in ({"case_number": self.case.name}, {"encounter_number": "OP-1"}):
            self._assert_error(self._run(self.elsewhere, "case.fetch", payload), "not_found")
        payload = {**self.ITEM, "case_number": self.case.name}
        self._assert_error(
            self._run(self.elsewhere, "work_item.open", payload, "key-other-1"), "not_found"
        )
        pages = self._run(self.elsewhere, "case.list_changed", {})
        self.assertNotIn(self.case.name, json.dumps(pages))

    def test_refusals_have_stable_codes(self):
        payload = self._submission()
        deep = {}
        for _level in range(100_000):
            deep = {"a": deep}
        for code, user, operation, value, key in (
            ("operation_unknown", self.integration, "nothing.here", {}, None),
            ("operation_unknown", self.integration, ["case.fetch"], {}, None),
            ("access_denied", self.executive, "exchange.submit", payload, "key-00001"),
            ("access_denied", self.coder, "work_item.open", self.ITEM, "key-00001"),
            ("access_denied", self.executive, "resource.read", {"resource": "cases"}, None),
            ("key_missing", self.integration, "exchange.submit", payload, None),
            ("key_missing", self.integration, "exchange.submit", payload, "short"),
            ("key_missing", self.integration, "exchange.submit", payload, "with space"),
            ("key_missing", self.integration, "exchange.submit", payload, {"a": 1}),
            ("payload_invalid", self.integration, "exchange.submit", {}, "key-00001"),
            ("payload_invalid", self.integration, "exchange.submit", [1], "key-00001"),
            ("payload_invalid", self.integration, "exchange.submit", deep, "key-00001"),
            ("payload_invalid", self.integration, "case.fetch", {"case_number": 5}, None),
            ("payload_invalid", self.integration, "case.fetch", {}, None),
            ("payload_invalid", self.integration, "case.fetch", {"x": float("nan")}, None),
            ("payload_too_large", self.integration, "case.fetch", {"x": "y" * 70_000}, None),
            ("not_found", self.integration, "case.fetch", {"case_number": "none"}, None),
            ("payload_invalid", self.operations, "case.list_changed", {"cursor": "x~1"}, None),
        ):
            with self.subTest(code=code, operation=operation):
                self._assert_error(self._run(user, operation, value, key), code)
        for changes in (
            {"content_base64": "no base64!"},
            {"document_type": "zip"},
            {"source": "=1+1"},
            {"name": "a\x00b"},
            {"extra": 1},
        ):
            with self.subTest(changes=changes):
                answer = self._run(
                    self.integration,
                    "exchange.submit",
                    self._submission(**changes),
                    "key-00001",
                )
                self._assert_error(answer, "payload_invalid")
        self.assertFalse(self.env["hc.operation.call"].search([("key", "=", "key-00001")]))

    @mute_logger(_LOGGER)
    def test_a_failing_handler_leaves_nothing_behind(self):
        model = type(self.env["hc.operation"])
        original = model._operation_open_item
        for error, code in (
            (UserError("Not today."), "rejected"),
            (AccessError("No."), "access_denied"),
            (ZeroDivisionError("secret"), "internal_error"),
        ):

            def failing(self, payload, _error=error):
                original(self, payload)
                raise _error

            with patch.object(model, "_operation_open_item", failing):
                answer = self._run(self.integration, "work_item.open", self.ITEM, "key-fails")
            self._assert_error(answer, code)
            self.assertNotIn("secret", json.dumps(answer))
        self.assertFalse(self.env["hc.work.item"].search([("name", "=", "Look at this")]))
        answer = self._run(self.integration, "work_item.open", self.ITEM, "key-fails")
        self.assertEqual((answer["status"], answer["replayed"]), ("ok", False))

    @mute_logger(_LOGGER)
    def test_an_answer_that_breaks_its_schema_is_not_given(self):
        model = type(self.env["hc.operation"])
        with patch.object(model, "_operation_open_item", lambda self, payload: {"id": "x"}):
            answer = self._run(self.integration, "work_item.open", self.ITEM, "key-00001")
        self._assert_error(answer, "internal_error")

    def test_pages_follow_each_other_without_gap(self):
        cases = self.env["hc.billing.case"].search([("id", ">", 0)])
        now = self.env.cr.now()
        for position, case in enumerate(cases.sorted("id")):
            self.env.cr.execute(
                "UPDATE hc_billing_case SET write_date = %s WHERE id = %s",
                (now - timedelta(hours=2) + timedelta(seconds=position // 2), case.id),
            )
        cases.invalidate_recordset()
        seen, cursor = [], None
        for _page in range(len(cases) + 1):
            payload = {"limit": 1, **({"cursor": cursor} if cursor else {})}
            page = self._run(self.operations, "case.list_changed", payload)["result"]
            seen += [record["id"] for record in page["records"]]
            cursor = page["next_cursor"]
            if page["is_last"]:
                break
        readable = self.env["hc.billing.case"].with_user(self.operations).search([("id", ">", 0)])
        self.assertEqual(sorted(seen), sorted(readable.ids))
        again = self._run(self.operations, "case.list_changed", {"cursor": cursor})["result"]
        self.assertEqual((again["records"], again["next_cursor"]), ([], cursor))
        future = (now + timedelta(days=1)).isoformat()
        self.assertFalse(
            self._run(self.operations, "case.list_changed", {"since": future})["result"]["records"]
        )

    def test_what_a_running_transaction_may_still_change_waits(self):
        fresh = self._run(self.operations, "resource.read", {"resource": "cases"})["result"]
        self.assertNotIn(self.case.id, [record["id"] for record in fresh["records"]])

    def test_every_resource_is_served_as_described(self):
        model = self.env["hc.operation"]
        self.env.cr.execute("UPDATE hc_billing_case SET write_date = %s", (datetime(2026, 3, 3),))
        self.env.cr.execute("UPDATE hc_work_item SET write_date = %s", (datetime(2026, 3, 3),))
        self.env.invalidate_all()
        for resource in model._get_resources():
            reader = self._create_user(f"op.{resource.name}")
            reader.group_ids += self.env.ref(resource.groups[0])
            answer = self._run(reader, "resource.read", {"resource": resource.name})
            self.assertEqual(answer["status"], "ok", answer)
            for row in answer["result"]["records"]:
                self.assertEqual(set(row), {"id", "changed_at", *resource.fields})
            self._check_paths(resource, resource.fields.values(), ())
            # Fields of their own group may be served to that group only.
            groups = (resource.private_group,)
            self._check_paths(resource, resource.private_fields.values(), groups)

    def _check_paths(self, resource, paths, groups):
        """Fields of a resource exist, and are no more secret than the resource says."""
        for path in paths:
            records = self.env[resource.model]
            for name in path.split("."):
                self.assertIn(name, records._fields)
                secret = records._fields[name].groups
                self.assertTrue(not secret or secret in groups, f"{path} is patient data")
                records = records[name] if records._fields[name].relational else records

    def test_definitions_are_closed_and_their_handlers_exist(self):
        model = self.env["hc.operation"]
        registry = operations.registry(model._get_operations())
        self.assertGreaterEqual(len(registry), 5)
        for definition in registry.values():
            self.assertTrue(callable(getattr(model, definition.handler)))
            self.assertTrue(definition.handler.startswith("_operation_"))
            for group in definition.groups:
                self.assertEqual(self.env.ref(group)._name, "res.groups")

    def test_answers_are_read_by_operations_and_written_by_nobody(self):
        self._run(self.integration, "work_item.open", self.ITEM, "key-00001")
        call = self.env["hc.operation.call"].search([("key", "=", "key-00001")])
        self.assertEqual(call.with_user(self.operations).code, "work_item.open")
        for user in (self.operations, self.integration):
            with self.assertRaises(AccessError):
                call.with_user(user).write({"answer": "{}"})
            with self.assertRaises(AccessError):
                call.with_user(user).unlink()
        with self.assertRaises(AccessError):
            call.with_user(self.integration).read(["answer"])
        with self.assertRaises(AccessError):
            call.write({"answer": "{}"})

    def test_old_answers_are_purged(self):
        self._run(self.integration, "work_item.open", self.ITEM, "key-00001")
        call = self.env["hc.operation.call"].search([("key", "=", "key-00001")])
        cron = self.env.ref("hc_revenue_base.ir_cron_purge_operation_calls")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertTrue(call.exists())
        call._write_guarded({"called_at": self.env.cr.now() - timedelta(days=91)})
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(call.exists())

    def test_the_catalog_names_everything(self):
        admin = self._create_user("op.admin", "administrator")
        content = self.env["hc.operation.catalog"].with_user(admin).create({}).content
        for definition in self.env["hc.operation"]._get_operations():
            self.assertIn(definition.code, content)
        for resource in self.env["hc.operation"]._get_resources():
            self.assertIn(resource.name, content)


@tagged("post_install", "-at_install")
class TestOperationRpc(OperationCase, HttpCase):
    """The one door, over the wire, with real users."""

    @mute_logger("odoo.http")
    def _call(self, user, method, *args, model="hc.operation"):
        self.authenticate(user.login, user.login)
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": list(args),
                        "kwargs": {"context": {"uid": 1, "su": True, "active_test": False}},
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        ).json()
        return answer["error"]["data"]["name"] if "error" in answer else answer["result"]

    def test_the_door_opens_as_the_caller_only(self):
        payload = {"case_number": self.case.name}
        self.assertEqual(self._call(self.integration, "run", "case.fetch", payload)["status"], "ok")
        self._assert_error(self._call(self.elsewhere, "run", "case.fetch", payload), "not_found")
        self._assert_error(
            self._call(self.executive, "run", "exchange.submit", self._submission(), "key-00001"),
            "access_denied",
        )

    def test_nothing_but_the_door_is_reached(self):
        for method in ("_run_operation", "_operation_submit", "_read_page", "_call_handler"):
            self.assertEqual(
                self._call(self.integration, method, {}), "odoo.exceptions.AccessError"
            )
        for method, arguments in (
            ("_store", [{}]),
            ("create", [{"code": "case.fetch"}]),
            ("write", [[], {"code": "case.fetch"}]),
        ):
            self.assertEqual(
                self._call(self.integration, method, *arguments, model="hc.operation.call"),
                "odoo.exceptions.AccessError",
            )

    def test_the_dashboard_shows_a_caller_the_own_facilities(self):
        overview = self._call(self.coder, "get_overview", {}, model="hc.kpi.dashboard")
        names = [facility["name"] for facility in overview["facilities"]]
        self.assertEqual(names, [self.facility.name])
        early = {"as_of": "0001-01-02"}
        for filters in ("x", early, {"as_of": "soon"}, {"facility_id": "1"}, {"payer_id": [1]}):
            self.assertEqual(
                self._call(self.coder, "get_overview", filters, model="hc.kpi.dashboard"),
                "odoo.exceptions.UserError",
            )
        self.assertEqual(
            self._call(self.coder, "get_groups", ["dnfb_days"], "payer", model="hc.kpi.dashboard"),
            "odoo.exceptions.UserError",
        )
        self.assertEqual(
            self._call(
                self.coder,
                "get_overview",
                {"facility_id": self.other_facility.id},
                model="hc.kpi.dashboard",
            ),
            "odoo.exceptions.AccessError",
        )
        for method in ("_compute_kpi", "_select_behind"):
            self.assertEqual(
                self._call(self.coder, method, "dnfb_days", model="hc.kpi.provider"),
                "odoo.exceptions.AccessError",
            )
