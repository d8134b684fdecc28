# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import unittest
from datetime import date, datetime

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

# The day on which the stories of the tests happen.
SERVICE_DATE = date(2026, 3, 2)


def assert_refused(test, exception, msg=None):
    """Check what Python refuses before it changes anything.

    Odoo's ``assertRaises`` wraps each attempt into a savepoint, which empties every cache:
    thousands of attempts would read users, rights and records again and again.
    """
    return unittest.TestCase.assertRaises(test, exception, msg=msg)


class HcCommon(TransactionCase):
    """A small provider group: two facilities, two payers, a patient and the codes to bill."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        # One day for the office and the tests' users, at any hour.
        cls.company.partner_id.tz = "UTC"
        cls.facility = cls._create_facility("Riverside Clinic", "RIV", "1234567893")
        cls.other_facility = cls._create_facility("Hillside Clinic", "HIL", "1245319599")
        cls.department = cls.env["hc.department"].create(
            {"name": "Family Medicine", "code": "FAM", "facility_id": cls.facility.id}
        )
        cls.practitioner = cls.env["hc.practitioner"].create(
            {"name": "Ada Stone", "npi": "1679576722", "facility_ids": cls.facility.ids}
        )
        cls.payer = cls.env["hc.payer"].create(
            {
                "name": "Acme Health Plan",
                "code": "ACME",
                "payer_identifier": "60054",
                # The services of these tests stay billable for years to come.
                "timely_filing_days": 3650,
            }
        )
        cls.visit_code = cls._create_code("procedure", "V1001", "Office visit")
        cls.lab_code = cls._create_code("procedure", "L2002", "Blood panel")
        cls.diagnosis = cls._create_code("diagnosis", "Z00.00", "General examination")
        cls.modifier = cls._create_code("modifier", "25", "Separate visit")
        cls.office = cls._create_code("place_of_service", "11", "Office")
        cls.fee_schedule = cls.env["hc.fee.schedule"].create(
            {
                "name": "Charge master 2026",
                "date_from": "2026-01-01",
                "line_ids": [
                    Command.create({"code_id": cls.visit_code.id, "unit_price": 150.0}),
                    Command.create({"code_id": cls.lab_code.id, "unit_price": 40.0}),
                ],
            }
        )
        cls.patient = cls._create_patient("1000001")
        cls.coverage = cls._create_coverage(cls.patient)

    @classmethod
    def _create_facility(cls, name, code, npi):
        return cls.env["hc.facility"].create(
            {
                "name": name,
                "code": code,
                "npi": npi,
                "tax_identifier": "12-3456789",
                "taxonomy_code": "261QP2300X",
                "street": "1 Main Street",
                "city": "Springfield",
                "zip": "62701",
            }
        )

    @classmethod
    def _create_code(cls, system, code, name):
        return cls.env["hc.code"].search(
            [("system", "=", system), ("code", "=", code)], limit=1
        ) or cls.env["hc.code"].create({"system": system, "code": code, "name": name})

    @classmethod
    def _create_patient(cls, mrn, **vals):
        return cls.env["hc.patient"].create(
            {
                "mrn": mrn,
                "last_name": "Doe",
                "first_name": "Jane",
                "birth_date": "1980-05-17",
                "sex": "female",
                "street": "9 Elm Street",
                "city": "Springfield",
                "zip": "62701",
                "state_id": cls.env.ref("base.state_us_14").id,
                **vals,
            }
        )

    @classmethod
    def _create_coverage(cls, patient, **vals):
        return cls.env["hc.coverage"].create(
            {
                "patient_id": patient.id,
                "payer_id": cls.payer.id,
                "member_id": "W123456789",
                "date_from": "2026-01-01",
                "eligibility_status": "active",
                "eligibility_checked_on": SERVICE_DATE,
                **vals,
            }
        )

    @classmethod
    def _create_encounter(cls, number="E-1", services=(("V1001", 1.0),), **vals):
        """An encounter in state *planned* with services, a diagnosis and a consent."""
        patient = vals.pop("patient", cls.patient)
        coverage = vals.pop("coverage", cls.coverage)
        encounter = cls.env["hc.encounter"].create(
            {
                "number": number,
                "facility_id": cls.facility.id,
                "department_id": cls.department.id,
                "patient_id": patient.id,
                "primary_coverage_id": coverage.id,
                "attending_id": cls.practitioner.id,
                "started_at": datetime(2026, 3, 2, 14),
                "ended_at": datetime(2026, 3, 2, 15),
                "note_signed_on": SERVICE_DATE,
                "diagnosis_ids": [Command.create({"code_id": cls.diagnosis.id})],
                **vals,
            }
        )
        cls.env["hc.document"].create(
            {
                "name": "Consent",
                "document_type": "consent",
                "patient_id": patient.id,
                "encounter_id": encounter.id,
                "document_date": SERVICE_DATE,
            }
        )
        for code, units in services:
            cls.env["hc.service.line"].create(
                {
                    "encounter_id": encounter.id,
                    "service_date": SERVICE_DATE,
                    "code_id": cls._create_code("procedure", code, code).id,
                    "units": units,
                    "place_of_service_id": cls.office.id,
                    "performer_id": cls.practitioner.id,
                    "diagnosis_ids": [Command.set(encounter.diagnosis_ids.ids)],
                }
            )
        return encounter

    def _agree(self, change, reason="for this story"):
        """Submit a configuration change and let another person agree."""
        change = change.with_user(change.requester_id)
        change.reason = reason
        change.action_submit()
        officer = self.env["res.users"].search([("login", "=", "second.person")])
        officer = officer or self._create_user("second.person", "compliance")
        change.with_user(officer).action_approve()

    @classmethod
    def _create_user(cls, login, *roles, facilities=None):
        """A user with the given role groups (short names) and facilities."""
        groups = ",".join(["base.group_user", *(f"hc_revenue_base.group_hc_{r}" for r in roles)])
        facilities = cls.facility if facilities is None else facilities
        # Four parts in ten of the work would be the mail that invites them.
        user = new_test_user(
            cls.env,
            login,
            groups=groups,
            context={"no_reset_password": True},
            hc_facility_ids=[Command.set(facilities.ids)],
        )
        return user.with_env(cls.env)
