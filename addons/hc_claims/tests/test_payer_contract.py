# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import csv
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from odoo.addons.hc_revenue_base.tests.common import SERVICE_DATE

from .contract_common import ContractCase


@tagged("post_install", "-at_install")
class TestPayerContract(ContractCase):
    """Contracts: who writes and publishes them, versions, and what they would pay."""

    def _simulate(self, contract, **vals):
        return self.env["hc.contract.simulation"].create(
            {
                "contract_id": contract.id,
                "service_date": SERVICE_DATE,
                "amount_charged": 150.0,
                **vals,
            }
        )

    def test_somebody_else_publishes(self):
        draft = self._create_contract(code="OTHER", plan_name="Gold")
        with self._refused("Managers and finance managers publish", AccessError):
            draft.with_user(self.author).action_publish()
        draft.with_user(self.manager).name = "Acme gold"
        with self._refused("You have worked on", AccessError):
            draft.with_user(self.manager).action_publish()
        draft.with_user(self.finance).action_publish()
        self.assertEqual(draft.state, "published")

    def test_published_terms_stay_as_they_are(self):
        contract = self.contract.with_user(self.author)
        for change in (
            lambda: contract.write({"date_to": SERVICE_DATE}),
            lambda: contract.write({"term_ids": [(0, 0, {"code_from": "X", "percent": 1.0})]}),
            lambda: contract.term_ids[0].write({"amount": 1.0}),
            contract.term_ids[0].unlink,
        ):
            with self._refused("cannot be changed"):
                change()
        with self.assertRaises(AccessError):
            contract.write({"state": "draft"})

    def test_a_new_version_ends_the_one_before(self):
        action = self.contract.with_user(self.author).action_new_version()
        draft = self.env["hc.payer.contract"].browse(action["res_id"])
        self.assertEqual((draft.version, draft.state), (2, "draft"))
        self.assertEqual(len(draft.term_ids), 2)
        draft.with_user(self.author).date_from = SERVICE_DATE + timedelta(days=1)
        draft.with_user(self.manager).action_publish()
        self.assertEqual(self.contract.date_to, SERVICE_DATE)
        self.assertEqual(self.contract.state, "published")
        claim = self._make_claim("PC-1")
        find = self.env["hc.payer.contract"]._find_for
        self.assertEqual(find(claim)[claim.id], self.contract, "its last day")
        claim.line_ids.flush_recordset()
        later = self._create_contract(code="ACME", date_from=SERVICE_DATE)
        later.with_user(self.manager).action_publish()
        self.assertEqual(find(claim)[claim.id], later, "its first day")
        self.assertEqual(draft.state, "superseded")

    def test_terms_that_overlap_are_not_published(self):
        draft = self._create_contract(
            [
                {"code_from": "V1000", "code_to": "V1005", "percent": 50.0},
                {"code_from": "V1003", "code_to": "V1009", "percent": 60.0},
            ],
            code="OVER",
            plan_name="Silver",
        )
        with self._refused("overlap"):
            draft.with_user(self.manager).action_publish()

    def test_two_contracts_for_the_same_days_are_not_published(self):
        draft = self._create_contract(code="DOUBLE")
        with self._refused("covers the same days"):
            draft.with_user(self.manager).action_publish()
        draft.with_user(self.author).facility_ids = self.other_facility
        draft.with_user(self.manager).action_publish()
        self.assertEqual(draft.state, "published")

    @mute_logger("odoo.sql_db")
    def test_terms_say_what_they_need(self):
        with self.assertRaises(ValidationError):
            self._create_contract([{"method": "percent_of_schedule", "percent": 90.0}], code="A")
        with self.assertRaises(ValidationError):
            self._create_contract(
                [{"code_from": "V1009", "code_to": "V100", "percent": 90.0}], code="B"
            )
        with self.assertRaises(IntegrityError):
            self._create_contract([{"percent": 90.0}, {"percent": 80.0}], code="C")

    def test_the_sample_file_is_imported(self):
        [template] = self.env["hc.payer.contract"].get_import_templates()
        with file_open(template["template"].lstrip("/")) as source:
            names, *rows = csv.reader(source)
        self.payer.name = "Sample Payer"
        result = self.env["hc.payer.contract"].with_user(self.author).load(names, rows)
        self.assertFalse(result["messages"])
        contract = self.env["hc.payer.contract"].browse(result["ids"])
        self.assertEqual(len(contract.term_ids), 4)
        self.assertEqual(self._simulate(contract, code="SV100").amount_expected, 95.0)
        self.assertEqual(
            self._simulate(contract, code="SV100", modifiers="25").amount_expected, 90.0
        )
        self.assertEqual(self._simulate(contract, code="V1001").amount_expected, 108.75)

    def test_a_fee_schedule_counts_on_its_days(self):
        schedule = self.env["hc.fee.schedule"].create(
            {
                "name": "Payer's base rates",
                "date_from": SERVICE_DATE,
                "date_to": SERVICE_DATE,
                "facility_id": self.other_facility.id,
                "line_ids": [
                    (0, 0, {"code_id": self.visit_code.id, "unit_price": 60.0}),
                ],
            }
        )
        term = {"method": "percent_of_schedule", "percent": 110.0, "schedule_id": schedule.id}
        contract = self._create_contract([term], code="SCHED", unlisted_percent=40.0)
        found = self._simulate(contract, code="V1001", units=2.0)
        self.assertEqual(found.amount_expected, 132.0)
        self.assertIn("110", found.explanation)
        late = self._simulate(contract, code="V1001", service_date=SERVICE_DATE + timedelta(days=1))
        self.assertEqual(late.amount_expected, 60.0, "40 % of the charge")

    def test_a_simulation_says_why_nothing_is_expected(self):
        contract = self._create_contract([{"code_from": "X9999", "percent": 50.0}], code="NONE")
        found = self._simulate(contract, code="V1001")
        self.assertFalse(found.is_priced)
        self.assertIn("No term", found.explanation)

    def test_who_may_not_write_contracts(self):
        with self.assertRaises(AccessError):
            self.env["hc.payer.contract"].with_user(self.clerk).create(
                {
                    "name": "Mine",
                    "code": "MINE",
                    "payer_id": self.payer.id,
                    "date_from": SERVICE_DATE,
                }
            )
        with self.assertRaises(UserError):
            self.contract.unlink()

    def test_terms_are_read_by_who_works_with_them(self):
        variance = self._compare(self._answer("CT-90", 90))
        for login, roles in (
            ("terms.compliance", ["compliance"]),
            ("terms.finance", ["finance_manager"]),
        ):
            reader = self._create_user(login, *roles)
            self.assertTrue(self.contract.with_user(reader).term_ids.mapped("method"))
            self.assertTrue(variance.with_user(reader).explanation)
        for login, role in (("terms.clerk", "clerk"), ("terms.executive", "executive")):
            other = self._create_user(login, role)
            contract = self.contract.with_user(other)
            self.assertTrue(contract.display_name)
            self.assertEqual(contract.term_count, 2)
            self.assertTrue(variance.with_user(other).summary)
            for record, name in (
                (contract, "term_ids"),
                (contract, "unlisted_percent"),
                (variance.with_user(other), "explanation"),
            ):
                with self.assertRaises(AccessError):
                    record.read([name])
            for model in ("hc.payer.contract.term", "hc.payment.variance.line"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(other).search_count([("id", ">", 0)])
            with self.assertRaises(AccessError):
                contract.env["hc.contract.simulation"].create({"contract_id": contract.id})
            for model in ("hc.payer.contract", "hc.payment.variance"):
                view = self.env[model].with_user(other).get_view(view_type="form")
                self.assertNotIn('name="term_ids"', view["arch"])
                self.assertNotIn('name="line_ids"', view["arch"])
