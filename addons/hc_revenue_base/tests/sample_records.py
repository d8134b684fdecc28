# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One record of each model with a life cycle, for tests that attack or render all of them.

Every module of the suite has such a file; the conformance suite collects them.
"""


def create_records(office):
    """Create the records of this module.

    :param office: a test class of ``common.HcCommon`` that is set up
    :return: ``{name: record}``
    """
    env = office.env
    encounter = office._create_encounter("SEC-1")
    encounter.action_complete()
    encounter._prepare_billing()
    case = encounter.case_ids
    exchange, _verdict = env["hc.exchange"]._receive("charge_csv", "sec", "1", b"a,b", "a.csv")
    item = {"kind": "stalled", "name": "Look", "dedup_key": "sec", "queue_code": "billing"}
    allowance = {"target": "10.1.2.3", "reason": "printer", "expires_on": "2099-12-31"}
    return {
        "encounter": encounter,
        "case": case,
        "charge": case.charge_ids,
        "item": env["hc.work.item"]._open([item]),
        "action": env["hc.controlled.action"]._request(
            "not_billable",
            _create_empty_case(office),
            idempotency_key="sec",
            amount=10.0,
            justification="no reason",
        ),
        "exchange": exchange,
        "job": env["hc.job"]._enqueue_job("_job_ping", key="sec"),
        "rule_set": env["hc.readiness.rule.set"].search([("state", "!=", "draft")], limit=1),
        "allowance": env["hc.http.allowance"].create(allowance),
        "automation": env.ref("hc_revenue_base.hc_automation_sweep_stalled"),
        "change": env["hc.config.change"]._propose(env.ref("hc_revenue_base.work_queue_edi")),
        "query": env["hc.coding.query"].create(
            {
                "encounter_id": encounter.id,
                "question": "Please document the acuity, if known.",
                "clinical_indicators": "Note of the visit: wheezing.",
            }
        ),
    }


def _create_empty_case(office):
    encounter = office._create_encounter("SEC-2", services=())
    encounter.action_complete()
    encounter._prepare_billing()
    return encounter.case_ids
