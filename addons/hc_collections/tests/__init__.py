# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import (
    test_adjustment_proposal,
    test_cadence_oracle,
    test_cadence_policy,
    test_cadence_run,
    test_collection_account,
    test_guardrail,
    test_payment_plan,
    test_payment_promise,
    test_payment_report,
    test_portal,
    test_portal_payment,
    test_statement,
    test_statement_run,
)
