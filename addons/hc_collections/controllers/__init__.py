# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import (
    bill_payment,
    health_bills,
    plan_payment,
    portal_invitation,
    portal_preferences,
    print_runs,
    statement_documents,
)
