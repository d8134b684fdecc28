# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SERVICE_DATE, HcCommon


@tagged("post_install", "-at_install")
class TestSecurityFacility(HcCommon):
    """A clerk of one facility neither sees nor changes what belongs to another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("clerk.own", "clerk")
        cls.lead = cls._create_user("lead.own", "team_lead")
        cls.coder = cls._create_user("coder.own", "coder")
        cls.own_encounter = cls._create_encounter("FAC-OWN")
        cls.foreign_patient = cls._create_patient("9000001", last_name="Hidden")
        cls.foreign_patient.facility_ids = [Command.set(cls.other_facility.ids)]
        cls.foreign_coverage = cls._create_coverage(cls.foreign_patient, member_id="W999")
        cls.foreign = cls._create_encounter(
            "FAC-FOREIGN",
            patient=cls.foreign_patient,
            coverage=cls.foreign_coverage,
            facility_id=cls.other_facility.id,
            department_id=False,
        )
        cls.foreign.action_complete()
        cls.foreign._transition("approved", field_name="coding_state")
        cls.foreign._prepare_billing()
        cls.case = cls.foreign.case_ids
        cls.item = cls.env["hc.work.item"]._open(
            [
                {
                    "kind": "stalled",
                    "name": "Look",
                    "dedup_key": "fac",
                    "queue_code": "billing",
                    "case_id": cls.case.id,
                    "facility_id": cls.other_facility.id,
                }
            ]
        )
        cls.action = cls.env["hc.controlled.action"]._request(
            "not_billable",
            cls._create_closed_case(),
            idempotency_key="fac",
            amount=1.0,
            justification="none",
            evidence=[{"evidence_type": "justification", "text": "Hidden reason"}],
        )
        cls.document = cls.foreign.document_ids[:1]
        cls.attachments = cls.env["ir.attachment"].create(
            [
                {"name": "x", "raw": b"x", "res_model": record._name, "res_id": record.id}
                for record in (cls.foreign, cls.case, cls.document, cls.foreign_patient)
            ]
        )
        cls.foreign_records = cls._get_foreign_records()

    @classmethod
    def _get_foreign_records(cls):
        return (
            cls.other_facility,
            cls.foreign_patient,
            cls.foreign_coverage,
            cls.foreign,
            cls.foreign.service_line_ids,
            cls.foreign.diagnosis_ids,
            cls.case.charge_ids,
            cls.case,
            cls.item,
            cls.action,
            cls.action.evidence_ids,
            cls.document,
            cls.case.finding_ids,
            cls.case.evaluation_ids,
            cls.case.invoice_ids,
            cls.case.invoice_ids.line_ids,
            cls.attachments,
            cls.env["hc.balance"].search([("case_id", "=", cls.case.id)]),
            cls.env["hc.transition"].search(
                [("res_model", "=", "hc.billing.case"), ("res_id", "=", cls.case.id)]
            ),
        )

    @classmethod
    def _create_closed_case(cls):
        encounter = cls._create_encounter(
            "FAC-NB",
            services=(),
            patient=cls.foreign_patient,
            coverage=cls.foreign_coverage,
            facility_id=cls.other_facility.id,
            department_id=False,
        )
        encounter.action_complete()
        encounter._prepare_billing()
        return encounter.case_ids

    def test_the_case_was_billed_so_that_there_is_something_to_hide(self):
        self.assertEqual(self.case.stage, "invoiced", self.case.finding_ids.mapped("message"))
        self.assertTrue(all(self.foreign_records[:12]))

    def test_foreign_records_are_not_found_or_read(self):
        for user in (self.clerk, self.lead, self.coder):
            for records in self.foreign_records:
                for record in records:
                    own = record.with_user(user)
                    self.assertFalse(
                        own.has_access("read"), f"{user.login} reads {record} {record._name}"
                    )
                    if own.browse().has_access("read"):
                        found = own.search_count([("id", "=", record.id)])
                        self.assertFalse(found, f"{user.login} finds {record}")

    def test_foreign_records_are_not_written(self):
        attempts = (
            (self.foreign_patient, {"mrn": "1"}),
            (self.foreign_coverage, {"member_id": "1"}),
            (self.foreign, {"number": "1"}),
            (self.foreign.service_line_ids, {"units": 9}),
            (self.foreign.diagnosis_ids, {"sequence": 1}),
            (self.case, {"priority": "1"}),
            (self.item, {"name": "x"}),
            (self.document, {"name": "x"}),
            (self.other_facility, {"name": "x"}),
        )
        for user in (self.clerk, self.lead, self.coder):
            for record, vals in attempts:
                with self.assertRaises(AccessError, msg=f"{user.login} {record}"):
                    record.with_user(user).write(vals)

    def test_buttons_of_foreign_records_are_refused(self):
        for record, method in (
            (self.foreign, "action_prepare_billing"),
            (self.foreign, "action_cancel"),
            (self.case, "action_check_readiness"),
            (self.case, "action_create_invoice"),
            (self.case, "action_resume"),
            (self.item, "action_take"),
            (self.item, "action_resolve"),
            (self.item, "action_release"),
        ):
            with self.assertRaises(AccessError, msg=method):
                getattr(record.with_user(self.lead), method)()
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.coder).action_reopen_coding()

    def test_nothing_is_added_to_a_foreign_record(self):
        attempts = {
            "hc.service.line": {
                "encounter_id": self.foreign.id,
                "service_date": SERVICE_DATE,
                "code_id": self.visit_code.id,
            },
            "hc.encounter.diagnosis": {
                "encounter_id": self.foreign.id,
                "code_id": self.diagnosis.id,
            },
            "hc.document": {
                "name": "x",
                "document_type": "consent",
                "patient_id": self.foreign_patient.id,
                "encounter_id": self.foreign.id,
            },
            "hc.coverage": {"patient_id": self.foreign_patient.id, "payer_id": self.payer.id},
            "hc.authorization": {
                "patient_id": self.foreign_patient.id,
                "payer_id": self.payer.id,
                "number": "1",
                "date_from": SERVICE_DATE,
                "date_to": SERVICE_DATE,
            },
        }
        own = {"facility_id": self.facility.id, "company_id": self.company.id}
        for model_name, vals in attempts.items():
            model = self.env[model_name].with_user(self.clerk)
            with self.assertRaises(AccessError, msg=model_name):
                model.create(vals)
            forged = {name: value for name, value in own.items() if name in model._fields}
            with self.assertRaises(AccessError, msg=f"{model_name}, forged facility"):
                model.create({**vals, **forged})
            defaults = {f"default_{name}": value for name, value in forged.items()}
            with self.assertRaises(AccessError, msg=f"{model_name}, forged default"):
                model.with_context(**defaults).create(vals)

    def test_a_patient_of_two_facilities_opens_for_the_people_of_each(self):
        third = self._create_facility("Lakeside Clinic", "LAK", "1234567893")
        all_of_them = self.facility | self.other_facility | third
        patient = self._create_patient("BOTH-1", facility_ids=[Command.set(all_of_them.ids)])
        own = patient.with_user(self.clerk)
        self.env.invalidate_all()
        arch = etree.fromstring(own.get_views([(False, "form")])["views"]["form"]["arch"])
        names = {node.get("name") for node in arch.xpath("//field[not(ancestor::field)]")}
        [values] = own.web_read({name: {} for name in names & set(own._fields)})
        self.assertEqual(values["shown_facility_ids"], self.facility.ids)
        self.clerk.hc_facility_ids += self.other_facility
        own.shown_facility_ids = self.facility
        self.assertEqual(patient.sudo().facility_ids, self.facility | third, "the hidden one stays")

    def test_shown_facilities_are_no_way_around_the_rules(self):
        with self.assertRaises(AccessError):
            self.patient.with_user(self.clerk).shown_facility_ids = self.other_facility

    def test_a_guessed_patient_is_not_drawn_into_the_own_facility(self):
        with self.assertRaises(AccessError):
            self.env["hc.encounter"].with_user(self.clerk).create(
                {
                    "number": "GUESS",
                    "facility_id": self.facility.id,
                    "patient_id": self.foreign_patient.id,
                    "started_at": datetime(2026, 3, 2),
                }
            )
        self.assertEqual(self.foreign_patient.facility_ids, self.other_facility)

    def test_own_records_are_not_pointed_at_foreign_ones(self):
        encounter = self.own_encounter.with_user(self.clerk)
        own_patient = self.patient.with_user(self.clerk)
        for record, vals in (
            (encounter, {"patient_id": self.foreign_patient.id}),
            (encounter, {"primary_coverage_id": self.foreign_coverage.id}),
            (encounter, {"facility_id": self.other_facility.id}),
            (own_patient, {"guarantor_id": self.foreign_patient.id}),
            (own_patient, {"facility_ids": [Command.link(self.other_facility.id)]}),
        ):
            with self.assertRaises(AccessError, msg=str(vals)):
                record.write(vals)

    def test_wizards_do_not_reach_foreign_records(self):
        reason = self.env["hc.reason.code"].search([("usage", "=", "reopen")], limit=1)
        with self.assertRaises(AccessError):
            self.env["hc.case.decision.wizard"].with_user(self.lead).create(
                {
                    "decision": "reopen",
                    "case_ids": [Command.set(self.case.ids)],
                    "reason_code_id": reason.id,
                    "note": "A case of another facility.",
                }
            ).action_confirm()
        with self.assertRaises(AccessError):
            self.env["hc.work.item.reassign.wizard"].with_user(self.lead).create(
                {"item_ids": [Command.set(self.item.ids)], "user_id": self.lead.id}
            ).action_apply()

    def test_counts_and_sums_leave_foreign_records_out(self):
        for model_name in (
            "hc.billing.case",
            "hc.charge",
            "hc.balance",
            "account.move",
            "account.move.line",
            "account.invoice.report",
        ):
            model = self.env[model_name].with_user(self.clerk)
            ids = {
                "hc.billing.case": self.case.ids,
                "hc.charge": self.case.charge_ids.ids,
                "account.move": self.case.invoice_ids.ids,
                "account.move.line": self.case.invoice_ids.line_ids.ids,
            }.get(model_name)
            domain = (
                [("id", "in", ids)]
                if ids
                else (
                    [("case_id", "=", self.case.id)]
                    if model_name == "hc.balance"
                    else [("move_id", "in", self.case.invoice_ids.ids)]
                )
            )
            groups = model.formatted_read_group(domain, [], ["__count"])
            self.assertEqual(groups[0]["__count"], 0, model_name)
        home = self.env["hc.home"].with_user(self.clerk).get_home_data()
        self.assertNotIn("Hillside Clinic", str(home))

    def test_a_user_without_a_facility_sees_no_case(self):
        nobody = self._create_user("clerk.nowhere", "clerk", facilities=self.env["hc.facility"])
        for model_name in ("hc.billing.case", "hc.encounter", "hc.charge", "hc.balance"):
            self.assertFalse(self.env[model_name].with_user(nobody).search_count([]), model_name)
