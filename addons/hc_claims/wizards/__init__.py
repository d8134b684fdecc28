# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_claim_correction_wizard
from . import hc_claim_answer_wizard
from . import hc_remittance_upload_wizard
from . import hc_remittance_pick_wizard
from . import hc_remittance_payer_wizard
from . import hc_remittance_undo_wizard
from . import hc_contract_simulation
from . import hc_payment_variance_wizard
from . import hc_payment_variance_close_wizard
from . import hc_credit_decision_wizard
from . import hc_takeback_decision_wizard
from . import hc_remittance_settlement_wizard
from . import hc_denial_wizards
from . import hc_appeal_wizards
from . import hc_eligibility_manual_wizard
from . import hc_denial_category_wizard
