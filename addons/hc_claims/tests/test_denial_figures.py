# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..hc_claim_core.denial_rules import TEMPLATES
from .denial_common import DenialCase


@tagged("post_install", "-at_install")
class TestDenialFigures(DenialCase):
    """Indicators of denials, patterns, and what they teach."""

    def _figure(self, code, **values):
        today = fields.Date.context_today(self.env["hc.denial"])
        self.env.flush_all()
        return (
            self.env["hc.kpi.provider"]
            ._compute_kpi(code, today, facilities=self.facility, **values)
            .figure
        )

    def test_rates_agree_with_a_plain_count(self):
        claims = [self._make_own_claim(f"K-{number}") for number in range(3)]
        self._deny("K-0", claim=claims[0])
        self._deny("K-1", [("CO", "45", 10)], claim=claims[1])
        self._deny("K-2", [("CO", "97", 20)], claim=claims[2])
        # A second answer changes nothing: the first one counts.
        self._post(
            [self._reverse_answer(claims[0], [("CO", "197", 40)]), self._answer(claims[0], [])],
            40,
            trace="T-K0-2",
        )
        answers = self.env["hc.remittance.claim"].search(
            [("facility_id", "=", self.facility.id), ("status_code", "!=", "22")], order="id"
        )
        first = {answer.claim_id: answer for answer in reversed(answers)}
        denied = [answer for answer in first.values() if answer.denial_ids]
        figure = self._figure("initial_denial_rate")
        self.assertEqual((figure.numerator, figure.denominator), (len(denied), len(first)))
        self.assertEqual((len(denied), len(first)), (2, 3))
        figure = self._figure("initial_denial_rate_amount", payers=self.payer)
        charges = sum(sum(a.denial_ids.mapped("amount_charged")) for a in denied)
        self.assertEqual(float(figure.numerator), charges)
        self.assertEqual(float(figure.denominator), 3 * 190)
        found = self.env["hc.kpi.provider"]._compute_kpi(
            "initial_denial_rate", self.env["hc.denial"]._get_today() - timedelta(days=40)
        )
        self.assertFalse(found.figure.count)

    def test_turnaround_and_overturns_by_the_log(self):
        denial = self._deny("K-5")
        appeal = self._appeal(denial)
        self._send(appeal)
        self._decide(appeal, "overturned")
        figure = self._figure("denial_overturn_rate")
        self.assertEqual((figure.numerator, figure.denominator), (1, 1))
        self.assertFalse(self._figure("denial_turnaround_days").count)
        denial._close("paid", recovered=40.0)
        figure = self._figure("denial_turnaround_days")
        self.assertEqual((figure.count, figure.value), (1, 0))

    def test_a_pattern_drafts_a_rule_that_others_must_agree_to(self):
        self.env.ref("hc_claims.denial_policy_authorization").pattern_count = 2
        first, second = self._deny("K-6"), self._deny("K-7")
        patterns = self.env["hc.denial.pattern"]
        day = first.denied_on + timedelta(days=1)
        patterns._cron_find_patterns(day)
        patterns._cron_find_patterns(day)
        pattern = patterns.search([("payer_id", "=", self.payer.id)])
        self.assertEqual((pattern.denial_count, pattern.denial_ids), (2, first | second))
        self.assertTrue(pattern.has_template)
        with self._refused("", AccessError):
            pattern.with_user(self.specialist).action_draft_rule()
        before = self.env["hc.readiness.rule.set"]._get_in_force(self.company, fields.Date.today())
        action = pattern.with_user(self.administrator).action_draft_rule()
        draft = self.env["hc.readiness.rule.set"].browse(action["res_id"])
        self.assertEqual((draft.state, pattern.state), ("draft", "proposed"))
        rule = pattern.rule_ids
        self.assertEqual(rule.set_id, draft)
        self.assertIn("authorization_is_linked", rule.condition_ids.mapped("fact_name"))
        self.assertIn("L2002", rule.condition_ids.mapped("value"))
        self.assertIn(first.name, rule.note)
        # Nothing decides by it until somebody else has agreed.
        in_force = self.env["hc.readiness.rule.set"]._get_in_force(
            self.company, fields.Date.today()
        )
        self.assertEqual(in_force, before)
        change = draft.with_user(self.administrator).action_publish()
        change = self.env["hc.config.change"].browse(change["res_id"])
        self.assertEqual(draft.state, "draft")
        self.assertEqual((change.state, change.operation), ("draft", "publish"))

    def test_every_template_compiles_and_others_propose_nothing(self):
        rules = self.env["hc.denial.pattern"]
        rule_set = self.env["hc.readiness.rule.set"].create({"name": "Probe", "version": 990})
        for category in TEMPLATES:
            pattern = rules._create_guarded([{"payer_id": self.payer.id, "category": category}])
            self.env["hc.readiness.rule"].create(
                pattern._prepare_rules_vals(rule_set, TEMPLATES[category])
            )
        self.assertEqual(rule_set._get_problems(), [])
        other = rules._create_guarded([{"payer_id": self.payer.id, "category": "coverage_benefit"}])
        with self._refused("change the work"):
            other.with_user(self.administrator).action_draft_rule()
        other.with_user(self.administrator).action_dismiss()
        self.assertEqual(other.state, "dismissed")

    def test_undenied_claims_make_no_denials(self):
        claims = [self._make_own_claim(f"K-1{number}") for number in range(2)]
        remittance = self._post(
            [self._answer(claim, [("CO", "45", 40)]) for claim in claims], 200, trace="T-K1"
        )
        self.assertEqual(remittance.claim_ids.mapped("state"), ["posted", "posted"])
        self.assertFalse(remittance.claim_ids.denial_ids)
