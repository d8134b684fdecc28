# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date, datetime, timedelta
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..hc_core.kpi_question import KpiQuestion
from .kpi_common import FIRST_DAY, HISTORY_DAYS, KpiCase
from .kpi_recompute import Recompute

NOW = datetime(2026, 7, 10, 18, 30)
SAMPLED_DAYS = tuple(FIRST_DAY + timedelta(days=n) for n in range(1, HISTORY_DAYS, 9))

_MODULE = "odoo.addons.hc_revenue_base."


@tagged("post_install", "-at_install")
class TestKpiProvider(KpiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._live(28)
        cls.env["hc.work.item"]._open(
            [{"kind": "manual", "name": "All", "dedup_key": "all", "queue_code": "billing"}]
        )
        cls.env.cr._now = NOW

    def _provider(self, user):
        return self.env["hc.kpi.provider"].with_user(user)

    def _get_indicators(self):
        """The definitions of base: other modules recompute their own."""
        provider = self.env["hc.kpi.provider"]
        return {
            code: definition
            for code, definition in provider._get_registry().items()
            if getattr(type(provider), definition.rows_method).__module__.startswith(_MODULE)
        }

    def _assert_same(self, definition, result, expected):
        numerator, denominator, ids = expected
        label = f"{definition.code} at {result.as_of}"
        tolerance = Decimal("0.000001")
        self.assertAlmostEqual(result.figure.numerator, numerator, delta=tolerance, msg=label)
        self.assertEqual(result.figure.count, len(ids), label)
        if denominator is None:
            self.assertEqual(result.figure.value, result.figure.numerator, label)
        elif not denominator:
            self.assertIsNone(result.figure.value, label)
        else:
            scale = 100 if definition.unit == "percent" else 1
            self.assertAlmostEqual(
                result.figure.value,
                scale * numerator / denominator,
                delta=Decimal("0.0001"),
                msg=label,
            )

    def test_every_indicator_at_any_day_equals_the_plain_recomputation(self):
        manager = self._provider(self.manager)
        both = self.facility | self.other_facility
        own = self.env["hc.facility"].search([("company_id", "=", self.company.id)])
        self.assertLessEqual(both, own)
        series = {
            code: manager._compute_series(code, SAMPLED_DAYS) for code in self._get_indicators()
        }
        for position, day in enumerate(SAMPLED_DAYS):
            slow = Recompute(self.env, own, day, NOW)
            for code, definition in self._get_indicators().items():
                with self.subTest(code=code, day=day):
                    expected = getattr(slow, code)()
                    self._assert_same(definition, series[code][position], expected)

    def test_the_history_says_something(self):
        days = [FIRST_DAY + timedelta(days=n) for n in range(HISTORY_DAYS)]
        for code in self._get_indicators():
            values = {
                result.figure.value
                for result in self._provider(self.manager)._compute_series(code, days)
            }
            self.assertGreater(len(values - {None}), 1, code)

    def test_a_drill_down_opens_exactly_the_records_behind_the_number(self):
        for user in (self.manager, self.executive, self.clerk):
            provider = self._provider(user)
            for code, definition in self._get_indicators().items():
                for day in SAMPLED_DAYS[4::5]:
                    result = provider._compute_kpi(code, day)
                    question = KpiQuestion(code, day, self.company.id)
                    action = provider._get_drill_down(question)
                    self.assertEqual(action["res_model"], definition.model)
                    found = (
                        self.env[action["res_model"]]
                        .with_user(user)
                        .with_context(**action["context"])
                        .search(action["domain"])
                    )
                    self.assertEqual(len(found), result.figure.count, (user.login, code, day))

    def test_groups_open_their_own_records_and_add_up(self):
        provider = self._provider(self.manager)
        day = SAMPLED_DAYS[9]
        for code, definition in self._get_indicators().items():
            for grouping in definition.groupings:
                result = provider._compute_kpi(code, day, group_by=grouping)
                numerators = sum(group.figure.numerator for group in result.groups)
                self.assertAlmostEqual(
                    numerators, result.figure.numerator, delta=Decimal("0.000001"), msg=code
                )
                for group in result.groups:
                    question = KpiQuestion(
                        code, day, self.company.id, grouping=grouping, group_key=group.key
                    )
                    found = (
                        self.env[definition.model]
                        .with_user(self.manager)
                        .search_count([("kpi_figure", "=", question.to_text())])
                    )
                    self.assertEqual(found, group.figure.count, (code, grouping, group))

    def test_a_clerk_gets_the_own_facilities_figures_only(self):
        slow = Recompute(self.env, self.facility, SAMPLED_DAYS[9], NOW)
        provider = self._provider(self.clerk)
        for code, definition in self._get_indicators().items():
            with self.subTest(code=code):
                result = provider._compute_kpi(code, SAMPLED_DAYS[9])
                self._assert_same(definition, result, getattr(slow, code)())
                other = provider._compute_kpi(code, SAMPLED_DAYS[9], facilities=self.other_facility)
                self.assertEqual((other.figure.count, other.figure.numerator), (0, 0))

    def test_facility_and_payer_narrow_the_figure(self):
        provider = self._provider(self.manager)
        day = SAMPLED_DAYS[9]
        by_payer = provider._compute_kpi("days_in_ar_net", day, group_by="payer")
        for group in by_payer.groups:
            if group.key:
                payer = self.env["hc.payer"].browse(group.key)
                narrowed = provider._compute_kpi("days_in_ar_net", day, payers=payer)
                self.assertEqual(narrowed.figure, group.figure)

    def test_a_strangers_company_shows_nothing(self):
        company = self.env["res.company"].create({"name": "Stranger"})
        for code in self._get_indicators():
            result = self._provider(self.manager)._compute_kpi(
                code, SAMPLED_DAYS[9], company=company
            )
            self.assertEqual((result.figure.count, result.figure.numerator), (0, 0), code)

    def test_who_has_no_role_computes_nothing(self):
        portal = self.env["res.users"].create(
            {"name": "P", "login": "kpi.p", "group_ids": [self.env.ref("base.group_portal").id]}
        )
        with self.assertRaises(AccessError):
            self._provider(portal)._compute_kpi("dnfb_days", SAMPLED_DAYS[9])

    def test_wrong_questions_are_refused_in_words(self):
        provider = self._provider(self.manager)
        with self.assertRaisesRegex(UserError, "no indicator"):
            provider._compute_kpi("nonsense", FIRST_DAY)
        with self.assertRaisesRegex(UserError, "cannot be grouped"):
            provider._compute_kpi("charge_lag_days", FIRST_DAY, group_by="responsibility")
        cases = self.env["hc.billing.case"].with_user(self.manager)
        other = KpiQuestion("exception_volume", FIRST_DAY, self.company.id)
        for text in ("x", "{}", "[1]", "[" * 100_000, other.to_text()):
            with self.assertRaises(UserError):
                cases.search([("kpi_figure", "=", text)])

    def test_targets_are_dated_and_the_managers(self):
        targets = self.env["hc.kpi.target"]
        targets.with_user(self.manager).create(
            [
                {"code": "dnfb_days", "date_from": date(2026, 4, 1), "target_value": 6.5},
                {"code": "dnfb_days", "date_from": date(2026, 6, 1), "target_value": 4},
            ]
        )
        for day, expected in (
            (date(2026, 3, 31), Decimal(5)),
            (date(2026, 5, 31), Decimal("6.5")),
            (date(2026, 6, 1), Decimal(4)),
        ):
            found = targets.with_user(self.executive)._get_targets(self.company, day)
            self.assertEqual(found["dnfb_days"], expected)
        for user in (self.clerk, self.executive):
            with self.assertRaises(AccessError):
                targets.with_user(user).create({"code": "dnfb_days", "target_value": 99})
