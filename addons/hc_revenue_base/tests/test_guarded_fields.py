# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from .common import HcCommon


@tagged("post_install", "-at_install")
class TestGuardedFields(HcCommon):
    """Stored fields that follow a parent are inserted with the row, and never differ from it."""

    FOLLOWED = ("company_id", "facility_id")

    def _create_diagnosis(self, **vals):
        encounter = self._create_encounter("GF-1", diagnosis_ids=[])
        self.env.flush_all()
        return self.env["hc.encounter.diagnosis"]._create_guarded(
            [{"encounter_id": encounter.id, "code_id": self.diagnosis.id, **vals}]
        )

    def test_what_follows_a_parent_is_not_found_twice(self):
        diagnosis = self._create_diagnosis()
        for name in self.FOLLOWED:
            pending = self.env.records_to_compute(diagnosis._fields[name])
            self.assertNotIn(diagnosis, pending, name)
        self.assertEqual(diagnosis.facility_id, self.facility)
        self.assertEqual(diagnosis.company_id, self.company)

    def test_what_is_given_for_it_does_not_count(self):
        for given in (False, self.other_facility.id):
            with self.subTest(given=given), self.env.cr.savepoint() as savepoint:
                diagnosis = self._create_diagnosis(facility_id=given)
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertEqual(diagnosis.facility_id, self.facility)
                savepoint.rollback()
