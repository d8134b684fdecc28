# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Each shipped rule fires on a case made bad for it, and on no clean case."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import SERVICE_DATE
from .readiness_common import ReadinessCommon

# The edits that the suite promises; rules with a suffix are parts of one edit.
EDITS = (
    "DEM-01",
    "DEM-02",
    "DEM-03",
    "DEM-04",
    "COV-01",
    "COV-02",
    "COV-03",
    "COV-04",
    "COV-05",
    "ELG-01",
    "ELG-02",
    "ELG-03",
    "ELG-04",
    "AUT-01",
    "AUT-02",
    "AUT-03",
    "COD-01",
    "COD-02",
    "COD-03",
    "COD-04",
    "COD-05",
    "COD-06",
    "COD-07",
    "COD-08",
    "COD-09",
    "COD-10",
    "COD-11",
    "COD-12",
    "COD-13",
    "COD-14",
    "PRV-01",
    "PRV-02",
    "PRV-03",
    "PRV-04",
    "CHG-01",
    "CHG-02",
    "CHG-03",
    "CHG-04",
    "CHG-05",
    "DUP-01",
    "DUP-02",
    "TIM-01",
    "TIM-02",
    "DOC-01",
    "DOC-02",
    "DOC-03",
    "DOC-04",
    "COB-01",
    "SELF-01",
    "SELF-02",
    "CON-01",
    "CON-02",
)


class RuleCase(ReadinessCommon):
    def _assert_fires(self, code, *, services=(("V1001", 1.0),), as_of=None, **vals):
        """The rule fires on an encounter with these values; return the finding."""
        encounter = self._create_encounter("BAD", services, **vals)
        return self._assert_fires_on(code, encounter, as_of)

    def _assert_fires_on(self, code, encounter, as_of=None):
        case = self._create_case_of(encounter)
        case._run_readiness(as_of or self.AS_OF)
        self.assertIn(code, self._open_codes(case))
        finding = case.open_finding_ids.filtered(lambda f: f.rule_code == code)
        self.assertNotIn("{?", finding.message)
        self.assertNotIn("could not be evaluated", finding.message)
        return finding

    def _edit_line(self, **vals):
        """An encounter of one service with these values."""
        encounter = self._create_encounter("BAD")
        encounter.service_line_ids.write(vals)
        return encounter


@tagged("post_install", "-at_install")
class TestShippedRules(RuleCase):
    def _get_rules(self):
        rule_set = self.env.ref("hc_revenue_base.readiness_rule_set_initial")
        self.assertEqual(rule_set.state, "published")
        return {rule.code: rule for rule in rule_set.rule_ids}

    def test_every_edit_is_a_rule_that_a_test_fires_or_that_says_what_it_waits_for(self):
        rules = self._get_rules()
        self.assertEqual(len(EDITS), 52)
        tested = {
            name
            for test_class in (TestPatientRules, TestCodingRules, TestOtherRules)
            for name in dir(test_class)
        }
        self.assertFalse(set(EDITS) - set(rules))
        for code, rule in rules.items():
            with self.subTest(code):
                if rule.active:
                    self.assertIn(f"test_{code.lower().replace('-', '_')}", tested)
                else:
                    self.assertTrue(rule.note)

    def test_every_rule_has_a_queue_a_message_and_a_record_to_fix(self):
        for code, rule in self._get_rules().items():
            with self.subTest(code):
                self.assertTrue(rule.queue_id and rule.message and rule.fix_model)
                self.assertTrue(rule.condition_summary)

    def test_a_clean_institutional_case_is_ready(self):
        revenue = self._create_code("revenue", "0510", "Clinic")
        encounter = self._edit_line(revenue_code_id=revenue.id)
        encounter.type_of_bill = "131"
        case = self._create_case_of(encounter)
        self.assertEqual(self._run(case), "ready")
        self.assertFalse(case.finding_ids)

    def test_a_clean_self_pay_case_is_ready(self):
        encounter = self._create_encounter("SELF", coverage=self.env["hc.coverage"])
        self.env["hc.document"].create(
            {
                "name": "Screening",
                "document_type": "financial_screening",
                "patient_id": self.patient.id,
            }
        )
        case = self._create_case_of(encounter)
        self.assertEqual(self._run(case), "ready")
        self.assertFalse(case.finding_ids)


@tagged("post_install", "-at_install")
class TestPatientRules(RuleCase):
    def test_dem_01(self):
        self.patient.city = False
        self.assertIn("city", self._assert_fires("DEM-01").message)

    def test_dem_02(self):
        self.patient.birth_date = "2015-01-01"
        self.patient.guarantor_id = self._create_patient("M", birth_date="2010-01-01")
        self._assert_fires("DEM-02")

    def test_a_minor_with_an_adult_guarantor_passes(self):
        self.patient.birth_date = "2015-01-01"
        self.patient.guarantor_id = self._create_patient("A", birth_date="1985-01-01")
        self.assertEqual(self._run(self._create_case()), "ready")

    def test_dem_03(self):
        self.patient.death_date = "2026-03-01"
        self._assert_fires("DEM-03")

    def test_dem_04(self):
        self._create_patient("TWIN")
        self._assert_fires("DEM-04")

    def test_another_person_is_no_twin(self):
        self.patient.ssn_last4 = "1111"
        self._create_patient("OTHER", ssn_last4="2222")
        case = self._create_case()
        self._run(case)
        self.assertFalse(case.finding_ids)

    def test_cov_01(self):
        self.coverage.subscriber_relation = "spouse"
        self.assertIn("subscriber", self._assert_fires("COV-01").message)

    def test_cov_02(self):
        self.payer.member_id_pattern = r"[A-Z]{3}\d{6}"
        self._assert_fires("COV-02")

    def test_cov_03(self):
        self.coverage.date_to = "2026-03-01"
        self._assert_fires("COV-03")

    def test_cov_04(self):
        self.coverage.coverage_order = "2"
        self._assert_fires("COV-04")

    def test_cov_04_msp(self):
        self.payer.payer_type = "medicare"
        self._assert_fires("COV-04-MSP")
        self.coverage.medicare_secondary_answered = True
        case = self.env["hc.billing.case"].search([("encounter_id.number", "=", "BAD")])
        self.assertEqual(self._run(case), "ready")

    def test_cov_05(self):
        self.payer.payer_identifier = False
        self._assert_fires("COV-05")

    def test_elg_01(self):
        self.payer.eligibility_fresh_days = 3
        self.coverage.eligibility_checked_on = SERVICE_DATE - timedelta(days=4)
        self._assert_fires("ELG-01")

    def test_elg_02(self):
        self.coverage.eligibility_status = "not_found"
        finding = self._assert_fires("ELG-02")
        self.assertEqual(self._open_codes(finding.case_id), ["ELG-02"])

    def test_tim_01(self):
        self._assert_fires("TIM-01", as_of=SERVICE_DATE + timedelta(days=340))

    def test_tim_02(self):
        finding = self._assert_fires("TIM-02", as_of=SERVICE_DATE + timedelta(days=366))
        self.assertNotIn("TIM-01", self._open_codes(finding.case_id))

    def test_doc_01(self):
        encounter = self._create_encounter("BAD")
        encounter.document_ids.expires_on = "2026-03-01"
        self._assert_fires_on("DOC-01", encounter)

    def test_doc_02(self):
        self.env["hc.document.requirement"].create(
            {
                "document_type": "claim_attachment",
                "code_id": self.visit_code.id,
                "date_from": "2026-01-01",
            }
        )
        self.assertIn("V1001", self._assert_fires("DOC-02").message)

    def test_doc_03(self):
        waiver = self._create_code("modifier", "GA", "Waiver")
        self._assert_fires_on("DOC-03", self._edit_line(modifier_ids=waiver.ids))

    def test_doc_04(self):
        finding = self._assert_fires("DOC-04", note_signed_on=False)
        self.assertEqual((finding.severity, finding.case_id.stage), ("hold", "exception"))

    def test_self_01(self):
        self._assert_fires("SELF-01", coverage=self.env["hc.coverage"], is_scheduled=True)

    def test_self_02(self):
        self._assert_fires("SELF-02", coverage=self.env["hc.coverage"])


@tagged("post_install", "-at_install")
class TestCodingRules(RuleCase):
    def test_cod_01(self):
        self.diagnosis.is_header = True
        self._assert_fires("COD-01")

    def test_cod_01_without_any_diagnosis(self):
        encounter = self._create_encounter("BAD", diagnosis_ids=[])
        self._assert_fires_on("COD-01", encounter)

    def test_cod_02(self):
        self.visit_code.date_to = "2026-02-28"
        self._assert_fires("COD-02")

    def test_cod_03(self):
        self.visit_code.required_modifier_ids = self.modifier
        self._assert_fires("COD-03")

    def test_cod_03_modifier_not_valid_that_day(self):
        self.modifier.date_to = "2026-02-28"
        self._assert_fires_on("COD-03", self._edit_line(modifier_ids=self.modifier.ids))

    def test_cod_04(self):
        self._assert_fires_on("COD-04", self._edit_line(diagnosis_ids=[Command.clear()]))

    def test_cod_05(self):
        self.visit_code.sex = "male"
        self._assert_fires("COD-05")

    def test_cod_05_age(self):
        self.diagnosis.age_to_years = 17
        self._assert_fires("COD-05")

    def test_cod_06(self):
        self.visit_code.place_of_service_ids = self._create_code(
            "place_of_service", "21", "Inpatient"
        )
        self._assert_fires("COD-06")

    def test_cod_07(self):
        self.env["hc.code.unit.limit"].create(
            {"code": "V1001", "units": 1, "basis": "line", "date_from": "2026-01-01"}
        )
        self._assert_fires("COD-07", services=(("V1001", 2.0),))

    def _create_pair(self, indicator):
        self.env["hc.code.pair"].create(
            {
                "column1_code": "V1001",
                "column2_code": "L2002",
                "modifier_indicator": indicator,
                "date_from": "2026-01-01",
            }
        )

    def test_cod_08(self):
        self._create_pair("0")
        self._assert_fires("COD-08", services=(("V1001", 1.0), ("L2002", 1.0)))

    def test_cod_08_a_modifier_separates_where_the_table_allows(self):
        self._create_pair("1")
        encounter = self._create_encounter("OK", (("V1001", 1.0), ("L2002", 1.0)))
        encounter.service_line_ids[1].modifier_ids = self.modifier
        self.assertEqual(self._run(self._create_case_of(encounter)), "ready")

    def test_cod_09(self):
        self.lab_code.primary_code_ids = self.visit_code
        self._assert_fires("COD-09", services=(("L2002", 1.0),))

    def test_cod_10(self):
        self.visit_code.is_drug = True
        encounter = self._edit_line(drug_code="00002322702", drug_quantity=1.0)
        self._assert_fires_on("COD-10", encounter)

    def test_cod_11(self):
        self.visit_code.is_unlisted = True
        self._assert_fires("COD-11")

    def test_cod_12(self):
        self.visit_code.requires_diagnosis_ids = self._create_code("diagnosis", "I10", "Pressure")
        finding = self._assert_fires("COD-12")
        self.assertEqual(finding.case_id.stage, "ready")

    def test_cod_13(self):
        self.visit_code.is_evaluation_visit = True
        surgery = self._create_code("procedure", "S3003", "Surgery")
        surgery.global_period_days = 10
        self._price(surgery)
        before = self._create_encounter("OP", (("S3003", 1.0),))
        before.service_line_ids.service_date = SERVICE_DATE - timedelta(days=5)
        self._create_case_of(before)
        self._assert_fires("COD-13")

    def test_cod_14(self):
        self._assert_fires("COD-14", type_of_bill="131")

    def _ask_clinician(self):
        encounter = self._create_encounter("BAD")
        query = self.env["hc.coding.query"].create(
            {"encounter_id": encounter.id, "question": "Acuity?", "clinical_indicators": "Note"}
        )
        query.action_send()
        return encounter, query

    def test_cod_15(self):
        encounter, _query = self._ask_clinician()
        self._assert_fires_on("COD-15", encounter)

    def test_cod_16(self):
        encounter, query = self._ask_clinician()
        query.answer = "Acute"
        query.action_answer()
        self._assert_fires_on("COD-16", encounter)


@tagged("post_install", "-at_install")
class TestOtherRules(RuleCase):
    def _require(self, kind):
        self.env["hc.authorization.requirement"].create(
            {
                "payer_id": self.payer.id,
                "code_id": self.visit_code.id,
                "authorization_type": kind,
                "date_from": "2026-01-01",
            }
        )

    def _authorize(self, **vals):
        return self.env["hc.authorization"].create(
            {
                "number": "A-1",
                "patient_id": self.patient.id,
                "payer_id": self.payer.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                **vals,
            }
        )

    def test_aut_01(self):
        self._require("authorization")
        self._assert_fires("AUT-01")

    def test_aut_02(self):
        self._require("authorization")
        short = self._authorize(date_to="2026-02-01")
        self._assert_fires("AUT-02", authorization_id=short.id)

    def test_aut_02_units_of_all_visits_count(self):
        self._require("authorization")
        one_unit = self._authorize(approved_units=1.0)
        first = self._create_case("FIRST", authorization_id=one_unit.id)
        self.assertEqual(self._run(first), "ready")
        self._assert_fires("AUT-02", authorization_id=one_unit.id)

    def test_aut_02_code_payer_and_practitioner(self):
        self._require("authorization")
        other = self.env["hc.practitioner"].create({"name": "Else", "npi": "1245319599"})
        payer = self.payer.copy({"code": "OTHER"})
        for number, vals in enumerate(
            (
                {"code_ids": self.lab_code.ids},
                {"practitioner_id": other.id},
                {"payer_id": payer.id},
            )
        ):
            with self.subTest(**vals):
                authorization = self._authorize(number=f"A-{number}", **vals)
                encounter = self._create_encounter(f"E-{number}", authorization_id=authorization.id)
                self._assert_fires_on("AUT-02", encounter)

    def test_aut_03(self):
        self._require("referral")
        self._assert_fires("AUT-03")

    def test_prv_01(self):
        self.facility.taxonomy_code = False
        self.assertIn("taxonomy", self._assert_fires("PRV-01").message)

    def test_prv_02(self):
        self.env["hc.practitioner.enrollment"].create(
            {
                "practitioner_id": self.practitioner.id,
                "payer_id": self.payer.id,
                "date_from": "2026-04-01",
            }
        )
        self._assert_fires("PRV-02")

    def test_prv_03(self):
        self.visit_code.needs_referring_practitioner = True
        self._assert_fires("PRV-03")

    def test_prv_04(self):
        self.visit_code.is_laboratory = True
        self._assert_fires("PRV-04")
        self.facility.clia_number = "14D1234567"
        case = self.env["hc.billing.case"].search([("encounter_id.number", "=", "BAD")])
        self.assertEqual(self._run(case), "ready")

    def test_chg_01(self):
        case = self._create_case()
        case.charge_ids._write_guarded({"charged_on": SERVICE_DATE + timedelta(days=3)})
        self.assertEqual(self._run(case), "ready")
        self.assertEqual(self._open_codes(case), ["CHG-01"])

    def test_chg_01_inst(self):
        encounter = self._create_encounter("BAD", type_of_bill="131")
        case = self._create_case_of(encounter)
        case.charge_ids._write_guarded({"charged_on": SERVICE_DATE + timedelta(days=6)})
        self._run(case)
        self.assertIn("CHG-01-INST", self._open_codes(case))

    def test_chg_02(self):
        encounter = self._create_encounter("BAD")
        case = self._create_case_of(encounter)
        encounter.service_line_ids.copy()
        self.assertEqual(self._run(case), "exception")
        self.assertIn("CHG-02", self._open_codes(case))

    def test_chg_03(self):
        self.visit_code.companion_code_ids = self.lab_code
        self._assert_fires("CHG-03")

    def test_chg_04(self):
        self._assert_fires_on("CHG-04", self._edit_line(unit_price=149.0))

    def test_chg_04_zero(self):
        self._create_code("procedure", "Z0000", "Free")
        self._assert_fires("CHG-04", services=(("Z0000", 1.0),))

    def test_chg_05(self):
        for number in range(40):
            self._create_case(f"H-{number}", (("V1001", 1.0 + number % 2),))
        finding = self._assert_fires("CHG-05", services=(("V1001", 50.0),))
        self.assertFalse(finding.is_blocking)

    def test_dup_01(self):
        first = self._create_case("FIRST")
        self._run(first)
        first._bill()
        self.assertEqual(first.charge_ids.state, "billed")
        self._assert_fires("DUP-01")

    def test_dup_01_twice_in_one_case(self):
        self._assert_fires("DUP-01", services=(("V1001", 1.0), ("V1001", 1.0)))
