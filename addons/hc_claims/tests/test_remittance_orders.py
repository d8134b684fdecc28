# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import random
from decimal import Decimal

from odoo.tests import tagged

from .remittance_common import RemittanceCase, clp

HISTORIES = 16
CENT = Decimal("0.01")


@tagged("post_install", "-at_install")
class TestRemittanceOrders(RemittanceCase):
    """Any history of answers, reversals and corrections, in any order of arrival."""

    def _random_split(self, chance):
        """What an answer makes of 150.00, to the cent: paid, allowed, patient, denied."""
        cuts = sorted(chance.randrange(0, 15001) for _cut in range(3))
        edges = [0, *cuts, 15000]
        return [
            (Decimal(end - start) * CENT).quantize(CENT)
            for start, end in zip(edges, edges[1:], strict=False)
        ]

    def _adjust(self, allowed, share, denied, sign=1):
        rows = [("CO", "45", allowed), ("PR", "1", share), ("CO", "197", denied)]
        return [(group, reason, sign * amount) for group, reason, amount in rows if amount]

    def _tell(self, claim, chance):
        """Files of a history, and the answer that stands at its end."""
        files, standing = [], None
        for version in range(chance.randint(1, 3)):
            if standing:
                paid, allowed, share, denied = standing
                files.append(
                    clp(
                        claim.name,
                        -150,
                        -paid,
                        status="22",
                        adjustments=self._adjust(allowed, share, denied, -1),
                        payer_number=f"V{version - 1}",
                    )
                )
            standing = paid, allowed, share, denied = self._random_split(chance)
            files.append(
                clp(
                    claim.name,
                    150,
                    paid,
                    adjustments=self._adjust(allowed, share, denied),
                    payer_number=f"V{version}",
                )
            )
        return files, standing

    def _deliver(self, number, body):
        paid = Decimal(body[0].split("*")[4])
        withheld = [("WO", f"W{number}", paid)] if paid < 0 else []
        return self._post(
            [body], max(paid, Decimal(0)), trace=f"N{number}", plb=withheld, method="ACH"
        )

    def _assert_stands(self, claim, standing, remittances):
        paid, _allowed, share, denied = (float(amount) for amount in standing)
        case = claim.case_id
        self.assertEqual(self._get_party_open(case, "payer_1"), round(denied, 2))
        self.assertEqual(self._get_party_open(case, "patient"), round(share, 2))
        self.assertEqual(claim.amount_paid, round(paid, 2))
        for remittance in remittances:
            self.assertEqual(set(remittance.claim_ids.mapped("state")) & {"held", "matched"}, set())
            self.assertEqual(self._get_clearing(remittance), 0.0)
            for entry in remittance.move_ids:
                self.assertEqual(round(sum(entry.line_ids.mapped("balance")), 2), 0.0)

    def test_the_last_answer_stands_whatever_came_first(self):
        for seed in range(HISTORIES):
            chance = random.Random(seed)
            with self.subTest(seed=seed):
                patient = self._create_patient(f"30{seed:05}")
                claim = self._make_claim(
                    f"O-{seed}", patient=patient, coverage=self._create_coverage(patient)
                )
                files, standing = self._tell(claim, chance)
                chance.shuffle(files)
                remittances = [
                    self._deliver(f"{seed}-{number}", body) for number, body in enumerate(files)
                ]
                self._assert_stands(claim, standing, remittances)
                # Whatever comes again changes nothing.
                for number, body in enumerate(files):
                    self._deliver(f"{seed}-{number}", body)
                self._assert_stands(claim, standing, remittances)
