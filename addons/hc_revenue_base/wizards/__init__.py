# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import base_language_import
from . import hc_work_item_reassign_wizard
from . import hc_finding_override_wizard
from . import hc_readiness_backtest
from . import hc_case_decision_wizard
from . import hc_charge_import_wizard
from . import hc_charge_import_row
from . import hc_operation_catalog
from . import hc_automation_stop_wizard
from . import hc_config_reject_wizard
from . import hc_adjustment_wizard
