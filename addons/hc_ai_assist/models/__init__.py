# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_reviewable_mixin
from . import hc_ai_policy
from . import hc_ai_policy_advice
from . import hc_ai_policy_training
from . import hc_ai_suggestion
from . import hc_ai_suggestion_review
from . import res_users
from . import hc_ai_suggestion_context
from . import hc_ai_second_review
from . import hc_ai_suggestion_bulk
from . import hc_ai_policy_quality
from . import hc_ai_policy_retention
from . import hc_work_item
from . import hc_kpi_ai
from . import hc_operation_ai
from . import hc_demo
