# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from base64 import b64decode

from odoo.tests import tagged

from ..hc_core.operations import registry
from .test_operation import OperationCase


@tagged("post_install", "-at_install")
class TestOperationExchange(OperationCase):
    """One record by its id; documents that another system carries out, or says it has sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier = cls._create_user("op.carrier", "integration", "phi")
        cls.leaving = cls.env["hc.exchange"]._send(
            "charge_csv", "carrier", "out-1", b"for them", "out.csv"
        )

    def test_one_record_is_read_by_its_id(self):
        wanted = {"resource": "cases", "record_id": self.case.id}
        answer = self._run(self.integration, "resource.fetch", wanted)
        record = answer["result"]["record"]
        self.assertEqual((record["id"], record["number"]), (self.case.id, self.case.name))
        definitions = registry(self.env["hc.operation"]._get_operations())
        self.assertFalse(definitions["resource.fetch"].is_write)

    def test_a_record_of_another_facility_is_not_there(self):
        wanted = {"resource": "cases", "record_id": self.case.id}
        self._assert_error(self._run(self.elsewhere, "resource.fetch", wanted), "not_found")
        wanted["record_id"] = 2_000_000_000
        self._assert_error(self._run(self.integration, "resource.fetch", wanted), "not_found")
        self._assert_error(self._run(self.coder, "resource.fetch", wanted), "access_denied")

    def test_a_document_is_collected_until_it_has_left(self):
        asked = {"exchange_id": self.leaving.id}
        for _time in range(2):
            result = self._run(self.carrier, "exchange.collect", asked)["result"]
            self.assertEqual(b64decode(result["content_base64"]), b"for them")
        done = self._run(self.carrier, "exchange.finish", asked, "left-0001")
        self.assertEqual((done["result"]["state"], self.leaving.state), ("done", "done"))
        result = self._run(self.carrier, "exchange.collect", asked)["result"]
        self.assertEqual((result["state"], result["content_base64"]), ("done", None))
        again = self._run(self.carrier, "exchange.finish", asked, "left-0002")
        self.assertEqual(again["result"]["state"], "done")
        events = self.env["hc.transition"].search(
            [("res_model", "=", "hc.exchange"), ("res_id", "=", self.leaving.id)]
        )
        told = [entry.facts.get("event") for entry in events if entry.kind == "event"]
        self.assertEqual(sorted(told), ["collected", "collected", "ready to leave charge_csv"])

    def test_a_document_is_collected_by_carriers_with_patient_data_only(self):
        asked = {"exchange_id": self.leaving.id}
        for user in (self.integration, self.coder, self.operations):
            self._assert_error(self._run(user, "exchange.collect", asked), "access_denied")
        theirs, _verdict = self.env["hc.exchange"]._receive(
            "charge_csv", "ehr", "in-1", b"from them", "in.csv"
        )
        for code, key in (("exchange.collect", None), ("exchange.finish", "left-0003")):
            answer = self._run(self.carrier, code, {"exchange_id": theirs.id}, key)
            self._assert_error(answer, "not_found")

    def test_a_document_that_was_given_up_cannot_be_finished(self):
        self.leaving._transition("failed", reason="nobody came")
        asked = {"exchange_id": self.leaving.id}
        answer = self._run(self.carrier, "exchange.finish", asked, "left-0004")
        self._assert_error(answer, "rejected")
        self.assertEqual(self.leaving.state, "failed")

    def test_what_was_sent_and_is_not_here_is_listed(self):
        exchanges = self.env["hc.exchange"]
        exchanges._receive("charge_csv", "ehr", "R-1", b"1", "first.csv")
        exchanges._receive("charge_csv", "drop", "a" * 64, b"2", "R-2.csv")
        other = self.env["res.company"].create({"name": "Elsewhere"})
        exchanges.with_company(other)._receive("charge_csv", "ehr", "R-3", b"3", "third.csv")
        asked = {"document_type": "charge_csv", "numbers": ["R-1", "R-2", "R-3", "R-4", "out-1"]}
        answer = self._run(self.integration, "exchange.list_missing", asked)
        self.assertEqual(answer["result"]["missing"], ["R-3", "R-4", "out-1"])
        none = {"document_type": "charge_csv", "numbers": []}
        answer = self._run(self.integration, "exchange.list_missing", none)
        self.assertEqual(answer["result"]["missing"], [])
