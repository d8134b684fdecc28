# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .placement_common import PlacementCase

_HEADER = "kind,reference,placement,amount,currency,paid_on\n"


@tagged("post_install", "-at_install")
class TestAgencyReport(PlacementCase):
    """What an agency reports is booked once, on the case that it is about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        bank = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "bank")], limit=1
        )
        cls.agency.source_id = cls.env["hc.payment.source"].create(
            {"name": "Agency", "code": "agency", "journal_id": bank.id}
        )
        cls.currency = cls.company.currency_id.name

    def setUp(self):
        super().setUp()
        self.placement = self._place()
        self._write_file()

    def _take_in(self, *rows, user=None, name="report.csv"):
        content = _HEADER + "".join(f"{row}\n" for row in rows)
        action = (
            self.env["hc.agency.report.wizard"]
            .with_user(user or self.supervisor)
            .create(
                {
                    "agency_id": self.agency.id,
                    "file": base64.b64encode(content.encode()),
                    "file_name": name,
                }
            )
            .action_confirm()
        )
        return self.env["hc.exchange"].browse(action["res_id"])

    def _row(self, reference, amount, placement=None):
        placement = self.placement.name if placement is None else placement
        return f"PAYMENT,{reference},{placement},{amount},{self.currency},{self.today}"

    def _get_counts(self, exchange):
        return exchange.imported_count, exchange.repeated_count, exchange.failed_count

    def test_a_payment_is_booked_on_the_case_with_its_commission(self):
        exchange = self._take_in(self._row("R-1", "50.00"))
        self.assertEqual((exchange.state, self._get_counts(exchange)), ("done", (1, 0, 0)))
        self.assertEqual(self._open(self.case), 100.0)
        payment = self.placement.payment_ids
        self.assertEqual((payment.amount, payment.amount_commission), (50.0, 10.0))
        self.assertEqual(payment.report_id.state, "applied")
        self.assertEqual(self.placement.amount_collected, 50.0)
        self.agency.invalidate_recordset()
        self.assertEqual((self.agency.amount_placed, self.agency.amount_collected), (150.0, 50.0))
        self.assertEqual(self.agency.amount_commission, 10.0)
        self.assertAlmostEqual(self.agency.recovery_percent, 33.3, places=1)
        self.agency.commission_percent = 50.0
        self.assertEqual(payment.amount_commission, 10.0)

    def test_the_same_payment_comes_twice_and_is_booked_once(self):
        self._take_in(self._row("R-1", "50.00"))
        again = self._take_in(self._row("R-1", "50.00"), self._row("R-2", "20.00"))
        self.assertEqual(self._get_counts(again), (1, 1, 0))
        self.assertEqual(self._open(self.case), 80.0)
        same_file = self._take_in(self._row("R-1", "50.00"), self._row("R-2", "20.00"))
        self.assertEqual(same_file, again)
        other = self._take_in(self._row("R-1", "60.00"))
        self.assertEqual(self._get_counts(other), (0, 0, 1))
        self.assertIn("reported before", other.row_ids.message)
        self.assertEqual(self._open(self.case), 80.0)

    def test_what_names_no_placement_waits_for_a_person(self):
        self._take_in(self._row("R-9", "30.00", "PL-UNKNOWN"))
        payment = self.env["hc.placement.payment"].search([("reference", "=", "R-9")])
        self.assertFalse(payment.placement_id)
        self.assertEqual(payment.report_id.state, "unmatched")
        self.assertEqual(self._open(self.case), 150.0)

    def test_hostile_rows_are_left_out_with_their_reason(self):
        number = self.placement.name
        exchange = self._take_in(
            self._row("=HYPERLINK(1)", "1.00"),
            self._row("R-2", "-5"),
            self._row("R-3", "1e400"),
            self._row("R-4", "NaN"),
            f"PAYMENT,R-5,{number},5.00,{self.currency},2999-01-01",
            f"PAYMENT,R-6,{number},5.00,ZZZ,{self.today}",
            "BONUS,R-7,,,,",
            "PAYMENT,R-8",
            self._row("R-10", "2.00"),
        )
        self.assertEqual(self._get_counts(exchange), (1, 0, 8))
        self.assertEqual(len(exchange.row_ids), 8)
        self.assertIn("formula", exchange.row_ids[0].message)
        self.assertTrue(self._items("agency_report", exchange))
        self.assertEqual(self._open(self.case), 148.0)

    def test_a_file_of_another_kind_is_refused_as_a_whole(self):
        exchange, _verdict = self.env["hc.exchange"]._receive_agency_report(
            self.agency, b"name,amount\nx,1\n", "other.csv"
        )
        exchange._process(lambda done, left: True)
        self.assertEqual(exchange.state, "rejected")
        self.assertIn("column", exchange.error)

    def test_the_agency_confirms_a_recall(self):
        self._hold("bankruptcy")
        self.assertEqual(self.placement.state, "recalling")
        exchange = self._take_in(f"RECALLED,,{self.placement.name},,,", "RECALLED,,PL-NONE,,,")
        self.assertEqual(self._get_counts(exchange), (1, 0, 1))
        self.assertEqual(self.placement.state, "recalled")

    def test_an_interrupted_file_goes_on_where_it_was(self):
        content = _HEADER + "".join(f"{self._row(f'S-{n}', '1.00')}\n" for n in range(24))
        exchange, _verdict = (
            self.env["hc.exchange"]
            .with_user(self.supervisor)
            ._receive_agency_report(self.agency, content.encode(), "long.csv")
        )
        self.assertFalse(exchange._process(lambda done, left: False))
        self.assertEqual(exchange.sudo().processed_count, 20)
        self.assertTrue(exchange._process(lambda done, left: True))
        self.assertEqual(self._get_counts(exchange.sudo()), (24, 0, 0))
        self.assertEqual(self._open(self.case), 126.0)

    @mute_logger("odoo.addons.hc_revenue_base.models.hc_refused_attempt")
    def test_collectors_take_no_report_in(self):
        exchanges = self.env["hc.exchange"].with_user(self.collector)
        with self.assertRaisesRegex(AccessError, "Supervisors take in"):
            exchanges._receive_agency_report(
                self.agency.with_user(self.collector), b"x", "report.csv"
            )

    def test_money_that_did_not_come_earns_no_commission(self):
        self._take_in(self._row("R-9", "30.00", "PL-UNKNOWN"))
        waiting = self.env["hc.placement.payment"].search([("reference", "=", "R-9")])
        self.assertEqual((waiting.amount_booked, waiting.amount_commission), (0.0, 0.0))
        self._take_in(self._row("R-1", "50.00"), name="second.csv")
        payment = self.placement.payment_ids
        self.assertEqual((payment.amount_booked, payment.amount_commission), (50.0, 10.0))
        self.env["hc.payment.report"]._take(
            *("agency", "charged_back", "R-1", 50.0, self.currency, self.today)
        )
        self.assertEqual((payment.amount_booked, payment.amount_commission), (0.0, 0.0))
        self.assertEqual(self.placement.amount_collected, 0.0)
        self.assertEqual(self.placement.amount_commission, 0.0)

    def _count_settlements(self, fails=0):
        """Let the settlements of accounts be counted; the first ones fail."""
        accounts = type(self.env["hc.collection.account"])
        settle, seen = accounts._settle_wanted, []

        def counted(records, *args):
            seen.append(records)
            if len(seen) <= fails:
                raise UserError(records.env._("the ledger says no"))
            return settle(records, *args)

        self.patch(accounts, "_settle_wanted", counted)
        return seen

    def test_an_account_is_settled_once_for_many_payments(self):
        seen = self._count_settlements()
        exchange = self._take_in(*(self._row(f"M-{n:02}", "2.00") for n in range(24)))
        self.assertEqual(self._get_counts(exchange), (24, 0, 0))
        self.assertEqual(len(seen), 2, "one for each step of the file")
        self.assertEqual(self._open(self.case), 102.0)
        payments = self.env["account.payment"].search([("hc_account_id", "=", self.account.id)])
        self.assertEqual(len(payments), 24)
        partials = payments.move_id.line_ids.matched_debit_ids
        self.assertEqual((len(partials), set(partials.mapped("hc_is_settlement"))), (24, {True}))

    def test_payments_that_pay_more_than_is_owed_leave_the_rest_open(self):
        self._take_in(*(self._row(f"P-{n}", "40.00") for n in range(5)))
        self.assertEqual((self._open(self.case), self.case.stage), (0.0, "closed"))
        self.account._refresh()
        self.assertEqual((self.account.amount_open, self.account.amount_unapplied), (0.0, 50.0))

    def test_rows_settle_by_themselves_where_all_at_once_they_cannot(self):
        seen = self._count_settlements(fails=2)
        exchange = self._take_in(self._row("F-1", "5.00"), self._row("F-2", "7.00"))
        # The first failed with the step, the second is the first row, which is refused.
        self.assertEqual((self._get_counts(exchange), len(seen)), ((1, 0, 1), 3))
        self.assertIn("the ledger says no", exchange.row_ids.message)
        self.assertEqual(self._open(self.case), 143.0)

    def test_another_currency_is_refused(self):
        other = self.env["res.currency"].search(
            [("id", "!=", self.company.currency_id.id), ("active", "in", (True, False))], limit=1
        )
        other.active = True
        row = f"PAYMENT,R-1,{self.placement.name},50.00,{other.name},{self.today}"
        exchange = self._take_in(row)
        self.assertEqual(self._get_counts(exchange), (0, 0, 1))
        self.assertIn(f"are in {self.currency}", exchange.row_ids.message)
        self.assertFalse(self.placement.payment_ids)
