# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from psycopg2 import OperationalError
from psycopg2.errors import InsufficientPrivilege

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import mute_logger, tagged

from ..models import hc_phi_read
from .trail_common import TrailCommon


@tagged("post_install", "-at_install")
class TestPhiRead(TrailCommon):
    """Whoever sees a patient's data is on record, and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("reads.clerk", "clerk")
        cls.manager = cls._create_user("reads.manager", "manager")
        cls.executive = cls._create_user("reads.executive", "executive")
        cls.compliance = cls._create_user("reads.compliance", "compliance")
        cls.encounter = cls._create_encounter("READ-1")
        cls.reads = cls.env["hc.phi.read"]

    def setUp(self):
        super().setUp()
        hc_phi_read._remembered.clear()
        self.addCleanup(hc_phi_read._remembered.clear)

    def _seen(self, call, source="form", *, commits=True):
        """The rows that a request leaves."""
        before = self.reads.search([])
        with (
            patch.object(self.env.registry["hc.phi.read"], "_get_source", lambda model: source),
            self._request(commits=commits),
        ):
            call()
        return self.reads.search([]) - before

    def test_opening_the_form_of_a_patient(self):
        patient = self.patient.with_user(self.clerk)
        row = self._seen(lambda: patient.web_read({"mrn": {}, "birth_date": {}}))
        self.assertRecordValues(
            row,
            [
                {
                    "user_id": self.clerk.id,
                    "patient_id": self.patient.id,
                    "res_model": "hc.patient",
                    "source": "form",
                    "detail": "record",
                    "is_outside_facilities": False,
                    "is_same_name": False,
                }
            ],
        )

    def test_every_way_to_read_is_on_record(self):
        patients = self.env["hc.patient"].with_user(self.clerk)
        domain = [("id", "=", self.patient.id)]
        ways = {
            "read": lambda: patients.browse(self.patient.id).read(["last_name"]),
            "search_read": lambda: patients.search_read(domain, ["last_name"]),
            "web_search_read": lambda: patients.web_search_read(domain, {"last_name": {}}),
            "name_search": lambda: patients.name_search(self.patient.mrn),
            "export": lambda: patients.browse(self.patient.id)._export_rows([["last_name"]]),
            "values for a copy": lambda: self.patient.with_user(self.manager).copy_data(),
            "group": lambda: patients.formatted_read_group(domain, ["last_name"]),
            "values": lambda: patients.formatted_read_group(domain, [], ["last_name:array_agg"]),
            "sets": lambda: patients.formatted_read_grouping_sets(domain, [["last_name"], []]),
            "board": lambda: patients.web_read_group(
                domain, ["sex"], auto_unfold=True, unfold_read_specification={"last_name": {}}
            ),
            "of the coverage": lambda: self.coverage.with_user(self.clerk).read(["member_id"]),
            "of the encounter": lambda: self.encounter.with_user(self.clerk).web_read(
                {"patient_id": {"fields": {"display_name": {}}}}
            ),
            "export of another": lambda: self.encounter.with_user(self.clerk)._export_rows(
                [["patient_id", "last_name"]]
            ),
        }
        for way, call in ways.items():
            with self.subTest(way):
                hc_phi_read._remembered.clear()
                rows = self._seen(call, source=f"test {way}")
                self.assertIn(self.patient, rows.patient_id)

    def test_what_shows_nobody_is_no_reading(self):
        calls = {
            "no patient data asked for": lambda: self.patient.with_user(self.clerk).read(["mrn"]),
            "a count": lambda: self.env["hc.patient"].with_user(self.clerk).search_count([]),
            "without the right": lambda: self.encounter.with_user(self.executive).read(
                ["patient_id"]
            ),
            "by the system": lambda: self.patient.with_user(self.clerk).sudo().read(["last_name"]),
        }
        for name, call in calls.items():
            with self.subTest(name):
                self.assertFalse(self._seen(call))
        self.assertFalse(self._seen(lambda: self.patient.with_user(self.clerk).read(), source=None))

    def test_a_request_that_fails_has_shown_nothing(self):
        patient = self.patient.with_user(self.clerk)
        self.assertFalse(self._seen(lambda: patient.read(["last_name"]), commits=False))

    def test_reading_again_within_ten_minutes_is_one_row(self):
        patient = self.patient.with_user(self.clerk)
        with patch.object(hc_phi_read, "_get_window", lambda: 1):
            self.assertEqual(len(self._seen(lambda: patient.read(["last_name"]))), 1)
            self.assertFalse(self._seen(lambda: patient.read(["last_name"])))
            # Another process remembers nothing: the table decides.
            hc_phi_read._remembered.clear()
            self.assertFalse(self._seen(lambda: patient.read(["last_name"])))
            self.assertEqual(len(self._seen(lambda: patient.read(["last_name"]), "list")), 1)

    def test_a_list_is_one_statement(self):
        patients = self.patient
        for number in range(40):
            patients += self._create_patient(f"77{number:05}")
        own = patients.with_user(self.manager)
        with patch.object(
            hc_phi_read, "_insert_sql", side_effect=hc_phi_read._insert_sql
        ) as insert:
            rows = self._seen(lambda: own.read(["last_name"]), "list")
        self.assertEqual(rows.patient_id, patients)
        self.assertEqual(insert.call_count, 1)

    def test_readings_worth_a_look_are_marked(self):
        stranger = self._create_patient("7800001", last_name="Manager")
        stranger.facility_ids = [Command.set(self.other_facility.ids)]
        self.manager.name = "Mary Manager"
        row = self._seen(lambda: stranger.with_user(self.manager).read(["last_name"]))
        self.assertTrue(row.is_outside_facilities)
        self.assertTrue(row.is_same_name)

    def test_a_database_error_does_not_keep_the_form_closed(self):
        patient = self.patient.with_user(self.clerk)
        with (
            patch.object(type(self.reads), "_write_entries", side_effect=OperationalError),
            self.assertLogs("odoo.addons.hc_revenue_base.models.hc_trail_mixin", "ERROR"),
        ):
            self.assertFalse(self._seen(lambda: patient.read(["last_name"])))
        # What was not written is not remembered as written.
        self.assertEqual(len(self._seen(lambda: patient.read(["last_name"]))), 1)

    def test_nobody_changes_a_row(self):
        row = self._seen(lambda: self.patient.with_user(self.clerk).read(["last_name"]))
        for call in (row.unlink, lambda: row.write({"source": "rpc"})):
            with self.assertRaises(AccessError):
                call()
        for statement in (
            "DELETE FROM hc_phi_read",
            "UPDATE hc_phi_read SET source = 'rpc'",
            "TRUNCATE hc_phi_read",
        ):
            with (
                self.subTest(statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_only_compliance_reads_the_rows(self):
        self._seen(lambda: self.patient.with_user(self.clerk).read(["last_name"]))
        self.assertTrue(self.reads.with_user(self.compliance).search([]))
        for user in (self.clerk, self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.reads.with_user(user).search([])

    def test_every_model_that_shows_a_patient_is_watched(self):
        unwatched = [
            name
            for name, model in self.env.registry.items()
            if name.startswith("hc.")
            and name != "hc.phi.read"
            and not model._abstract
            and not model._transient
            and any(
                field.comodel_name == "hc.patient" and field.type == "many2one"
                for field in model._fields.values()
            )
            and not issubclass(model, self.env.registry["hc.phi.mixin"])
        ]
        self.assertEqual(unwatched, [])
