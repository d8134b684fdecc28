# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from random import Random

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..hc_core.ledger_acts import ADJUSTMENTS
from .ledger_common import LedgerCase

_SEEDS = range(6)
_STEPS = 14


@tagged("post_install", "-at_install")
class TestLedgerInvariant(LedgerCase):
    """Whatever people do in whatever order, the case adds up; what is refused changes nothing."""

    def _step(self, rng, case, party, number):
        """One random act; amounts reach beyond what is allowed."""
        amount = rng.choice([-1.0, 0.0, 0.01, 200.0, round(rng.uniform(0.01, 80), 2)])
        acts = [act.kind for act in ADJUSTMENTS if party in act.responsibilities]
        refund = f"refund_{party.split('_')[0]}"
        applied = self.env["hc.controlled.action"].search(
            [("case_id", "=", case.id), ("state", "=", "applied")]
        )
        act = rng.choice(["adjust", "adjust", "pay", "overpay", "refund", "reverse", "reverse"])
        if act == "adjust":
            self._adjust(case, rng.choice(acts), amount, party, key=f"{number}")
        elif act == "refund":
            self._adjust(case, refund, amount, party, key=f"{number}")
        elif act == "reverse" and applied:
            self._reverse(rng.choice(applied), key=f"{number}")
        elif act == "pay" and 0 < amount <= self._open(case):
            self._pay_amount(case, amount)
        elif act == "overpay" and amount > 0:
            self._overpay(case, amount)

    def _snapshot(self, case):
        self.env.invalidate_all()
        return (
            case.stage,
            case.transition_count,
            self._open(case),
            self.env["account.move"].search_count([]),
            self.env["hc.controlled.action"].search_count([("case_id", "=", case.id)]),
        )

    def test_every_random_story_adds_up(self):
        refused = done = 0
        for seed in _SEEDS:
            rng = Random(seed)
            party = rng.choice(["payer_1", "patient"])
            patient = self._create_patient(f"30{seed}")
            coverage = self._create_coverage(patient) if party == "payer_1" else self.no_coverage
            case = self._bill(f"R-{seed}", patient=patient, coverage=coverage)
            self.assertEqual(case.stage, "invoiced")
            for number in range(_STEPS):
                before = self._snapshot(case)
                try:
                    with self.env.cr.savepoint():
                        self._step(rng, case, party, number)
                    done += 1
                except UserError:
                    self.assertEqual(self._snapshot(case), before)
                    refused += 1
                self._assert_adds_up(case)
                is_settled = not self._open(case)
                self.assertEqual(case.stage, "closed" if is_settled else "invoiced")
        self.assertGreater(min(refused, done), 10, "the stories must try both")
