# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One record of each model with a life cycle or a mail template; see the base's file."""


def create_records(office):
    """Create the records of this module.

    :param office: a test class of the base's ``HcCommon`` that is set up
    :return: ``{name: record}``
    """
    env = office.env
    encounter = office._create_encounter("SEC-CL")
    encounter.action_complete()
    encounter._prepare_billing()
    case = encounter.case_ids
    claim = env["hc.claim"]._create_guarded(
        [
            {
                "name": env["hc.claim"]._next_numbers(case.company_id, 1)[0],
                "case_id": case.id,
                "coverage_id": encounter.primary_coverage_id.id,
                "payer_id": encounter.primary_coverage_id.payer_id.id,
                "payer_order": "1",
                "claim_type": "professional",
                "amount_charged": case.amount_charged,
            }
        ]
    )
    remittance = env["hc.remittance"]._create_guarded(
        [{"name": "RA/SAMPLE", "payer_id": claim.payer_id.id, "trace_number": "SAMPLE"}]
    )
    answer = env["hc.remittance.claim"]._create_guarded(
        [{"remittance_id": remittance.id, "sequence": 1, "patient_control_number": "SAMPLE"}]
    )
    return {"claim": claim, "remittance": remittance, "answer": answer}
