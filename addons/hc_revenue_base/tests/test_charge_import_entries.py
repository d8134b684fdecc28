# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64
import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, RecordCapturer, tagged
from odoo.tools import file_open

from ..hc_core.charge_columns import COLUMN_BY_NAME
from .import_common import ROW, HcImportCommon, charge_file


@tagged("post_install", "-at_install")
class TestChargeImportEntries(HcImportCommon):
    """The ways in: wizard, server command, Odoo's own import."""

    def _wizard(self, content, user=None, **values):
        wizard = self.env["hc.charge.import.wizard"].with_user(user or self.clerk)
        return wizard.create(
            {"file": base64.b64encode(content), "file_name": "march.csv", "source": "ehr", **values}
        )

    def test_wizard_shows_columns_and_first_errors_without_importing(self):
        before = self._counts()
        wizard = self._wizard(charge_file({}, {"external_id": "C-2", "procedure_code": "NOPE"}))
        wizard.action_check()
        self.assertEqual((wizard.row_count, wizard.error_count), (2, 1))
        self.assertIn("external_id", wizard.column_names)
        self.assertIn("Line 3, procedure_code: NOPE", wizard.row_errors)
        self.assertEqual(self._counts(), before)

    def test_wizard_shows_why_a_file_is_unreadable(self):
        wizard = self._wizard(b"\0\0\0")
        wizard.action_check()
        self.assertIn("not text", wizard.file_error)

    def test_wizard_imports_a_small_file_at_once(self):
        action = self._wizard(charge_file({})).action_import()
        exchange = self.env["hc.exchange"].browse(action["res_id"])
        self.assertEqual((exchange.state, exchange.name), ("done", "march.csv"))
        self.assertEqual(self._service("C-1").create_uid, self.clerk)

    def test_wizard_leaves_a_large_file_to_the_scheduled_action(self):
        rows = ({"external_id": f"C-{number}"} for number in range(1001))
        with RecordCapturer(self.env["ir.cron.trigger"]) as triggers:
            action = self._wizard(charge_file(*rows)).action_import()
        self.assertEqual(self.env["hc.exchange"].browse(action["res_id"]).state, "received")
        self.assertEqual(
            triggers.records.cron_id,
            self.env.ref("hc_revenue_base.ir_cron_process_exchanges"),
        )

    def test_wizard_says_when_a_file_was_received_before(self):
        content = charge_file({})
        self._wizard(content).action_import()
        action = self._wizard(content).action_import()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("received before", action["params"]["message"])

    def test_wizard_form_opens_empty(self):
        form = Form(self.env["hc.charge.import.wizard"].with_user(self.clerk))
        self.assertFalse(form.row_count)

    def test_wizard_is_closed_to_other_roles(self):
        collector = self._create_user("import_collector", "collector")
        with self.assertRaises(AccessError):
            self._wizard(charge_file({}), collector)

    def test_server_command_reports_and_writes_the_refused_rows(self):
        with (
            TemporaryDirectory() as folder,
            self.enter_registry_test_mode(),
            self.registry.cursor() as cursor,
        ):
            path = Path(folder, "charges.csv")
            path.write_bytes(charge_file({}, {"external_id": "C-2", "units": "-1"}))
            exchanges = self.env["hc.exchange"].with_env(self.env(cr=cursor))
            report = exchanges._run_charge_import(str(path), "ehr")
            again = exchanges._run_charge_import(str(path), "ehr")
            refused = Path(report["refused_path"])
            self.assertEqual(refused, Path(folder, "charges-refused.csv"))
            self.assertEqual(refused.stat().st_mode & 0o777, 0o600)
            with refused.open(newline="") as stream:
                rows = list(csv.DictReader(stream))
        self.assertEqual(
            {name: report[name] for name in ("verdict", "state", "rows", "imported", "refused")},
            {"verdict": "new", "state": "done", "rows": 2, "imported": 1, "refused": 1},
        )
        self.assertEqual(
            (again["verdict"], again["exchange_id"]), ("duplicate", report["exchange_id"])
        )
        self.assertEqual([row["external_id"] for row in rows], ["C-2"])
        self.assertEqual(rows[0]["error_codes"], "negative")

    def test_server_command_says_what_is_wrong_with_the_path(self):
        with self.assertRaisesRegex(UserError, "cannot be read"):
            self.env["hc.exchange"]._run_charge_import("/nowhere/charges.csv", "ehr")

    def test_staging_columns_are_those_of_the_file(self):
        fields = self.env["hc.charge.import.row"]._fields
        own = {name for name, field in fields.items() if field.type == "char"}
        self.assertEqual(own - {"display_name"}, set(COLUMN_BY_NAME))

    def _load(self, *rows, user=None):
        columns = [*ROW, "units"]
        return (
            self.env["hc.charge.import.row"]
            .with_user(user or self.clerk)
            .load(
                columns, [[(ROW | {"units": "1"} | row)[name] for name in columns] for row in rows]
            )
        )

    def test_odoo_import_brings_charges_in(self):
        with RecordCapturer(self.env["ir.cron.trigger"]) as triggers:
            result = self._load({}, {"external_id": "C-2"})
        self.assertEqual(len(result["ids"] or ()), 2, result["messages"])
        service = self._service("C-2", "odoo_import")
        self.assertEqual(service.encounter_id, self._service("C-1", "odoo_import").encounter_id)
        self.assertTrue(triggers.records)
        # Its encounters move when the Scheduled Action comes, once all batches are in.
        self.assertEqual(service.encounter_id.state, "planned")
        with self.enter_registry_test_mode():
            self.env.ref("hc_revenue_base.ir_cron_process_exchanges").method_direct_trigger()
        service.encounter_id.invalidate_recordset()
        self.assertEqual(service.encounter_id.state, "completed")

    def test_odoo_import_shows_the_error_of_each_row_and_keeps_nothing(self):
        result = self._load({}, {"external_id": "C-2", "units": "-1"}, {"external_id": "C-3"})
        self.assertFalse(result["ids"])
        errors = [message for message in result["messages"] if message["type"] == "error"]
        self.assertIn("units: must not be negative", errors[-1]["message"])
        self.assertEqual(errors[-1]["record"], 1)
        self.assertFalse(self._service("C-1", "odoo_import"))

    def test_command_finds_the_company_of_the_first_facility(self):
        company = self.env["res.company"].create({"name": "Other Group"})
        self.env["hc.facility"].create(
            {
                "name": "Far Clinic",
                "code": "FAR",
                "company_id": company.id,
                "journal_id": False,
                "resource_calendar_id": False,
            }
        )
        exchanges = self.env["hc.exchange"]
        for content, expected in (
            (charge_file({"units": "-1"}, {"facility_code": "FAR"}), company),
            (charge_file({}), self.company),
            (charge_file({"facility_code": "NOWHERE"}), self.company),
            (b"\0", self.company),
        ):
            self.assertEqual(exchanges._get_company_of(content, "utf-8"), expected)

    def test_sample_charges_import_without_an_error(self):
        facility = self._create_facility("Harbor", "HARBOR", "1234567893")
        self.feed.hc_facility_ids += facility
        self.env["hc.department"].create(
            {"name": "Family", "code": "FAM", "facility_id": facility.id}
        )
        self.env["hc.payer"].create({"name": "Bluepine", "code": "BLUEPINE"})
        self.env["hc.practitioner"].create({"name": "Asher", "npi": "1999000007"})
        for system, codes in (
            ("procedure", ("OV100", "OV200", "LB100")),
            ("diagnosis", ("I10", "E78.5")),
        ):
            for code in codes:
                self._create_code(system, code, code)
        with file_open("hc_revenue_base/static/import/charges_sample.csv", "rb") as stream:
            content = stream.read()
        self.assertEqual(next(csv.reader(io.StringIO(content.decode()))), list(COLUMN_BY_NAME))
        exchange = self._import(content)
        self.assertEqual((exchange.imported_count, exchange.row_ids.ids), (3, []))

    def test_sample_tables_load_through_odoo_import(self):
        self.env["hc.payer"].create({"name": "Sample Health Plan", "code": "SAMPLE"})
        administrator = self._create_user("import_administrator", "administrator")
        for model in (
            "hc.code",
            "hc.code.pair",
            "hc.code.unit.limit",
            "hc.fee.schedule",
            "hc.authorization.requirement",
        ):
            records = self.env[model].with_user(administrator)
            for template in records.get_import_templates():
                with file_open(template["template"].lstrip("/")) as stream:
                    header, *rows = csv.reader(stream)
                result = records.load(header, rows)
                self.assertTrue(result["ids"], (model, result["messages"]))
        schedule = self.env["hc.fee.schedule"].search([("name", "=", "Sample prices 2026")])
        self.assertEqual(schedule.line_ids.mapped("unit_price"), [120, 45, 310])
