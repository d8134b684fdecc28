# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_reviewable_mixin
from . import hc_ai_policy
from . import hc_ai_policy_advice
from . import hc_ai_policy_training
from . import hc_ai_suggestion
from . import hc_ai_suggestion_review
from . import res_users
from . import hc_ai_policy_anomaly
from . import hc_ai_suggestion_anomaly
from . import hc_work_item
from . import hc_billing_case
from . import hc_ai_policy_denial
from . import hc_ai_policy_priority
from . import hc_readiness_rule
