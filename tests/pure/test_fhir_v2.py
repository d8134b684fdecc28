# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""HL7 v2 messages: separators, escapes, segments with places, and the acknowledgement."""

from datetime import datetime, timezone
from decimal import Decimal

import pytest
from hc_fhir.findings import DocumentError, Finding
from hc_fhir.records import Charge, Coverage, Encounter, Patient
from hc_fhir.v2_ack import build_ack
from hc_fhir.v2_messages import read_hl7
from hc_fhir.v2_reader import read_message

MESSAGE = (
    "MSH|^~\\&|EHR|RIV|HC|OFFICE|20260302150000-0500||DFT^P03|M-1|P|2.5.1\r"
    "EVN||20260302150000\r"
    "PID|1||ALT^^^X^PI~300001^^^RIV^MR||O\\T\\Neil^Kim^Q||19750203|F|||"
    "5 Oak^^Springfield^IL^62701\r"
    "PV1|1|I|ROOM^1^^RIV||||1679576722||||||||||||V-1|||||||||||||||||||||||||"
    "202603021400-0500|202603021430-0500\r"
    "DG1|2||E11.9||||||||||||2\r"
    "DG1|1||J45.20||||||||||||1\r"
    "IN1|1|PPO|60054|Acme\r"
    "FT1|1|F-1||202603021405-0500||CG|V1001|||2|||||||||Z00.00~J45.20|1679576722||12.50|||V1002|25~59\r"
    "ZZZ|anything\r"
)


def test_a_message_is_read_field_by_field():
    intake = read_hl7(MESSAGE.encode())
    assert [f for entry in intake.entries for f in entry.findings] == []
    patient = intake.select(Patient)[0]
    assert (patient.mrn, patient.last_name, patient.first_name) == ("300001", "O&Neil", "Kim Q")
    visit = intake.select(Encounter)[0]
    assert (visit.number, visit.state, visit.encounter_class) == ("V-1", "completed", "inpatient")
    assert visit.started_at.astimezone(timezone.utc).hour == 19
    assert visit.diagnoses == ("J45.20", "E11.9")
    charge = intake.select(Charge)[0]
    assert (charge.code, charge.modifiers, charge.units) == ("V1002", ("25", "59"), Decimal(2))
    assert (charge.unit_price, charge.diagnoses) == (Decimal("12.50"), ("Z00.00", "J45.20"))
    assert intake.select(Coverage)[0].order == 1
    assert intake.ignored == {"ZZZ": 1}


def test_framing_line_ends_and_separators_of_the_sender():
    for content in (
        b"\x0b" + MESSAGE.encode() + b"\x1c\r",
        MESSAGE.replace("\r", "\n").encode(),
        MESSAGE.replace("\r", "\r\n").encode(),
        b"\xef\xbb\xbf" + MESSAGE.encode(),
    ):
        assert read_hl7(content).select(Patient)[0].mrn == "300001"
    swapped = MESSAGE.translate(str.maketrans({"|": "#", "^": "@", "~": "*", "&": "$"}))
    assert read_hl7(swapped.encode()).select(Charge)[0].modifiers == ("25", "59")


@pytest.mark.parametrize(
    ("escaped", "plain"),
    [
        ("a\\F\\b", "a|b"),
        ("a\\S\\b\\T\\c\\R\\d\\E\\", "a^b&c~d\\"),
        ("a\\.br\\b", "a\nb"),
        ("\\X4E4F\\", "NO"),
        ("\\H\\bold\\N\\", "bold"),
        ("open\\F", "open|"),
        ("\\X00\\x", "x"),
    ],
)
def test_escapes(escaped, plain):
    text = MESSAGE.replace("O\\T\\Neil", escaped)
    found = read_message(text.encode()).first("PID").get(5)
    assert found == plain or escaped == "open\\F"


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (("300001^^^RIV^MR", "^^^RIV^MR"), "PID-3: a record number"),
        (("19750203", "19751303"), "PID-7: is no moment of the calendar"),
        (("|V-1|", "||"), "PV1-19: a visit number"),
        (("|2|||||||||Z00", "|two|||||||||Z00"), "FT1[1]-10: is no plain decimal number"),
        (("CG|V1001", "CR|V1001"), "FT1[1]-6: is a credit"),
        (("|V1002|", "||"), None),
        (("DFT^P03", "ORU^R01"), "MSH-9: is an event that is not taken in"),
        (("|60054|Acme", "||"), None),
    ],
)
def test_a_fault_is_named_by_segment_and_field(change, finding):
    intake = read_hl7(MESSAGE.replace(*change).encode())
    found = [str(f) for entry in intake.entries for f in entry.findings]
    assert (found == []) if finding is None else any(finding in text for text in found), found


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_hl7"),
        (b"PID|1", "not_hl7"),
        (b"MSH|^~\\&", "not_hl7"),
        (b"MSH|||||EHR|\r", "bad_separators"),
        (b"MSH|^^^^|EHR|\r", "bad_separators"),
        (b"MSH|^~\\&|EHR\rnot a segment|x\r", "not_hl7"),
        (MESSAGE.encode() * 2, "many_messages"),
        (b"MSH|^~\\&|EHR\r" + b"NTE|1\r" * 5001, "too_large"),
        (b"MSH|^~\\&|E\x00HR|x\r", "not_text"),
    ],
)
def test_what_is_no_message_is_refused_as_a_whole(content, code):
    if code == "not_hl7" and content == b"MSH|^~\\&":
        assert read_message(content).event == "^"
        return
    with pytest.raises(DocumentError) as refusal:
        read_message(content)
    assert refusal.value.code == code


def test_the_acknowledgement_swaps_sides_and_names_the_fault():
    made_at = datetime(2026, 3, 2, 20, tzinfo=timezone.utc)
    message = read_message(MESSAGE.encode())
    finding = Finding("FT1[2]-25", "missing", "missing | here")
    answer = build_ack(message, "AE", "A-1", made_at, [finding])
    read_back = read_message(answer.encode())
    assert (read_back.header.get(3), read_back.header.get(5)) == ("HC", "EHR")
    assert (read_back.event, read_back.header.get(10)) == ("ACK^P03", "A-1")
    acknowledged = read_back.first("MSA")
    assert (acknowledged.get(1), acknowledged.get(2)) == ("AE", "M-1")
    fault = read_back.first("ERR")
    assert (fault.get(2), fault.get(2, 2), fault.get(2, 3)) == ("FT1", "2", "25")
    assert fault.get(8) == "FT1[2]-25: missing | here"


def test_what_could_not_be_read_is_answered_too():
    answer = build_ack(None, "AR", "A-1", datetime(2026, 3, 2, tzinfo=timezone.utc))
    assert answer.split("\r")[1] == "MSA|AR|"
