# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_approval_draft_mixin
from . import hc_approval_policy
from . import hc_approval_evidence_type
from . import hc_approval_route
from . import hc_approval_condition
from . import hc_approval_step_rule
from . import hc_approval_aggregation
from . import hc_approval_policy_routing
from . import hc_approval_policy_publication
from . import hc_approval_lint_texts
from . import hc_controlled_action
from . import hc_approval_request
from . import hc_approval_step
from . import hc_approval_decision
from . import hc_action_evidence
from . import hc_approval_duty
from . import hc_approval_delegation
from . import hc_approval_deciding
from . import hc_approval_request_screens
from . import res_users
from . import hc_approval_sweeps
from . import account_partial_reconcile
from . import account_move
from . import account_payment
