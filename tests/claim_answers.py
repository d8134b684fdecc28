# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Claims that a payer has, and the 835 with which it answers them."""

import time
from decimal import Decimal

import population


def take_claims(env):
    """Let the payer of the bench take claims, through a clearinghouse."""
    payer = env["hc.payer"].search([("code", "=", "BENCH")])
    payer.clearinghouse_id = payer.clearinghouse_id or env["hc.clearinghouse"].create(
        {
            "name": "Bench Clearinghouse",
            "code": "BENCH",
            "sender_identifier": "BENCHCLINIC",
            "receiver_identifier": "BENCHHOUSE",
            "submitter_name": "Bench Clinic",
            "submitter_identifier": "BEN001",
            "contact_name": "Claims Desk",
            "contact_phone": "2175550100",
            "claims_per_file": 2000,
        }
    )


def bill(env, count):
    """Bill cases of the payer of the bench, each with a claim.

    Args:
        env: environment of the superuser.
        count: how many.

    Returns:
        the cases, invoiced.
    """
    population.group(env)
    take_claims(env)
    encounters = population.encounters(env, count, f"era{count}-{time.time_ns()}-")
    rule = env.ref("hc_revenue_base.automation_hc_encounter_completed_and_coded")
    rule._config_write({"active": False})
    encounters.action_complete()
    encounters.action_approve_coding()
    cases = env["hc.billing.case"]._create_for(encounters)
    encounters.service_line_ids._convert_to_charges()
    population.analyze(env, "hc.billing.case", "hc.charge")
    for stage in ("charge_review", "coding", "readiness_check"):
        cases._transition(stage)
    cases._run_readiness()
    # The Automation Rule may have billed them already.
    cases = env["hc.billing.case"].browse(cases.ids)
    ready = cases.filtered(lambda case: case.stage == "ready")
    first = ready[: max(1, count // 10)]
    first._bill(raise_errors=True)
    population.analyze(env, "hc.claim", *population.LEDGER)
    (ready - first)._bill(raise_errors=True)
    assert set(cases.mapped("stage")) == {"invoiced"}
    return cases


def send_claims(env, cases):
    """Send the payer the claims of billed cases, in the order of the cases."""
    claims = env["hc.claim"].search([("case_id", "in", cases.ids)])
    claims._submit()
    assert set(claims.mapped("state")) == {"submitted"}, claims.mapped("state")
    return claims


def answer(claims, trace="BENCH", taken=()):
    """An 835 that pays 60 % of every line, allows 30 % off and leaves 10 % to the patient.

    :param taken: ``(reference, amount)`` of what the payer takes back of its payment
    """
    payer, facility = claims[0].payer_id, claims[0].facility_id
    answers = [_answer_claim(claim) for claim in claims]
    total = sum((paid for paid, _rows in answers), Decimal(0))
    total -= sum((amount for _reference, amount in taken), Decimal(0))
    body = [row for _paid, rows in answers for row in rows]
    body += [
        f"PLB*{facility.npi}*20261231*WO:{reference}*{amount:.2f}" for reference, amount in taken
    ]
    day = f"{claims.env.cr.now():%Y%m%d}"
    head = [
        f"BPR*I*{total:.2f}*C*ACH*CCP*01*071000013*DA*1*1PAYER**01*071000013*DA*2*{day}",
        f"TRN*1*{trace}*1PAYER",
        f"DTM*405*{day}",
        f"N1*PR*{payer.name}*XV*{payer.payer_identifier}",
        "N3*1 PLAN STREET",
        "N4*SPRINGFIELD*IL*62701",
        "PER*BL*HELP*TE*8005550100",
        f"N1*PE*CLINIC*XX*{facility.npi}",
        "LX*1",
    ]
    segments = [
        "ISA*00*          *00*          *ZZ*PAYER          *ZZ*PROVIDER       "
        "*260310*1200*^*00501*000000001*0*P*:",
        f"GS*HP*PAYER*PROVIDER*{day}*1200*1*X*005010X221A1",
        "ST*835*0001",
        *head,
        *body,
        f"SE*{len(head) + len(body) + 2}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    return "".join(f"{segment}~\n" for segment in segments).encode()


def _answer_claim(claim):
    """What is paid on a claim, and the segments that say so."""
    rows, claim_paid, share = [], Decimal(0), Decimal(0)
    for line in claim.line_ids:
        charged = Decimal(str(line.amount_charged))
        off, patient = charged * 3 / 10, charged / 10
        paid = charged - off - patient
        rows += [
            f"SVC*HC:{line.code}*{charged:.2f}*{paid:.2f}**1",
            f"DTM*472*{line.service_date:%Y%m%d}",
            f"CAS*CO*45*{off:.2f}",
            f"CAS*PR*2*{patient:.2f}",
            f"REF*6R*{line.control_number}",
            f"AMT*B6*{paid + patient:.2f}",
        ]
        claim_paid += paid
        share += patient
    head = [
        f"CLP*{claim.name}*1*{claim.amount_charged:.2f}*{claim_paid:.2f}*{share:.2f}*12*"
        f"P{claim.name}*11*1",
        "NM1*QC*1*BENCH*PAT****MI*W1",
    ]
    return claim_paid, [*head, *rows]
