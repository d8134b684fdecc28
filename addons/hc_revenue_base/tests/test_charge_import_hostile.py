# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import csv
import io
from contextlib import contextmanager

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .import_common import HcImportCommon, charge_file


@tagged("post_install", "-at_install")
class TestHostileChargeFile(HcImportCommon):
    """One clear error and no change, whatever comes in."""

    @contextmanager
    def _undone(self):
        """What happens inside is undone, so that each case starts from the same records."""
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)

    def _assert_rejected(self, content, *phrases, **kwargs):
        """The whole file is refused with one message, and nothing of it is kept."""
        before = self._counts()
        exchange = self._import(content, **kwargs)
        self.assertEqual(exchange.state, "rejected")
        for phrase in phrases:
            self.assertIn(phrase, exchange.error)
        self.assertFalse(exchange.row_ids)
        item = self.env["hc.work.item"].search(
            [("res_model", "=", "hc.exchange"), ("res_id", "=", exchange.id)]
        )
        self.assertEqual(item.mapped("kind"), ["import_failed"])
        self.assertIn(exchange.error, item.description)
        after = self._counts()
        del before["hc.transition"], after["hc.transition"]
        self.assertEqual(after, before)

    def _assert_refused(self, column, code, **cells):
        """The row is refused at one column; its sound neighbour is imported."""
        exchange = self._import(
            charge_file(
                {"external_id": "BAD", **cells}, {"external_id": "GOOD", "encounter_number": "V-2"}
            )
        )
        self.assertEqual((exchange.imported_count, exchange.failed_count), (1, 1))
        self.assertEqual((exchange.row_ids.columns, exchange.row_ids.codes), (column, code))
        self.assertEqual(exchange.row_ids.line_number, 2)
        self.assertFalse(self._service("BAD"))
        self.assertTrue(self._service("GOOD"))
        return exchange

    def test_binary_file(self):
        self._assert_rejected(b"\x7fELF\x02\x01\x01\0\0\0\0", "not text", "Save the sheet as CSV")

    def test_wrong_encoding(self):
        content = charge_file({"patient_last_name": "Nuñez"}).decode().encode("cp1252")
        self._assert_rejected(content, "not UTF-8 text", "state its encoding")

    def test_stated_encoding_is_read(self):
        content = charge_file({"patient_last_name": "Nuñez"}).decode().encode("cp1252")
        exchange = self._import(content, encoding="cp1252")
        self.assertEqual(exchange.imported_count, 1)
        self.assertEqual(self._service("C-1").patient_id.last_name, "Nuñez")

    def test_utf16(self):
        self._assert_rejected(charge_file({}).decode().encode("utf-16"), "UTF-16")

    def test_empty_file(self):
        self._assert_rejected(b"", "empty")

    def test_no_header(self):
        self._assert_rejected(b"hello,world\r\n1,2\r\n", "no header")

    def test_missing_required_column(self):
        content = charge_file({}, columns=("external_id", "facility_code", "encounter_number"))
        self._assert_rejected(content, "lacks the columns", "patient_mrn")

    def test_unknown_column(self):
        content = charge_file({}).replace(b"patient_sex", b"patient_sx")
        self._assert_rejected(content, "patient_sx", "did you mean patient_sex?")

    def test_byte_order_mark_is_read_over(self):
        exchange = self._import(b"\xef\xbb\xbf" + charge_file({}))
        self.assertEqual(exchange.imported_count, 1)

    def test_cell_of_ten_megabytes(self):
        exchange = self._assert_refused(
            "", "row_too_long", patient_last_name="x" * 10 * 1024 * 1024
        )
        self.assertLess(len(exchange.row_ids.message), 200)

    def test_unknown_codes(self):
        for column, value, code in (
            ("procedure_code", "X9999", "code_unknown"),
            ("modifiers", "ZZ", "code_unknown"),
            ("diagnosis_codes", "Q99.99", "code_unknown"),
            ("place_of_service", "88", "code_unknown"),
            ("revenue_code", "0999", "code_unknown"),
            ("facility_code", "NOWHERE", "facility_unknown"),
            ("department_code", "NODEPT", "department_unknown"),
            ("payer_code", "NOPAYER", "payer_unknown"),
            ("performer_npi", "1245319599", "performer_unknown"),
        ):
            with self.subTest(column=column), self._undone():
                exchange = self._assert_refused(column, code, **{column: value})
                self.assertIn(value, exchange.row_ids.message)

    def test_code_not_in_force_on_the_service_date(self):
        self.visit_code.date_to = "2026-03-01"
        exchange = self._import(charge_file({}))
        self.assertEqual(exchange.row_ids.codes, "code_expired")
        self.assertFalse(self._service("C-1"))

    def test_bad_numbers_and_dates(self):
        for column, value, code in (
            ("units", "-1", "negative"),
            ("units", "0", "zero"),
            ("units", "1e3", "invalid_number"),
            ("units", "10000", "too_large"),
            ("unit_price", "-5.00", "negative"),
            ("unit_price", "10.005", "price_too_precise"),
            ("service_date", "1890-01-01", "date_too_early"),
            ("service_date", "2190-01-01", "date_too_late"),
            ("service_date", "03/02/2026", "invalid_date"),
            ("service_date", "2026-02-30", "invalid_date"),
            ("performer_npi", "1234567890", "npi_checksum"),
        ):
            with self.subTest(column=column, value=value), self._undone():
                exchange = self._import(charge_file({column: value}))
                self.assertEqual(exchange.failed_count, 1)
                self.assertEqual(exchange.row_ids.columns, column)
                self.assertEqual(exchange.row_ids.codes, code)
                self.assertFalse(self._service("C-1"))

    def test_text_that_begins_like_a_formula_stays_out(self):
        for column in ("patient_last_name", "patient_mrn", "member_id", "encounter_number"):
            with self.subTest(column=column), self._undone():
                self._assert_refused(column, "formula_text", **{column: "=HYPERLINK(1)"})

    def test_no_cell_of_the_refused_rows_is_a_formula(self):
        exchange = self._import(
            charge_file(
                {
                    "patient_last_name": "=1+1",
                    "patient_first_name": "@SUM(A1)",
                    "member_id": "+1|cmd",
                    "patient_city": "-2+3",
                }
            )
        )
        text = exchange.result_attachment_id.raw.decode()
        header, row = csv.reader(io.StringIO(text))
        self.assertEqual(row[header.index("patient_last_name")], "'=1+1")
        self.assertFalse([cell for cell in row if cell.strip().startswith(("=", "+", "-", "@"))])
        self.assertEqual(
            header[-5:], ["result", "error_line", "error_columns", "error_codes", "error_messages"]
        )

    def test_same_id_twice_in_one_file(self):
        exchange = self._import(charge_file({}, {"units": "2"}, {}))
        self.assertEqual(
            (exchange.imported_count, exchange.failed_count, exchange.repeated_count), (1, 1, 1)
        )
        self.assertEqual(exchange.row_ids.codes, "conflict")
        self.assertEqual(exchange.row_ids.line_number, 3)

    def test_messages_name_places_not_patients(self):
        exchange = self._import(
            charge_file(
                {"patient_last_name": "=Rivers", "patient_birth_date": "1875-02-03", "units": "-1"}
            )
        )
        for secret in ("Rivers", "1875", "2000001", "W777"):
            self.assertNotIn(secret, self._messages(exchange))

    @mute_logger("odoo.sql_db")
    def test_row_that_the_database_refuses_is_isolated(self):
        # Encounters may not end before they start; the file's two rows disagree by a zone.
        exchange = self._import(
            charge_file(
                {
                    "external_id": "BAD",
                    "encounter_start": "2026-03-02T09:00",
                    "encounter_end": "2026-03-02T09:30",
                    "encounter_number": "V-7",
                },
                {
                    "external_id": "WORSE",
                    "encounter_start": "2026-03-02T10:00",
                    "encounter_end": "",
                    "encounter_number": "V-8",
                },
                {
                    "external_id": "WORST",
                    "encounter_start": "",
                    "encounter_end": "2026-03-01T10:00",
                    "encounter_number": "V-9",
                },
            )
        )
        self.assertEqual((exchange.imported_count, exchange.failed_count), (2, 1))
        self.assertEqual(exchange.row_ids.external_id, "WORST")
        self.assertEqual(exchange.row_ids.codes, "not_written")
        self.assertFalse(self.env["hc.encounter"].search([("number", "=", "V-9")]))

    def test_payload_changed_behind_our_back(self):
        exchange, _verdict = self._receive(charge_file({}))
        exchange.sudo().payload_attachment_id.raw = charge_file({"units": "9"})
        exchange._as_sender()._process(lambda done, left: True)
        self.assertEqual(exchange.sudo().state, "rejected")
        self.assertFalse(self._service("C-1"))

    def test_source_must_be_named(self):
        for source in ("", "  ", "x" * 65, "=ehr"):
            with self.assertRaises(UserError):
                self._receive(charge_file({}), source=source)

    def test_exchange_cannot_be_written_by_hand(self):
        exchange = self._import(charge_file({}), self.clerk).with_user(self.clerk)
        for vals in (
            {"state": "received"},
            {"processed_count": 0},
            {"source": "other"},
            {"company_id": self.company.id},
        ):
            with self.assertRaises(AccessError):
                exchange.write(vals)
        with self.assertRaises(AccessError):
            self.env["hc.exchange.row"].with_user(self.clerk).create(
                {"exchange_id": exchange.id, "row_index": 5, "line_number": 7, "result": "warning"}
            )
