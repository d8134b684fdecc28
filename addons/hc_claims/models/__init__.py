# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_claim
from . import hc_claim_line
from . import hc_ledger_account
from . import hc_payer
from . import hc_remittance
from . import hc_remittance_claim
from . import hc_remittance_service
from . import hc_provider_adjustment
from . import account_move
from . import hc_work_item
from . import hc_exchange_remittance
from . import hc_remittance_loading
from . import hc_remittance_proof
from . import hc_remittance_matching
from . import hc_remittance_posting
from . import hc_remittance_answer
from . import hc_remittance_transfer
from . import hc_remittance_reversal
from . import hc_claim_remittance
from . import hc_remittance_screens
from . import hc_remittance_proof_screens
from . import hc_remittance_claim_screens
from . import hc_provider_adjustment_screens
from . import hc_adjustment_analysis
from . import hc_billing_case_remittances
from . import hc_demo
