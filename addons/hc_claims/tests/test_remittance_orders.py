# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import random
from collections import defaultdict
from decimal import Decimal

from odoo.tests import tagged

from .remittance_common import clp
from .test_remittance_secondary import SecondaryCase

HISTORIES = 8
TWO_PAYERS = 2
CHARGE = 50000
CENT = Decimal("0.01")
PAYERS = ("60054", "70055")


@tagged("post_install", "-at_install")
class TestRemittanceOrders(SecondaryCase):
    """Any history of answers, reversals, corrections, takebacks and interest, in any order.

    Each history is one claim's. Every round delivers one document of each of them in one
    remittance, so that the sets in which answers are posted are mixed as well.
    """

    def _random_split(self, chance, total=CHARGE):
        """What an answer makes of an amount, to the cent: paid, allowed, patient, denied."""
        cuts = sorted(chance.randrange(0, total + 1) for _cut in range(3))
        edges = [0, *cuts, total]
        return [
            (Decimal(end - start) * CENT).quantize(CENT)
            for start, end in zip(edges, edges[1:], strict=False)
        ]

    def _adjust(self, allowed, share, denied, sign=1, earlier=Decimal(0)):
        rows = [
            ("OA", "23", earlier),
            ("CO", "45", allowed),
            ("PR", "1", share),
            ("CO", "197", denied),
        ]
        return [(group, reason, sign * amount) for group, reason, amount in rows if amount]

    def _answer(self, claim, version, split, sign=1, earlier=Decimal(0), status="1"):
        paid, *others = split
        return clp(
            claim.name,
            sign * CHARGE * CENT,
            sign * paid,
            status=status if sign > 0 else "22",
            adjustments=self._adjust(*others, sign, earlier),
            payer_number=f"{claim.name}V{version}",
        )

    def _tell(self, claim, chance):
        """Documents of a history, and the answer that stands at its end."""
        documents, standing = [], None
        for version in range(chance.randint(1, 3)):
            if standing:
                documents.append(self._answer(claim, version - 1, standing, -1))
            standing = self._random_split(chance)
            documents.append(self._answer(claim, version, standing))
        return documents, standing

    def _deliver(self, number, bodies, payer, chance):
        """One remittance; what is taken back is deferred, now and then recovered, with interest.

        :return: the remittance, with its provider adjustments in the account of the test
        """
        paid = sum((Decimal(body[0].split("*")[4]) for body in bodies), Decimal(0))
        rows = []
        for body in bodies:
            amount = Decimal(body[0].split("*")[4])
            if amount < 0:
                rows.append(("WO", body[0].split("*")[1], amount))
        paid -= sum((amount for _code, _reference, amount in rows), Decimal(0))
        interest = Decimal(chance.randrange(0, 500)) * CENT
        if interest:
            rows.append(("L6", "INT", -interest))
            paid += interest
        owed = {key: amount for key, amount in self.accounts[payer].items() if amount < 0}
        for reference, amount in owed.items():
            part = min(-amount, paid)
            if part > 0 and chance.random() < 0.5:
                rows.append((chance.choice(["WO", "FB"]), reference, part))
                paid -= part
        for code, reference, amount in rows:
            if code != "L6":
                self.accounts[payer][reference] += amount
        self.interest += interest
        return self._post(
            bodies,
            paid,
            trace=f"N{number}",
            plb=rows,
            payer=payer,
            method="ACH" if paid else "NON",
        )

    def _assert_explained(self, remittances):
        """Every cent of every remittance is where a document says; accounts are their sums."""
        for remittance in remittances:
            self.assertEqual(set(remittance.claim_ids.mapped("state")) & {"held", "matched"}, set())
            self.assertEqual(self._get_clearing(remittance), 0.0)
            for entry in remittance.move_ids:
                self.assertEqual(round(sum(entry.line_ids.mapped("balance")), 2), 0.0)
        takebacks = self.env["hc.takeback"].search([("company_id", "=", self.company.id)])
        uses = self.env["hc.ledger.account"]
        for payer, accounts in self.accounts.items():
            mine = takebacks.filtered(
                lambda takeback, payer=payer: takeback.payer_id.payer_identifier == payer
            )
            self.assertEqual(
                {takeback.reference: takeback.balance for takeback in mine},
                {reference: float(amount) for reference, amount in accounts.items()},
            )
        recoupment = uses._get_for(self.company, "payer_recoupment").account_id
        interest = uses._get_for(self.company, "payer_interest").account_id
        lines = remittances.move_ids.line_ids
        for account, expected in (
            (recoupment, sum(sum(each.values()) for each in self.accounts.values())),
            (interest, -self.interest),
        ):
            posted = lines.filtered(lambda line, account=account: line.account_id == account)
            self.assertEqual(round(sum(posted.mapped("balance")), 2), float(expected))

    def _assert_stands(self, claim, standing, second=None):
        paid, _allowed, share, denied = (float(amount) for amount in standing)
        case = claim.case_id
        self.assertEqual(self._get_party_open(case, "payer_1"), denied)
        self.assertEqual(claim.amount_paid, paid)
        self.assertEqual(claim.amount_patient, share)
        if second is None:
            self.assertEqual(self._get_party_open(case, "patient"), share)
            return
        self.assertEqual(self._get_party_open(case, "payer_2"), float(second[3]))
        self.assertEqual(self._get_party_open(case, "patient"), float(second[2]))

    def _make_histories(self, chance):
        """``[(claim, documents, standing, decision of the second payer or None)]``"""
        histories = []
        for number in range(HISTORIES):
            patient = self._create_patient(f"30{number:05}")
            vals = {"patient": patient, "coverage": self._create_coverage(patient)}
            has_two = number < TWO_PAYERS
            if has_two:
                vals["secondary_coverage_id"] = self._create_coverage(
                    patient, payer_id=self.second_payer.id, coverage_order="2", member_id="S1"
                ).id
            claim = self._make_claim(f"O-{number}", **vals)
            documents, standing = self._tell(claim, chance)
            chance.shuffle(documents)
            second = self._random_split(chance, int(standing[2] / CENT)) if has_two else None
            histories.append((claim, documents, standing, second))
        return histories

    def _answer_as_second(self, claim, standing, split):
        """The second payer's answer: it starts from the full charge, as every payer's does."""
        second = claim._get_secondary_claims()
        for state in ("draft", "ready", "submitted"):
            second._transition_where_allowed(state)
        return self._answer(second, 0, split, 1, CHARGE * CENT - standing[2], status="2")

    def test_the_last_answer_stands_whatever_came_first(self):
        chance = random.Random(20260310)
        self.accounts = {payer: defaultdict(Decimal) for payer in PAYERS}
        self.interest = Decimal(0)
        histories = self._make_histories(chance)
        deliveries = []
        for turn in range(max(len(documents) for _c, documents, _s, _t in histories)):
            bodies = [
                documents[turn] for _c, documents, _s, _t in histories if turn < len(documents)
            ]
            deliveries.append((f"{turn}", bodies, PAYERS[0]))
        remittances = self.env["hc.remittance"]
        for number, bodies, payer in deliveries:
            remittances |= self._deliver(number, bodies, payer, chance)
        bodies = [
            self._answer_as_second(claim, standing, second)
            for claim, _documents, standing, second in histories
            if second and standing[2]
        ]
        remittances |= self._deliver("second", bodies, PAYERS[1], chance)
        for claim, _documents, standing, second in histories:
            self._assert_stands(claim, standing, second)
        self._assert_explained(remittances)
        # Whatever comes again in another file changes nothing.
        before = self.env["account.move"].search_count([("company_id", "=", self.company.id)])
        for remittance in remittances:
            content = remittance.exchange_id.payload_attachment_id.sudo().raw
            again = self._receive(
                content.replace(b"*000000001*0*P", b"*000000002*0*P"), "again.835"
            )
            self.assertIn(again.state or "ignored", ("ignored", "posted"))
        after = self.env["account.move"].search_count([("company_id", "=", self.company.id)])
        self.assertEqual(after, before)
        self._assert_explained(remittances)
