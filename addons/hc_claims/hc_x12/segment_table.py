# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The segments that are read and written: for each tag its elements, in their order.

An element is written ``name:kind:shortest-longest``, after ``!`` where the segment means
nothing without it. The kinds:

========= ==========================================================================
text      free text or an identifier
code      a value of a code list
money     an amount, at most two decimals
number    a decimal number
integer   a whole number
date      CCYYMMDD
shortdate YYMMDD, only in the ISA
time      HHMM, HHMMSS or with hundredths
composite components, as a tuple of texts; the length is that of a component
list      repetitions, as a tuple of texts; the length is that of one repetition
========= ==========================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_CAS_TRIPLES = " ".join(
    f"reason_{n}:code:1-5 amount_{n}:money:1-18 quantity_{n}:number:1-15" for n in range(2, 7)
)
_PLB_PAIRS = " ".join(f"adjustment_{n}:composite:1-50 amount_{n}:money:1-18" for n in range(2, 7))
_MIA_AMOUNTS = " ".join(f"amount_{n}:money:1-18" for n in range(6, 15))

_ROWS = {
    # Envelope
    "ISA": (
        "!authorization_qualifier:code:2-2 authorization:text:10-10 !security_qualifier:code:2-2"
        " security:text:10-10 !sender_qualifier:code:2-2 !sender:text:15-15"
        " !receiver_qualifier:code:2-2 !receiver:text:15-15 !date:shortdate:6-6 !time:time:4-4"
        " !repetition_separator:text:1-1 !version:code:5-5 !control_number:text:9-9"
        " !acknowledgment_requested:code:1-1 !usage:code:1-1 !component_separator:text:1-1"
    ),
    "IEA": "!group_count:integer:1-5 !control_number:text:9-9",
    "TA1": (
        "!control_number:text:9-9 !date:shortdate:6-6 !time:time:4-4 !status:code:1-1"
        " !note:code:3-3"
    ),
    "GS": (
        "!code:code:2-2 !sender:text:2-15 !receiver:text:2-15 !date:date:8-8 !time:time:4-8"
        " !control_number:text:1-9 !agency:code:1-2 !version:code:1-12"
    ),
    "GE": "!transaction_count:integer:1-6 !control_number:text:1-9",
    "ST": "!type:code:3-3 !control_number:text:4-9 version:text:1-35",
    "SE": "!segment_count:integer:1-10 !control_number:text:4-9",
    # Several transactions
    "BHT": (
        "!structure:code:4-4 !purpose:code:2-2 reference:text:1-50 date:date:8-8 time:time:4-8"
        " type:code:2-2"
    ),
    "HL": "!number:text:1-12 parent:text:1-12 !level:code:1-2 has_children:code:1-1",
    "TRN": "!type:code:1-2 !number:text:1-50 originator:text:10-10 supplement:text:1-50",
    "NM1": (
        "!role:code:2-3 !entity_type:code:1-1 last_name:text:1-60 first_name:text:1-35"
        " middle_name:text:1-25 prefix:text:1-10 suffix:text:1-10 identifier_qualifier:code:1-2"
        " identifier:text:2-80 relationship:code:2-2 other_role:code:2-3 former_name:text:1-60"
    ),
    "N1": (
        "!role:code:2-3 name:text:1-60 identifier_qualifier:code:1-2 identifier:text:2-80"
        " relationship:code:2-2 other_role:code:2-3"
    ),
    "N3": "!line:text:1-55 second_line:text:1-55",
    "N4": (
        "city:text:2-30 state:code:2-2 postal_code:code:3-15 country:code:2-3"
        " location_qualifier:code:1-2 location:text:1-30 subdivision:code:1-3"
    ),
    "PER": (
        "!function:code:2-2 name:text:1-60 qualifier:code:2-2 number:text:1-256"
        " qualifier_2:code:2-2 number_2:text:1-256 qualifier_3:code:2-2 number_3:text:1-256"
        " inquiry:text:1-20"
    ),
    "REF": "!qualifier:code:2-3 value:text:1-50 description:text:1-80 other:composite:1-50",
    "DTM": (
        "!qualifier:code:3-3 date:date:8-8 time:time:4-8 zone:code:2-2 format:code:2-3"
        " period:text:1-35"
    ),
    "DTP": "!qualifier:code:3-3 !format:code:2-3 !period:text:1-35",
    "DMG": (
        "format:code:2-3 birth_date:text:1-35 gender:code:1-1 marital_status:code:1-1"
        " ethnicity:list:1-40 citizenship:code:1-2 country:code:2-3"
    ),
    "AMT": "!qualifier:code:1-3 !amount:money:1-18 credit_or_debit:code:1-1",
    "QTY": "!qualifier:code:2-2 quantity:number:1-15 unit:composite:1-15 text:text:1-30",
    "LX": "!number:text:1-6",
    "LQ": "!list:code:1-3 !code:code:1-30",
    "MSG": "!text:text:1-264",
    "SVC": (
        "!procedure:composite:1-80 !charge:money:1-18 paid:money:1-18 revenue_code:text:1-48"
        " units_paid:number:1-15 original_procedure:composite:1-80 units_billed:number:1-15"
    ),
    "CAS": (
        "!group:code:1-2 !reason:code:1-5 !amount:money:1-18 quantity:number:1-15 " + _CAS_TRIPLES
    ),
    # 835 remittance
    "BPR": (
        "!handling:code:1-2 !amount:money:1-18 !credit_or_debit:code:1-1 !method:code:3-3"
        " format:code:1-10 sender_bank_qualifier:code:2-2 sender_bank:text:3-12"
        " sender_account_qualifier:code:1-3 sender_account:text:1-35 originator:text:10-10"
        " originator_supplement:text:9-9 receiver_bank_qualifier:code:2-2"
        " receiver_bank:text:3-12 receiver_account_qualifier:code:1-3"
        " receiver_account:text:1-35 effective_date:date:8-8"
    ),
    "CUR": "!role:code:2-3 !currency:code:3-3 rate:number:4-10",
    "NTE": "reference:code:3-3 !description:text:1-80",
    "RDM": "!transmission:code:1-2 name:text:1-60 number:text:1-256",
    "TS3": (
        "!provider:text:1-50 !facility_type:text:1-2 !fiscal_period_end:date:8-8"
        " !claim_count:number:1-15 !charge:money:1-18 "
        + " ".join(f"amount_{n}:money:1-18" for n in range(6, 23))
        + " quantity:number:1-15 amount_24:money:1-18"
    ),
    "TS2": " ".join(
        f"value_{n}:{'number' if n in (7, 8, 9, 10, 11, 14, 17) else 'money'}:1-18"
        for n in range(1, 20)
    ),
    "CLP": (
        "!patient_control_number:text:1-38 !status:code:1-2 !charge:money:1-18 !paid:money:1-18"
        " patient_responsibility:money:1-18 filing_indicator:code:1-2"
        " payer_control_number:text:1-50 facility_type:text:1-2 frequency:code:1-1"
        " patient_status:code:1-2 drg:code:1-4 drg_weight:number:1-15"
        " discharge_fraction:number:1-10 consent:code:1-1"
    ),
    "MIA": (
        "covered_days:number:1-15 amount_2:money:1-18 psychiatric_days:number:1-15"
        " drg_amount:money:1-18 remark:code:1-50 "
        + _MIA_AMOUNTS
        + " cost_report_days:number:1-15 "
        + " ".join(f"amount_{n}:money:1-18" for n in range(16, 20))
        + " "
        + " ".join(f"remark_{n}:code:1-50" for n in range(2, 6))
        + " amount_24:money:1-18"
    ),
    "MOA": (
        "reimbursement_rate:number:1-10 hcpcs_payable:money:1-18 remark:code:1-50"
        " remark_2:code:1-50 remark_3:code:1-50 remark_4:code:1-50 remark_5:code:1-50"
        " esrd_amount:money:1-18 professional_component:money:1-18"
    ),
    "PLB": (
        "!provider:text:1-50 !fiscal_period_end:date:8-8 !adjustment:composite:1-50"
        " !amount:money:1-18 " + _PLB_PAIRS
    ),
    # 277 claim acknowledgment
    "STC": (
        "!status:composite:1-30 date:date:8-8 action:code:1-2 charge:money:1-18 paid:money:1-18"
        " adjudication_date:date:8-8 method:code:3-3 payment_date:date:8-8"
        " payment_number:text:1-16 status_2:composite:1-30 status_3:composite:1-30"
        " text:text:1-264"
    ),
    # 271 eligibility
    "AAA": "!is_valid:code:1-1 agency:code:2-2 reason:code:2-2 follow_up:code:1-1",
    "EB": (
        "!information:code:1-3 coverage_level:code:3-3 service_types:list:1-2"
        " insurance_type:code:1-3 plan:text:1-50 period:code:1-2 amount:money:1-18"
        " fraction:number:1-10 quantity_qualifier:code:2-2 quantity:number:1-15"
        " authorization_required:code:1-1 in_network:code:1-1 procedure:composite:1-80"
        " diagnosis_pointers:composite:1-2"
    ),
    "HSD": (
        "quantity_qualifier:code:2-2 quantity:number:1-15 unit:code:2-2 every:number:1-6"
        " period:code:1-2 period_count:number:1-3 frequency:code:1-2 pattern:code:1-1"
    ),
    "III": (
        "qualifier:code:1-3 code:code:1-30 category:code:2-2 text:text:1-264"
        " quantity:number:1-15 unit:composite:1-15 surface:code:2-2 surface_2:code:2-2"
        " surface_3:code:2-2"
    ),
    "INS": (
        "!is_subscriber:code:1-1 !relationship:code:2-2 maintenance:code:3-3"
        " maintenance_reason:code:2-3 benefit_status:code:1-1 medicare:composite:1-1"
        " cobra:code:1-2 employment:code:2-2 student:code:1-1 response:code:1-1"
        " format:code:2-3 death_date:text:1-35 confidentiality:code:1-1 city:text:2-30"
        " state:code:2-2 country:code:2-3 birth_sequence:integer:1-9"
    ),
    "LE": "!loop:code:1-4",
    "LS": "!loop:code:1-4",
    "MPI": (
        "!information:code:1-1 employment:code:2-2 government_service:code:1-1"
        " description:text:1-80 rank:code:2-2 format:code:2-3 period:text:1-35"
    ),
    "PRV": (
        "!role:code:1-3 qualifier:code:2-3 identifier:text:1-50 state:code:2-2"
        " specialty:composite:1-30 organization:code:3-3"
    ),
    "HI": " ".join(f"{'!' if n == 1 else ''}code_{n}:composite:1-30" for n in range(1, 13)),
    # 999 and 997 acknowledgment
    "AK1": "!code:code:2-2 !control_number:text:1-9 version:code:1-12",
    "AK2": "!type:code:3-3 !control_number:text:4-9 version:text:1-35",
    "AK3": (
        "!tag:code:2-3 !position:integer:1-10 loop:text:1-6 error:code:1-3 error_2:code:1-3"
        " error_3:code:1-3 error_4:code:1-3 error_5:code:1-3"
    ),
    "AK4": "!position:composite:1-4 data_element:code:1-4 !error:code:1-3 value:text:1-99",
    "AK5": "!status:code:1-1 " + " ".join(f"error_{n}:code:1-3" for n in range(1, 6)),
    "CTX": (
        "!context:composite:1-50 tag:code:2-3 segment_position:integer:1-10 loop:text:1-6"
        " position:composite:1-4 reference:composite:1-4"
    ),
    "IK3": (
        "!tag:code:2-3 !position:integer:1-10 loop:text:1-6 error:code:1-3 error_2:code:1-3"
        " error_3:code:1-3 error_4:code:1-3 error_5:code:1-3"
    ),
    "IK4": "!position:composite:1-4 data_element:code:1-4 !error:code:1-3 value:text:1-99",
    "IK5": "!status:code:1-1 " + " ".join(f"error_{n}:code:1-3" for n in range(1, 6)),
    "AK9": (
        "!status:code:1-1 !included:integer:1-6 !received:integer:1-6 !accepted:integer:1-6 "
        + " ".join(f"error_{n}:code:1-3" for n in range(1, 6))
    ),
    # 837 claim
    "SBR": (
        "!responsibility:code:1-1 relationship:code:2-2 group_number:text:1-50"
        " group_name:text:1-60 insurance_type:code:1-3 coordination:code:1-1"
        " condition_response:code:1-1 employment_status:code:2-2 filing_code:code:1-2"
    ),
    "PAT": (
        "relationship:code:2-2 location:code:1-1 employment_status:code:2-2"
        " student_status:code:1-1 format:code:2-3 death_date:text:1-35 weight_unit:code:2-2"
        " weight:number:1-10 is_pregnant:code:1-1"
    ),
    "CLM": (
        "!patient_control_number:text:1-38 !charge:money:1-18 filing_indicator:code:1-2"
        " non_institutional_type:code:1-2 !place:composite:1-2 signature_on_file:code:1-1"
        " assignment:code:1-1 benefits_assigned:code:1-1 release_of_information:code:1-1"
        " patient_signature_source:code:1-1 related_causes:composite:2-3 special_program:code:2-3"
        " is_unusual:code:1-1 level_of_service:code:1-3 is_participating:code:1-1 status:code:1-2"
        " facility_type:code:1-2 claim_number:text:1-2 is_transferred:code:1-1"
        " delay_reason:code:1-2"
    ),
    "PWK": (
        "!report_type:code:2-2 !transmission:code:1-2 copies:integer:1-2 entity:code:2-3"
        " identifier_qualifier:code:1-2 control_number:text:2-50 description:text:1-80"
    ),
    "K3": "!text:text:1-80",
    "CL1": "admission_type:code:1-1 admission_source:code:1-1 patient_status:code:1-2",
    "CR1": (
        "weight_unit:code:2-2 weight:number:1-10 transport:code:1-1 reason:code:1-1"
        " distance_unit:code:2-2 distance:number:1-15 address:text:1-55 address_2:text:1-55"
        " round_trip_purpose:text:1-80 stretcher_purpose:text:1-80"
    ),
    "CRC": (
        "!category:code:2-2 !applies:code:1-1 !code:code:2-3 code_2:code:2-3 code_3:code:2-3"
        " code_4:code:2-3 code_5:code:2-3"
    ),
    "OI": (
        "filing_indicator:code:1-2 submission_reason:code:2-2 benefits_assigned:code:1-1"
        " patient_signature_source:code:1-1 agreement:code:1-1 release_of_information:code:1-1"
    ),
    "SV1": (
        "!procedure:composite:1-80 !charge:money:1-18 !unit:code:2-2 !units:number:1-15"
        " place_of_service:code:1-2 service_type:code:1-2 diagnosis_pointers:composite:1-2"
        " amount_8:money:1-18 is_emergency:code:1-1 multiple_procedure:code:1-2 is_epsdt:code:1-1"
        " is_family_planning:code:1-1 review:code:1-2 review_value:text:1-2 copay_status:code:1-1"
    ),
    "SV2": (
        "!revenue_code:text:1-48 procedure:composite:1-80 !charge:money:1-18 !unit:code:2-2"
        " !units:number:1-15 rate:number:1-10 non_covered:money:1-18"
    ),
    "PS1": "!provider:text:1-50 !amount:money:1-18 state:code:2-2",
    "LIN": "number:text:1-20 !qualifier:code:2-2 !product:text:1-48",
    "CTP": (
        "class:code:2-2 price_identifier:code:3-3 price:number:1-17 !quantity:number:1-15"
        " !unit:composite:2-2"
    ),
    "SVD": (
        "!payer:text:2-80 !paid:money:1-18 procedure:composite:1-80 revenue_code:text:1-48"
        " units:number:1-15 bundled_line:integer:1-6"
    ),
    # 270 eligibility
    "EQ": (
        "service_type:code:1-2 procedure:composite:1-80 coverage_level:code:3-3"
        " insurance_type:code:1-3 diagnosis_pointers:composite:1-2"
    ),
}


@dataclass(frozen=True, slots=True)
class ElementSpecification:
    """One element of a segment.

    Attributes:
        name: in full words.
        kind: one of the kinds listed above.
        shortest: characters that it has at least, where it is not empty.
        longest: characters that it has at most.
        is_required: without it the segment means nothing.
    """

    name: str
    kind: str
    shortest: int
    longest: int
    is_required: bool


def _element(text: str) -> ElementSpecification:
    name, kind, length = text.split(":")
    shortest, longest = map(int, length.split("-"))
    return ElementSpecification(
        name.removeprefix("!"), kind, shortest, longest, name.startswith("!")
    )


SEGMENTS: Mapping[str, tuple[ElementSpecification, ...]] = MappingProxyType(
    {tag: tuple(map(_element, row.split())) for tag, row in _ROWS.items()}
)
