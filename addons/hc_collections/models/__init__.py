# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import (
    account_move,
    account_move_line,
    account_partial_reconcile,
    hc_aging_bucket,
    hc_aging_item,
    hc_aging_policy,
    hc_billing_case,
    hc_billing_dispute,
    hc_billing_dispute_flow,
    hc_collection_account,
    hc_collection_account_amounts,
    hc_collection_account_disputes,
    hc_collection_account_opening,
    hc_collection_hold,
    hc_contact,
    hc_work_item_casework,
)
