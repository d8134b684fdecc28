# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import (
    account_move,
    account_partial_reconcile,
    hc_aging_bucket,
    hc_aging_item,
    hc_aging_policy,
    hc_billing_case,
    hc_collection_account,
    hc_collection_account_payments,
    hc_collection_account_plans,
    hc_collection_hold,
    hc_contact,
    hc_controlled_action_plan,
    hc_payment_plan,
    hc_payment_plan_flow,
    hc_payment_plan_policy,
    hc_payment_promise,
    hc_promise_policy,
    hc_work_item_payments,
)
