# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo.tests import tagged

from ..models.hc_claim_building import LINES_MAX
from .remittance_common import clp
from .test_remittance_secondary import PRIMARY, SecondaryCase


@tagged("post_install", "-at_install")
class TestClaimParts(SecondaryCase):
    """A case of more services than the form has lines: claims that together are the case."""

    def _bill_in_parts(self, number, sent=2):
        """A case of 500 and 40 whose form has one line, and its claims at the payer."""
        patient = self._create_patient(f"46{number}")
        second = self._create_coverage(
            patient, payer_id=self.second_payer.id, coverage_order="2", member_id=f"S{number}"
        )
        cases = self.env.registry["hc.billing.case"]
        self.startPatcher(patch.object(cases, "_get_lines_max", lambda self: 1))
        case = self._bill(
            number,
            patient=patient,
            coverage=self._create_coverage(patient),
            secondary_coverage_id=second.id,
            services=(("V1001", 1.0), ("L2002", 1.0)),
        )
        claims = case.claim_ids.sorted("part")
        for state in ("draft", "ready", "submitted"):
            claims[:sent]._transition_where_allowed(state)
        return claims

    def test_the_limits_are_those_of_the_formats(self):
        self.assertEqual(LINES_MAX, {"professional": 50, "institutional": 999})
        case = self._bill("PT-0")
        self.assertEqual((case._get_lines_max(), case.claim_ids.part_count), (50, 1))

    def test_together_they_are_the_case(self):
        claims = self._bill_in_parts("PT-1")
        case = claims.case_id
        self.assertEqual(claims.mapped("part"), [1, 2])
        self.assertEqual((claims.mapped("version"), claims.mapped("part_count")), ([1, 1], [2, 2]))
        self.assertEqual(claims.mapped("amount_charged"), [500.0, 40.0])
        self.assertEqual(sum(claims.mapped("amount_charged")), case.amount_charged)
        self.assertEqual(claims.line_ids.charge_id, case._get_claim_charges())
        self.assertEqual(len(set(claims.mapped("name"))), 2)
        self.assertEqual(claims.line_ids.mapped("sequence"), [1, 1])
        charges = [str(content.charge) for content in claims._prepare_contents().values()]
        self.assertEqual(charges, ["500.00", "40.00"])
        case._follow_invoice()
        self.assertEqual(case.claim_ids, claims, "nothing is claimed twice")
        for claim in claims:
            vals = claim._prepare_correction_vals("replacement", "NEW", "looked at it")
            self.assertEqual((vals["part"], vals["version"]), (claim.part, 2))
            self.assertEqual(vals["amount_charged"], claim.amount_charged)

    def test_the_case_waits_for_all_of_them(self):
        claims = self._bill_in_parts("PT-2")
        case = claims.case_id
        small = clp(claims[1].name, 40, 30, adjustments=[("CO", "45", 10)])
        self.assertEqual(self._post([small], 30, trace="P2A").claim_ids.state, "posted")
        again = self._post([small], 30, trace="P2B").claim_ids
        self.assertEqual((again.state, again.hold_code), ("held", "credit"), "of its part alone")
        self.assertEqual(self._get_party_open(case, "payer_1"), 500.0)
        self.assertEqual((claims.mapped("state"), case.stage), (["submitted", "paid"], "invoiced"))
        large = clp(claims[0].name, 500, 300, adjustments=PRIMARY)
        self.assertEqual(self._post([large], 300, trace="P2C").claim_ids.state, "posted")
        second = case.claim_ids.filtered(lambda claim: claim.payer_order == "2")
        self.assertEqual((second.part, second.amount_charged), (1, 500.0))
        self.assertEqual(len(second.line_ids), 1)
        answer = self._answer_secondary(second, second.name, [("OA", "23", 425), ("CO", "45", 10)])
        self.assertEqual(answer.state, "posted")
        self.assertEqual(sum(case._get_amounts_open().values()), 0.0)
        self.assertEqual(case.stage, "closed")

    def test_parts_that_were_not_sent_are_made_anew_beside_those_that_were(self):
        claims = self._bill_in_parts("PT-3", sent=1)
        case = claims.case_id
        late = claims[1].line_ids.charge_id
        self.assertEqual(case._split_charges("1"), [])
        claims[1]._withdraw("made anew")
        self.assertEqual(case._split_charges("1"), [(case, 2, late)])
        case._follow_invoice()
        anew = case.claim_ids - claims
        self.assertEqual((anew.part, anew.version, anew.amount_charged), (2, 2, 40.0))
