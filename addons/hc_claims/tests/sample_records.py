# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One record of each model with a life cycle or a mail template; see the base's file."""


def create_records(office):
    """Create the records of this module.

    :param office: a test class of the base's ``HcCommon`` that is set up
    :return: ``{name: record}``
    """
    env = office.env
    office.facility.write({"zip": "62701-1234", "state_id": env.ref("base.state_us_14").id})
    office.payer.clearinghouse_id = env["hc.clearinghouse"].create(
        {
            "name": "Coastal Clearinghouse",
            "code": "SAMPLE",
            "sender_identifier": "RIVERSIDE01",
            "receiver_identifier": "COASTAL",
            "submitter_name": "Riverside Clinic",
            "submitter_identifier": "RIV001",
            "contact_name": "Claims Desk",
            "contact_phone": "2175550100",
        }
    )
    encounter = office._create_encounter("SEC-CL")
    encounter.action_complete()
    encounter.action_approve_coding()
    encounter._prepare_billing()
    claim = encounter.case_ids.claim_ids
    batch = claim._submit()
    clearinghouse = office.payer.clearinghouse_id
    status_inquiry = env["hc.claim.status.inquiry"]._write_file(clearinghouse, claim)
    remittance = env["hc.remittance"]._create_guarded(
        [{"name": "RA/SAMPLE", "payer_id": claim.payer_id.id, "trace_number": "SAMPLE"}]
    )
    answer = env["hc.remittance.claim"]._create_guarded(
        [{"remittance_id": remittance.id, "sequence": 1, "patient_control_number": "SAMPLE"}]
    )
    return {
        "claim": claim,
        "claim_batch": batch,
        "status_inquiry": status_inquiry,
        "remittance": remittance,
        "answer": answer,
        **_create_contract_records(env, answer, claim),
        **_create_credit_records(env, claim),
        **_create_denial_records(env, answer, claim),
        **_create_eligibility_records(office),
    }


def _create_eligibility_records(office):
    office.patient.facility_ids |= office.facility
    inquiry = office.env["hc.eligibility.inquiry"]._request(
        [{"coverage_id": office.coverage.id, "service_date_from": "2026-03-02"}]
    )
    return {"eligibility_batch": inquiry._submit(), "eligibility_inquiry": inquiry}


def _create_contract_records(env, answer, claim):
    contract = env["hc.payer.contract"].create(
        {
            "name": "Sample",
            "code": "SAMPLE",
            "payer_id": claim.payer_id.id,
            "date_from": "2026-01-01",
        }
    )
    variance = env["hc.payment.variance"]._create_guarded(
        [
            {
                "answer_id": answer.id,
                "contract_id": contract.id,
                "kind": "underpaid",
                "found_on": "2026-01-01",
            }
        ]
    )
    return {"contract": contract, "variance": variance}


def _create_credit_records(env, claim):
    credit = env["hc.credit.balance"]._create_guarded(
        [
            {
                "name": "CB-SAMPLE",
                "source": "balance",
                "source_key": "sample",
                "case_id": claim.case_id.id,
                "amount": 10.0,
                "found_on": claim.submitted_on,
                "identified_on": claim.submitted_on,
            }
        ]
    )
    takeback = env["hc.takeback"]._create_guarded(
        [{"company_id": claim.company_id.id, "payer_id": claim.payer_id.id, "reference": "SAMPLE"}]
    )
    return {"credit_balance": credit, "takeback": takeback}


def _create_denial_records(env, answer, claim):
    denial = env["hc.denial"]._create_guarded(
        [
            {
                "name": "SAMPLE CO-197",
                "answer_id": answer.id,
                "claim_id": claim.id,
                "denied_on": claim.submitted_on,
                "group_code": "CO",
                "reason_code": "197",
                "remedy": "appeal",
                "is_appealable": True,
                "amount_denied": 1.0,
            }
        ]
    )
    appeal = env["hc.appeal"]._create_guarded([{"name": "AP/SAMPLE", "claim_id": claim.id}])
    pattern = env["hc.denial.pattern"]._create_guarded(
        [{"payer_id": claim.payer_id.id, "category": "authorization"}]
    )
    return {"denial": denial, "appeal": appeal, "pattern": pattern}
