# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.kpi_common import FIRST_DAY, KpiCase

DAYS = tuple(FIRST_DAY + timedelta(days=number) for number in range(60, 90))


@tagged("post_install", "-at_install")
class TestKpiSnapshots(KpiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._live(16)
        cls.supervisor = cls._create_user("kpi.supervisor", "supervisor")
        cls.snapshots = cls.env["hc.kpi.snapshot"]
        cls.codes = list(cls.env["hc.kpi.provider"]._get_registry())

    def _take_all(self, days=DAYS):
        return sum(self.snapshots._take(code, self.company, list(days)) for code in self.codes)

    def _compute(self, user, days=DAYS):
        provider = self.env["hc.kpi.provider"].with_user(user).with_company(self.company)
        return provider._compute_all_series(days, company=self.company)

    def test_what_is_written_down_equals_what_is_computed(self):
        computed = {user: self._compute(user) for user in (self.manager, self.executive)}
        self.assertTrue(any(r.figure.count for r in computed[self.manager]["dnfb_days"]))
        self._take_all()
        for user, expected in computed.items():
            read = self._compute(user)
            self.assertEqual(list(read), list(expected))
            for code, results in expected.items():
                for result, kept in zip(results, read[code], strict=True):
                    label = f"{user.login} {code} {result.as_of}"
                    self.assertEqual(kept.figure.count, result.figure.count, label)
                    self._assert_close(kept.figure.value, result.figure.value, label)

    def _assert_close(self, value, expected, label):
        if expected is None:
            self.assertIsNone(value, label)
        else:
            self.assertAlmostEqual(value, expected, delta=Decimal("0.001"), msg=label)

    def test_a_reader_of_one_facility_sees_the_figure_of_his_facility(self):
        self._take_all(DAYS[:1])
        reader = self.snapshots.with_user(self.supervisor)
        seen = set(reader.search([("company_id", "=", self.company.id)]).mapped("facility_id.id"))
        self.assertTrue(seen)
        allowed = set(self.env["hc.facility"].with_user(self.supervisor).search([]).ids)
        self.assertLessEqual(seen - {False}, allowed)

    def test_taken_again_nothing_changes(self):
        self.assertTrue(self._take_all(DAYS[:3]))
        self.assertEqual(self._take_all(DAYS[:3]), 0)
        days = self.env["hc.kpi.snapshot.day"].search([("company_id", "=", self.company.id)])
        self.assertEqual(set(days.mapped("change_count")), {0})
        self.assertEqual(len(days), 3 * len(self.codes))

    def test_a_correction_keeps_what_was_known(self):
        day = DAYS[0]
        self.snapshots._take("charge_lag_days", self.company, [day])
        before = self._read("now", day)
        charge = self.env["hc.charge"].search(self._get_behind(day), limit=1)
        self.env.cr.execute(
            "UPDATE hc_charge SET charged_on = charged_on - 1 WHERE id = %s",
            [charge.id],
        )
        charge.invalidate_recordset()
        self.assertTrue(self.snapshots._take("charge_lag_days", self.company, [day]))
        self.assertEqual(self._read("then", day), before)
        self.assertNotEqual(self._read("now", day), before)
        marker = self.env["hc.kpi.snapshot.day"].search(
            [("code", "=", "charge_lag_days"), ("as_of", "=", day)]
        )
        self.assertEqual(marker.change_count, 1)

    def _read(self, known, day):
        codes = ["charge_lag_days"]
        figures = self.snapshots._read_figures(codes, [day], self.company, known=known)
        return figures["charge_lag_days"][day]

    def _get_behind(self, day):
        provider = self.env["hc.kpi.provider"].with_company(self.company)
        overview = self.env["hc.kpi.dashboard"].with_company(self.company)
        self.assertTrue(provider._compute_kpi("charge_lag_days", day).figure.count)
        return overview.get_drill_down("charge_lag_days", {"as_of": str(day)})["domain"]

    def test_a_ratio_of_several_rows_is_the_ratio_of_their_sums(self):
        self._take_all(DAYS[:1])
        own = [("code", "=", "charge_lag_days"), ("company_id", "=", self.company.id)]
        rows = self.snapshots.search(own)
        self.assertGreater(len(rows), 1)
        (value,) = self.snapshots._read_group(own, [], ["value:avg"])[0]
        expected = sum(rows.mapped("numerator")) / sum(rows.mapped("denominator"))
        self.assertAlmostEqual(value, expected, places=3)

    def test_an_amount_of_several_days_is_that_of_their_mean_day(self):
        days = self._get_days_with("dnfb_amount")
        self._take_all(days)
        own = [("code", "=", "dnfb_amount"), ("company_id", "=", self.company.id)]
        by_day = self.snapshots._read_group(own, ["as_of:day"], ["value:avg"])
        self.assertEqual(len(by_day), 2)
        (value,) = self.snapshots._read_group(own, [], ["value:avg"])[0]
        self.assertAlmostEqual(value, sum(day_value for _day, day_value in by_day) / 2, places=2)

    def _get_days_with(self, code):
        """Two days with something to count."""
        days = [FIRST_DAY + timedelta(days=number) for number in range(100)]
        series = self.env["hc.kpi.provider"]._compute_series(code, days, company=self.company)
        found = [result.as_of for result in series if result.figure.count]
        return found[0], found[-1]

    def test_nobody_writes_a_figure(self):
        self._take_all(DAYS[:1])
        row = self.snapshots.search([("company_id", "=", self.company.id)], limit=1)
        for user in (self.manager, self.executive):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"numerator": 1})
        with self.assertRaises(UserError):
            row.write({"numerator": 1})
        with self.assertRaises(AccessError):
            self.snapshots.with_user(self.clerk).search([])

    def test_the_nightly_run_fills_gaps_and_goes_on_where_it_stopped(self):
        last = self.company._get_office_day() - timedelta(days=1)
        self.snapshots._take("charge_lag_days", self.company, [last - timedelta(days=12)])
        moment = self.env.cr.now()
        days = self.snapshots._get_days_to_take(self.company, "charge_lag_days", moment)
        self.assertEqual(days, [last - timedelta(days=back) for back in range(11, -1, -1)])
        self.snapshots._take("charge_lag_days", self.company, days[:5])
        days_left = self.snapshots._get_days_to_take(self.company, "charge_lag_days", moment)
        self.assertEqual(days_left, days[5:])
