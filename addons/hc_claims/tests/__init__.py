# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import test_claim_building
from . import test_claim_batch
from . import test_claim_acknowledgement
from . import test_claim_correction
from . import test_claim_sweeps
from . import test_claim_screens
from . import test_remittance_posting
from . import test_remittance_undo
from . import test_remittance_bank
from . import test_remittance_screens
from . import test_remittance_secondary
from . import test_remittance_hostile
from . import test_remittance_orders
from . import test_eligibility
from . import test_eligibility_desk
from . import test_authorization_use
