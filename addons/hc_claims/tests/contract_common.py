# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.addons.hc_revenue_base.tests.common import SERVICE_DATE

from .remittance_common import RemittanceCase, clp


class ContractCase(RemittanceCase):
    """A payer with a contract: V1001 at 100 a unit, everything else at 80 % of the charge."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author = cls._create_user(
            "contract.author",
            "claims_specialist",
            facilities=cls.facility | cls.other_facility,
        )
        cls.contract = cls._create_contract()
        cls.contract.with_user(cls.manager).action_publish()

    @classmethod
    def _create_contract(cls, terms=None, **vals):
        terms = terms or [
            {"code_from": "V1001", "method": "per_unit", "amount": 100.0},
            {"method": "percent_of_charge", "percent": 80.0},
        ]
        return (
            cls.env["hc.payer.contract"]
            .with_user(cls.author)
            .create(
                {
                    "name": "Acme commercial",
                    "code": "ACME",
                    "payer_id": cls.payer.id,
                    "date_from": SERVICE_DATE.replace(month=1, day=1),
                    "term_ids": [(0, 0, term) for term in terms],
                    **vals,
                }
            )
            .sudo()
        )

    def _answer(self, number, allowed, *, denied=0, **vals):
        """Post an answer to a claim of 150 for V1001 that allows an amount; return the answer."""
        claim = self._make_claim(number, **vals)
        cut = 150 - allowed - denied
        adjustments = [("CO", "45", cut)] if cut else []
        adjustments += [("CO", "197", denied)] if denied else []
        lines = [("V1001", 150, allowed, adjustments)]
        remittance = self._post(
            [clp(claim.name, 150, allowed, lines=lines)], allowed, trace=f"T-{number}"
        )
        self.assertEqual(remittance.state, "posted")
        return remittance.claim_ids

    def _compare(self, answers=None):
        """Run what the Scheduled Action runs."""
        domain = [("state", "=", "posted"), ("contract_checked_at", "=", False)]
        answers = answers or self.env["hc.remittance.claim"].search(
            [*domain, ("company_id", "=", self.company.id)]
        )
        answers._check_contracts()
        return answers.variance_ids
