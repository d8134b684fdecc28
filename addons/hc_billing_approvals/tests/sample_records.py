# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One record of each model with a life cycle or a mail template; see the base's file."""

from odoo import fields


def create_records(office):
    """Create the records of this module.

    :param office: a test class of the base's ``HcCommon`` that is set up
    :return: ``{name: record}``
    """
    env = office.env
    encounter = office._create_encounter("SEC-AP")
    encounter.action_complete()
    encounter._prepare_billing()
    case = encounter.case_ids
    action = env["hc.controlled.action"]._request(
        "not_billable", case, idempotency_key="sample", amount=300.0, case_id=case.id
    )
    request = action.sudo().approval_request_ids
    director = office._create_user("sample.director", "director")
    request.with_user(director)._break_glass("nobody else is there before the deadline")
    policy = env.ref("hc_billing_approvals.hc_approval_policy_shipped")
    delegation = env["hc.approval.delegation"].create(
        {
            "delegate_id": office._create_user("sample.delegate", "manager").id,
            "date_to": fields.Date.today(),
            "reason": "leave",
        }
    )
    return {
        "request": request,
        # The e-mail about approvals is written to a user.
        "user": delegation.delegate_id,
        "step": request.step_ids,
        "break_glass": request.break_glass_ids,
        "policy": policy.copy(),
        "delegation": delegation,
    }
