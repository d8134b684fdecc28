# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_clearinghouse
from . import hc_payer_claims
from . import hc_encounter
from . import hc_claim
from . import hc_claim_line
from . import hc_claim_batch
from . import hc_claim_status
from . import hc_claim_content
from . import hc_claim_secondary
from . import hc_claim_building
from . import hc_claim_edits
from . import hc_claim_submission
from . import hc_claim_acknowledgement
from . import hc_claim_correction
from . import hc_claim_sweeps
from . import hc_claim_rendering
from . import hc_claim_screens
from . import hc_exchange_claims
from . import hc_exchange_acknowledgement
from . import hc_work_item_claims
