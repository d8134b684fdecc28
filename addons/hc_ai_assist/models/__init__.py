# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_reviewable_mixin
from . import hc_ai_policy
from . import hc_ai_policy_advice
from . import hc_ai_policy_training
from . import hc_ai_suggestion
from . import hc_ai_suggestion_review
from . import res_users
from . import hc_ai_provider
from . import hc_ai_provider_call
from . import hc_ai_agreement
from . import hc_ai_run
from . import hc_ai_answer
from . import hc_ai_policy_endpoint
from . import hc_ai_policy_question
from . import hc_ai_suggestion_endpoint
