# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_approval_break_glass_wizard
from . import hc_approval_decision_wizard
from . import hc_approval_evidence_wizard
from . import hc_approval_reassign_wizard
from . import hc_approval_export_wizard
from . import hc_approval_simulation
from . import hc_approval_withdrawal_wizard
