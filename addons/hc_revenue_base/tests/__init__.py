# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import test_billing_flow
from . import test_controlled_action
from . import test_lifecycle
from . import test_transition_log
from . import test_readiness_engine
from . import test_readiness_override
from . import test_readiness_rule_set
from . import test_readiness_rules
from . import test_work_item
from . import test_charge_import
from . import test_tours
from . import test_views
from . import test_charge_import_entries
from . import test_charge_import_hostile
from . import test_charge_import_resume
from . import test_code_expiry
from . import test_security_states
from . import test_security_facility
from . import test_security_phi
from . import test_security_public_methods
from . import test_security_rpc
from . import test_review_batch
from . import test_review_privacy
from . import test_review_money
from . import test_demo
from . import test_refused_attempt
