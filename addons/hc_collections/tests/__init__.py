# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import (
    test_adjustment_proposal,
    test_agency_report,
    test_assistance,
    test_cadence_oracle,
    test_cadence_policy,
    test_cadence_run,
    test_casework_figures,
    test_collection_account,
    test_collection_desk,
    test_collection_priority,
    test_dispute,
    test_guardrail,
    test_payment_plan,
    test_payment_promise,
    test_payment_report,
    test_placement,
    test_portal,
    test_portal_payment,
    test_statement,
    test_statement_run,
)
