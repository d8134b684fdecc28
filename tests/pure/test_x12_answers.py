# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""277CA, 271, 999 and TA1: what the other side answers, on files of our own making."""

from datetime import date
from decimal import Decimal

import remittance_files as files
from hc_x12.acknowledgment import GroupAcknowledgment, read_interchange_acknowledgment
from hc_x12.claim_status import StatusResponse
from hc_x12.eligibility import EligibilityResponse
from hc_x12.envelope import InterchangeReader
from hc_x12.findings import FindingLog


def answer(body, kind, code, version, log=None):
    """The one transaction of a file that holds these segments, given as lines of text."""
    segments = [line.strip().split("*") for line in body.strip().splitlines()]
    transaction = [
        ["ST", kind, "0001", version],
        *segments,
        ["SE", str(len(segments) + 2), "0001"],
    ]
    content = files.interchange([transaction], code, version)
    return next(iter(InterchangeReader([content], findings=log)))


ACKNOWLEDGED = """
    BHT*0085*08*BATCH1*20260109*1200*TH
    HL*1**20*1
    NM1*PR*2*EXAMPLE PAYER*****PI*12345
    TRN*1*SOURCE1
    DTP*050*D8*20260109
    HL*2*1*21*1
    NM1*41*2*EXAMPLE CLINIC*****46*SUBMITTER
    TRN*2*BATCH1
    STC*A1:19*20260109*WQ*500
    QTY*90*2
    AMT*YU*300
    HL*3*2*19*1
    NM1*85*2*EXAMPLE CLINIC*****XX*1999999984
    TRN*1*PROVIDER1
    HL*4*3*PT
    NM1*QC*1*EXAMPLE*ANNA****MI*M1
    TRN*2*CASE1
    STC*A2:20*20260109*WQ*200
    REF*1K*ICN1
    DTP*472*RD8*20260101-20260103
    TRN*2*CASE2
    STC*A7:562:85*20260109*U*100******A3:21**FIX THE NPI
    HL*5*3*PT
    NM1*QC*1*EXAMPLE*BEN****MI*M2
    TRN*2*CASE3
    STC*A2:20*20260109*WQ*100
    SVC*HC:99213:25*100*****2
    STC*A8:122**U
    REF*FJ*LINE1
"""


def test_statuses_are_read_at_every_level():
    log = FindingLog()
    response = StatusResponse(answer(ACKNOWLEDGED, "277", "HN", "005010X214", log))
    assert response.reference == "BATCH1"
    reports = list(response.reports)
    assert log.findings == []
    assert [(r.place.level, r.trace.number, r.outcome, r.is_about_claim) for r in reports] == [
        ("20", "SOURCE1", "received", False),
        ("21", "BATCH1", "received", False),
        ("19", "PROVIDER1", "received", False),
        ("PT", "CASE1", "accepted", True),
        ("PT", "CASE2", "rejected", True),
        ("PT", "CASE3", "rejected", True),
    ]
    batch, accepted, rejected, by_line = reports[1], *reports[3:]
    assert batch.amounts == (("YU", Decimal(300)),)
    assert batch.quantities == (("90", Decimal(2)),)
    assert accepted.payer_control_number == "ICN1"
    assert accepted.dates == (("472", date(2026, 1, 1), date(2026, 1, 3)),)
    assert accepted.place.named("PR").last_name == "EXAMPLE PAYER"
    assert accepted.place.named("85").identifier == "1999999984"
    assert [(c.category, c.status, c.entity) for c in rejected.statuses[0].codes] == [
        ("A7", "562", "85"),
        ("A3", "21", ""),
    ]
    assert rejected.statuses[0].text == "FIX THE NPI"
    assert rejected.patient.first_name == "ANNA"
    assert by_line.patient.first_name == "BEN"
    assert by_line.lines[0].units == 2
    assert by_line.lines[0].procedure.modifiers == ("25",)
    assert by_line.lines[0].references == (("FJ", "LINE1", ""),)


def test_a_hierarchy_that_hangs_in_the_air_is_a_finding():
    log = FindingLog()
    orphaned = ACKNOWLEDGED.replace("HL*5*3*PT", "HL*5*9*PT")
    reports = list(StatusResponse(answer(orphaned, "277", "HN", "005010X214", log)).reports)
    assert reports[-1].place.parent is None
    assert [finding.code for finding in log.findings] == ["parent_unknown"]


ELIGIBLE = """
    BHT*0022*11*ASK1*20260109*1200
    HL*1**20*1
    NM1*PR*2*EXAMPLE PAYER*****PI*12345
    PER*IC*HELP*TE*5555550100*UR*WWW.EXAMPLE.COM
    HL*2*1*21*1
    NM1*1P*2*EXAMPLE CLINIC*****XX*1999999984
    HL*3*2*22*1
    TRN*2*TRACE1*9ASK123456
    NM1*IL*1*EXAMPLE*ANNA****MI*M1
    REF*18*PLAN7
    N3*1 MAIN STREET
    N4*SPRINGFIELD*IL*62701
    DMG*D8*19800229*F
    INS*Y*18
    DTP*346*D8*20260101
    EB*1*FAM*30*HM*GOLD
    EB*C*IND*30^98***29*150.25*****N
    HSD*VS*3***34*1
    REF*18*PLAN8
    DTP*292*RD8*20260101-20261231
    MSG*AFTER THE DEDUCTIBLE
    III*ZZ*11
    LS*2120
    NM1*PRP*2*OTHER PAYER*****PI*777
    N4*CHICAGO*IL*60601
    PER*IC**TE*5555550199
    NM1*P3*1*DOCTOR*DORA
    PRV*PC*PXC*207Q00000X
    LE*2120
    EB*A**98*****.2***Y**HC:99213:25*1:2
    HL*4*3*23*0
    NM1*03*1*EXAMPLE*BEN
    AAA*N**75*C
    EB*U**30
    AAA*N**33*R
"""


def test_benefits_are_read_with_all_that_hangs_on_them():
    log = FindingLog()
    response = EligibilityResponse(answer(ELIGIBLE, "271", "HB", "005010X279A1", log))
    assert response.reference == "ASK1"
    payer, provider, subscriber, dependent = response.levels
    assert log.findings == []
    assert payer.contacts[0].numbers == (("TE", "5555550100"), ("UR", "WWW.EXAMPLE.COM"))
    assert not provider.is_member
    assert (subscriber.birth_date, subscriber.gender) == (date(1980, 2, 29), "F")
    assert (subscriber.relationship, subscriber.address.city) == ("18", "SPRINGFIELD")
    assert subscriber.traces[0].number == "TRACE1"
    assert subscriber.place.named("PR").identifier == "12345"
    active, deductible, insurance = subscriber.benefits
    assert active.is_active_coverage
    assert (active.coverage_level, active.insurance_type, active.plan) == ("FAM", "HM", "GOLD")
    assert deductible.service_types == ("30", "98")
    assert (deductible.amount, deductible.period) == (Decimal("150.25"), "29")
    assert deductible.in_network == "N"
    assert deductible.deliveries[0].quantity == 3
    assert deductible.messages == ("AFTER THE DEDUCTIBLE",)
    assert (deductible.conditions[0].qualifier, deductible.conditions[0].code) == ("ZZ", "11")
    assert deductible.references[0].value == "PLAN8"
    assert deductible.dates[0].last == date(2026, 12, 31)
    other, doctor = deductible.entities
    assert (other.name.identifier, other.address.city) == ("777", "CHICAGO")
    assert doctor.specialties == (("PC", "PXC", "207Q00000X"),)
    assert insurance.fraction == Decimal("0.2")
    assert (insurance.authorization_required, insurance.procedure.code) == ("Y", "99213")
    assert insurance.diagnosis_pointers == ("1", "2")
    assert [each.reason for each in dependent.all_rejects] == ["75", "33"]
    assert dependent.place.named("IL").first_name == "ANNA"


def test_what_does_not_belong_into_an_answer_is_kept():
    log = FindingLog()
    odd = ELIGIBLE.replace("LE*2120", "LE*2120\nQTY*1*2")
    levels = list(EligibilityResponse(answer(odd, "271", "HB", "005010X279A1", log)).levels)
    assert levels[2].benefits[1].entities[1].unknown == (("QTY", "1", "2"),)
    assert [finding.code for finding in log.findings] == ["segment_unknown"]


CONFIRMED = """
    AK1*HC*17*005010X222A1
    AK2*837*0001*005010X222A1
    IK5*A
    AK2*837*0002*005010X222A1
    IK3*CLM*22**8
    CTX*CLM01:CASE1
    IK4*5:2*1331*7*Q
    CTX*SITUATIONAL TRIGGER*CLM*22
    IK3*REF*30*2300*3
    IK5*R*5*I5
    AK9*P*2*2*1
"""


def test_a_functional_acknowledgment_tells_each_error():
    log = FindingLog()
    group = GroupAcknowledgment(answer(CONFIRMED, "999", "FA", "005010X231A1", log))
    assert (group.code, group.control_number) == ("HC", "17")
    accepted, rejected = group.responses
    assert log.findings == []
    assert accepted.is_accepted
    assert not rejected.is_accepted
    assert rejected.codes == ("5", "I5")
    claim, reference = rejected.errors
    assert (claim.tag, claim.position, claim.codes) == ("CLM", 22, ("8",))
    assert claim.contexts == (("CLM01", "CASE1"), ("SITUATIONAL TRIGGER",))
    assert claim.elements[0].position == ("5", "2")
    assert claim.elements[0].value == "Q"
    assert (reference.loop, reference.codes) == ("2300", ("3",))
    assert not group.result.is_accepted
    assert (group.result.status, group.result.received, group.result.accepted) == ("P", 2, 1)


def test_an_acknowledgment_without_verdict_accepts_nothing():
    log = FindingLog()
    body = "AK1*HC*17\nAK2*837*0001"
    group = GroupAcknowledgment(answer(body, "999", "FA", "005010X231A1", log))
    assert [response.is_accepted for response in group.responses] == [False]
    assert not group.result.is_accepted
    assert [finding.code for finding in log.findings] == ["segment_missing"]


def test_an_interchange_acknowledgment_stands_without_transaction():
    content = files.isa().encode() + b"TA1*000000017*260109*1200*R*006~IEA*0*000000001~"
    reader = InterchangeReader([content])
    [found] = [read_interchange_acknowledgment(each) for each in reader]
    assert (found.control_number, found.status, found.note) == ("000000017", "R", "006")
    assert not found.is_accepted
    assert found.segment_number == 2
    assert reader.findings.findings == []
    assert reader.transaction_count == 0
