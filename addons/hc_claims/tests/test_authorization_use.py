# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.common import SERVICE_DATE

from .eligibility_common import EligibilityCase


@tagged("post_install", "-at_install")
class TestAuthorizationUse(EligibilityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coverage.write({"eligibility_status": "active", "eligibility_checked_on": SERVICE_DATE})
        cls.authorization = cls._authorize("AU-1", approved_units=10)

    @classmethod
    def _authorize(cls, number, **vals):
        return cls.env["hc.authorization"].create(
            {
                "number": number,
                "patient_id": cls.patient.id,
                "payer_id": cls.payer.id,
                "date_from": "2026-01-01",
                "date_to": cls.today + timedelta(days=200),
                **vals,
            }
        )

    def _case(self, number, services, authorization=None, visit=False, **vals):
        authorization = self.authorization if authorization is None else authorization
        encounter = self._create_encounter(number, services=services, **vals)
        if visit:
            encounter.authorization_id = authorization
        else:
            encounter.service_line_ids.authorization_id = authorization
        encounter.action_complete()
        encounter.action_approve_coding()
        encounter._prepare_billing()
        self.env.invalidate_all()
        return encounter.case_ids

    def _figures(self, authorization=None):
        authorization = authorization or self.authorization
        authorization.invalidate_recordset()
        return (
            authorization.used_units,
            authorization.units_left,
            authorization.used_visits,
            authorization.use_status,
        )

    def test_several_lines_and_visits_add_up(self):
        self.assertEqual(self._figures(), (0.0, 10.0, 0, "available"))
        self._case("U-1", (("V1001", 3), ("L2002", 2)))
        self.assertEqual(self._figures(), (5.0, 5.0, 1, "available"))
        self._case("U-2", (("V1001", 3.5),))
        self.assertEqual(self._figures(), (8.5, 1.5, 2, "low"))

    def test_void_charges_give_their_units_back(self):
        case = self._case("U-1", (("V1001", 4), ("L2002", 2)))
        line = case.encounter_id.service_line_ids[0]
        line.charge_ids._transition("void", reason="wrong code")
        self.assertEqual(self._figures()[0], 6.0 - line.units)

    def test_more_than_approved_is_said_and_never_negative(self):
        self._case("U-1", (("V1001", 12),))
        self.assertEqual(self._figures(), (12.0, 0.0, 1, "exceeded"))
        self.assertIn("2 units", self.authorization.exceeded_by)
        found = self.authorization.search([("use_status", "=", "exceeded")])
        self.assertIn(self.authorization, found)
        unlimited = self._authorize("AU-9")
        self.assertEqual(unlimited.use_status, "unlimited")
        self.assertIn(unlimited, unlimited.search([("use_status", "=", "unlimited")]))
        self.assertNotIn(unlimited, found)

    def test_visits_are_counted_beside_units(self):
        visits = self._authorize("AU-2", approved_visits=2)
        self._case("U-1", (("V1001", 5), ("L2002", 9)), visits)
        self.assertEqual((visits.used_visits, visits.visits_left), (1, 1))
        self._case("U-2", (("V1001", 1),), visits)
        self.assertEqual((visits.visits_left, visits.use_status), (0, "used_up"))
        self._case("U-3", (("V1001", 1),), visits)
        self.assertEqual((visits.visits_left, visits.use_status), (0, "exceeded"))

    def test_a_visit_uses_it_for_what_the_payer_wants_authorized_only(self):
        self.env["hc.authorization.requirement"].create(
            {
                "payer_id": self.payer.id,
                "code_id": self.visit_code.id,
                "date_from": "2020-01-01",
            }
        )
        self._case("U-1", (("V1001", 2), ("L2002", 5)), visit=True)
        self.assertEqual(self._figures()[0], 2.0)
        action = self.authorization.action_open_uses()
        charges = self.env["hc.charge"].search(action["domain"])
        self.assertEqual(charges.mapped("units"), [2.0])

    def test_facts_of_what_is_left_expired_and_exceeded(self):
        case = self._case("U-1", (("V1001", 10),))
        facts = case._load_readiness_facts(self.today)[case.id]
        self.assertEqual(facts["authorization_units_left"], 0)
        self.assertEqual(facts["authorizations_used_up"], ["AU-1"])
        self.assertEqual(facts["authorizations_exceeded"], [])
        self.assertEqual(facts["authorizations_expired"], [])
        over = self._case("U-2", (("V1001", 1),))
        ended = self._authorize("AU-3", date_to="2026-02-01", approved_visits=5)
        over.encounter_id.authorization_id = ended
        facts = over._load_readiness_facts(self.today)[over.id]
        self.assertEqual(facts["authorizations_exceeded"], ["AU-1"])
        self.assertEqual(facts["authorizations_expired"], ["AU-3"])
        self.assertEqual(facts["authorization_visits_left"], 5)

    def test_warnings_come_and_go_with_their_cause(self):
        ending = self._authorize("AU-4", date_to=self.today + timedelta(days=10))
        self._case("U-1", (("V1001", 9),))
        self._trigger("ir_cron_warn_authorizations")
        self._trigger("ir_cron_warn_authorizations")
        items = self._items("authorization_expiry") | self._items("authorization_use")
        self.assertEqual(
            {(item.kind, item.res_id, item.queue_id.code) for item in items},
            {
                ("authorization_expiry", ending.id, "prior_auth"),
                ("authorization_use", self.authorization.id, "prior_auth"),
            },
        )
        self.assertEqual(ending.validity, "ending")
        self.payer.authorization_warning_days = 5
        self.authorization.approved_units = 100
        self._trigger("ir_cron_warn_authorizations")
        self.assertEqual(set(items.mapped("state")), {"resolved"})

    def test_an_ended_authorization_warns_no_more(self):
        ending = self._authorize("AU-4", date_to=self.today + timedelta(days=1))
        self._trigger("ir_cron_warn_authorizations")
        item = self._items("authorization_expiry", ending)
        ending.date_to = self._days(1)
        self._trigger("ir_cron_warn_authorizations")
        self.assertEqual((item.state, item.resolution_code), ("resolved", "superseded"))
        self.assertEqual(ending.validity, "expired")

    def test_uses_are_loaded_with_one_query_however_many(self):
        self._case("U-1", (("V1001", 3),))
        many = self.authorization
        for number in range(30):
            many |= self._authorize(f"MA-{number}", approved_units=5)
        self.env.flush_all()
        many.invalidate_recordset()
        many.mapped("payer_id.authorization_warning_percent")
        many.mapped("approved_units")
        with self.assertQueryCount(1):
            many.mapped("used_units")
