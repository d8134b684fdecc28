# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import (
    test_ai_anomaly,
    test_ai_denial,
    test_ai_evaluation,
    test_ai_governance,
    test_ai_identity,
    test_ai_priority,
    test_ai_provider,
    test_ai_provider_hostile,
    test_ai_quality,
    test_ai_reading,
    test_ai_suggestion,
    test_ai_worded,
)
from . import test_ai_card
from . import test_ai_coding_query
from . import test_ai_provider_extract
