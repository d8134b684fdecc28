# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Claims that a payer has, and the 835 with which it answers them."""

from decimal import Decimal


def send_claims(env, cases):
    """Let the payer have a claim of every case.

    :return: the claims, in the order of the cases
    """
    claims = env["hc.claim"].search([("case_id", "in", cases.ids)])
    missing = cases - claims.case_id
    numbers = env["hc.claim"]._next_numbers(env.company, len(missing))
    claims |= env["hc.claim"]._create_guarded(
        [
            {
                "name": number,
                "case_id": case.id,
                "coverage_id": case.encounter_id.primary_coverage_id.id,
                "payer_id": case.payer_id.id,
                "payer_order": "1",
                "claim_type": "professional",
                "amount_charged": case.amount_charged,
            }
            for number, case in zip(numbers, missing, strict=True)
        ]
    )
    env["hc.claim.line"]._create_guarded(
        [
            {
                "claim_id": claim.id,
                "sequence": sequence,
                "charge_id": charge.id,
                "code": charge.code_id.code,
                "service_date": charge.service_date,
                "units": charge.units,
                "amount_charged": charge.amount,
                "control_number": f"{claim.name}-{sequence}",
            }
            for claim in claims
            if not claim.line_ids
            for sequence, charge in enumerate(claim.case_id.live_charge_ids, start=1)
        ]
    )
    for state in ("ready", "submitted"):
        claims._transition_where_allowed(state)
    return claims


def answer(claims, trace="BENCH"):
    """An 835 that pays 60 % of every line, allows 30 % off and leaves 10 % to the patient."""
    payer, facility = claims[0].payer_id, claims[0].facility_id
    answers = [_answer_claim(claim) for claim in claims]
    total = sum((paid for paid, _rows in answers), Decimal(0))
    body = [row for _paid, rows in answers for row in rows]
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
