# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from ..demo_data.claim_story import ClaimStory
from ..demo_data.contract_story import ContractStory
from ..demo_data.credit_story import CreditStory
from ..demo_data.denial_story import DenialStory
from ..demo_data.eligibility_story import EligibilityStory
from ..demo_data.remittance_story import RemittanceStory


class HcDemo(models.AbstractModel):
    """Chapters of the demonstration, each told as of a day; see ``_tell`` of base."""

    _inherit = "hc.demo"

    @api.model
    def _tell_claims(self, as_of=None):
        """Claim what the demonstration group has invoiced, and let its people work on it."""
        self._tell(ClaimStory, as_of)

    @api.model
    def _tell_remittances(self, as_of=None):
        """Let payers answer and the demonstration users post."""
        self._tell(RemittanceStory, as_of)

    @api.model
    def _tell_contracts(self, as_of=None):
        """Agree on contracts with payers, and compare what they paid."""
        self._tell(ContractStory, as_of)

    @api.model
    def _tell_credits(self, as_of=None):
        """Let payers and patients pay too much, payers take back, and people look at it."""
        self._tell(CreditStory, as_of)

    @api.model
    def _tell_denials(self, as_of=None):
        """Let payers deny more, and the demonstration's specialist work on it."""
        self._tell(DenialStory, as_of)

    @api.model
    def _tell_eligibility(self, as_of=None):
        """Let payers answer about the demonstration group's patients."""
        self._tell(EligibilityStory, as_of)
