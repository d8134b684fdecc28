# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import test_collection_account
from . import test_cadence_oracle
from . import test_cadence_run
from . import test_cadence_policy
from . import test_guardrail
from . import (
    test_collection_account,
    test_portal,
    test_portal_payment,
    test_statement,
    test_statement_run,
from . import (
    test_adjustment_proposal,
    test_collection_account,
    test_payment_plan,
    test_payment_promise,
    test_payment_report,
)
