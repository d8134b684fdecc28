# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_claim_correction_wizard
from . import hc_claim_answer_wizard
from . import hc_remittance_upload_wizard
from . import hc_remittance_pick_wizard
from . import hc_remittance_payer_wizard
from . import hc_remittance_undo_wizard
from . import hc_eligibility_manual_wizard
