# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Codes of a 271 in the project's own words; a code that is not here is shown as it came."""

# EB03 and EQ01: what a benefit is for.
SERVICE_TYPES = {
    "1": "Medical care",
    "2": "Surgery",
    "4": "X-ray",
    "5": "Laboratory",
    "6": "Radiation therapy",
    "7": "Anesthesia",
    "12": "Equipment, purchase",
    "18": "Equipment, rental",
    "23": "Dental diagnosis",
    "30": "Plan as a whole",
    "33": "Chiropractic",
    "35": "Dental care",
    "42": "Home care",
    "45": "Hospice",
    "47": "Hospital",
    "48": "Hospital, inpatient",
    "50": "Hospital, outpatient",
    "51": "Hospital, accident",
    "52": "Hospital, emergency",
    "62": "MRI and CT",
    "65": "Newborn care",
    "67": "Smoking cessation",
    "69": "Maternity",
    "73": "Diagnostic imaging",
    "76": "Dialysis",
    "78": "Chemotherapy",
    "80": "Immunization",
    "81": "Routine examination",
    "82": "Family planning",
    "86": "Emergency",
    "88": "Pharmacy",
    "98": "Office visit",
    "A4": "Psychiatry",
    "A6": "Psychotherapy",
    "A8": "Psychiatry, outpatient",
    "AD": "Occupational therapy",
    "AE": "Physical medicine",
    "AF": "Speech therapy",
    "AG": "Skilled nursing",
    "AI": "Substance abuse",
    "AL": "Vision",
    "BG": "Cardiac rehabilitation",
    "BH": "Pediatrics",
    "DM": "Medical equipment",
    "MH": "Mental health",
    "PT": "Physical therapy",
    "UC": "Urgent care",
}
# EB01: what is said.
INFORMATION = {
    "1": "Active",
    "2": "Active, full risk",
    "3": "Active, services capitated",
    "4": "Active, capitated to primary care",
    "5": "Active, being verified",
    "6": "Inactive",
    "7": "Inactive, eligibility pending",
    "8": "Inactive, being verified",
    "A": "Coinsurance",
    "B": "Copay",
    "C": "Deductible",
    "CB": "Covered days",
    "D": "Benefit described",
    "E": "Exclusions",
    "F": "Limit",
    "G": "Out-of-pocket limit",
    "H": "Unlimited",
    "I": "Not covered",
    "J": "Cost containment",
    "K": "Reserve",
    "L": "Primary care provider",
    "M": "Pre-existing condition",
    "MC": "Managed care coordinator",
    "N": "Restricted to providers",
    "O": "Not a medical necessity",
    "P": "Disclaimer",
    "Q": "Second opinion required",
    "R": "Other or additional payer",
    "S": "Prior year's history",
    "T": "Card lost or stolen",
    "U": "Ask who is named",
    "V": "Cannot be answered",
    "W": "Other source of data",
    "X": "Health care facility",
    "Y": "Spend down",
}
COVERAGE_LEVELS = {
    "CHD": "Children",
    "DEP": "Dependents",
    "ECH": "Employee and children",
    "EMP": "Employee",
    "ESP": "Employee and spouse",
    "FAM": "Family",
    "IND": "Individual",
    "SPC": "Spouse and children",
    "SPO": "Spouse",
}
# EB06.
PERIODS = {
    "6": "hour",
    "7": "day",
    "13": "24 hours",
    "21": "year",
    "22": "service year",
    "23": "calendar year",
    "24": "year to date",
    "25": "contract",
    "26": "episode",
    "27": "visit",
    "28": "outlier",
    "29": "remaining",
    "30": "exceeded",
    "31": "not exceeded",
    "32": "lifetime",
    "33": "lifetime, remaining",
    "34": "month",
    "35": "week",
    "36": "admission",
}
# EB09: what a quantity counts.
QUANTITIES = {
    "8H": "minimum",
    "99": "quantity used",
    "CA": "covered",
    "CE": "covered, estimated",
    "DB": "deductible blood units",
    "DY": "days",
    "HS": "hours",
    "LA": "lifetime reserve, actual",
    "LE": "lifetime reserve, estimated",
    "M2": "maximum",
    "MN": "months",
    "P6": "services",
    "QA": "quantity approved",
    "S7": "age, high",
    "S8": "age, low",
    "VS": "visits",
    "YY": "years",
}
# AAA03: why a question was not answered.
REJECT_REASONS = {
    "04": "the quantity asked for is not allowed",
    "15": "data that the payer needs are missing",
    "33": "the input is in error",
    "35": "the network is closed to the question",
    "41": "we may not ask this payer",
    "42": "the payer cannot answer at the moment",
    "43": "our provider number is invalid or missing",
    "44": "our name is invalid or missing",
    "45": "our specialty is invalid or missing",
    "46": "our phone number is invalid or missing",
    "47": "our state is invalid or missing",
    "48": "our referral number is invalid or missing",
    "49": "the provider is not the primary care physician",
    "50": "the provider may not ask",
    "51": "the payer does not know the provider",
    "52": "the service date is out of the provider's contract",
    "53": "the benefit cannot be asked for",
    "54": "the product or procedure is unsuitable",
    "55": "the question cannot be answered by this payer",
    "56": "the date is in error",
    "57": "the date of service is invalid or missing",
    "58": "the birth date is invalid or missing",
    "60": "the birth date lies behind the date of service",
    "61": "the date of death lies before the date of service",
    "62": "the date of service lies too far back",
    "63": "the date of service lies too far ahead",
    "64": "the patient's number is invalid or missing",
    "65": "the patient's name is invalid or missing",
    "66": "the patient's sex is invalid or missing",
    "67": "the patient was not found",
    "68": "the patient's number is given twice",
    "69": "the patient's sex does not fit the service",
    "70": "the patient's age does not fit the service",
    "71": "the patient's birth date does not fit the payer's records",
    "72": "the member number is invalid or missing",
    "73": "the member's name is invalid or missing",
    "74": "the member's sex is invalid or missing",
    "75": "the member was not found",
    "76": "the member's number is given twice",
    "77": "the member was found, the patient was not",
    "78": "the member is not in the group or plan named",
    "79": "the payer's number is invalid",
    "80": "no answer came from the payer: the question went nowhere",
    "97": "the provider's address is invalid or missing",
    "98": "the case is being looked at",
    "AA": "the authorization number was not found",
    "AE": "an authorization is needed to ask",
    "T4": "the payer's name or number is missing",
}
# AAA04: what the payer asks us to do.
FOLLOW_UPS = {
    "C": "Correct it and ask again.",
    "N": "Do not ask again.",
    "P": "Ask the same again.",
    "R": "Asking again is allowed.",
    "S": "Do not ask again: the payer passed the question on.",
    "W": "Wait 30 days and ask again.",
    "X": "Wait 10 days and ask again.",
    "Y": "Do not ask again: the payer keeps the question and answers.",
}
# Says nothing about the member: the system, or our own registration, is at fault.
UNAVAILABLE_REASONS = frozenset({"42", "80", "98"})
_OURS = frozenset({"35", "41", "79", "97", "AE", "T4", *map(str, range(43, 56))})
_DATES = frozenset({"56", "57", "60", "61", "62", "63"})


def label(table: dict[str, str], code: str) -> str:
    """The words for a code, or the code.

    >>> label(PERIODS, "29"), label(PERIODS, "ZZ")
    ('remaining', 'ZZ')
    """
    return table.get(code, code)


def is_about_member(reason: str) -> bool:
    """Whether a reject says that the payer does not know the member as we do.

    >>> is_about_member("75"), is_about_member("42"), is_about_member("51")
    (True, False, False)
    """
    return reason not in UNAVAILABLE_REASONS | _OURS | _DATES


def describe_reject(reason: str, follow_up: str) -> str:
    """One sentence on why a question was rejected, and one on what to do.

    >>> describe_reject("75", "C")
    'AAA 75: the member was not found. Correct it and ask again.'
    """
    sentence = f"AAA {reason}: {label(REJECT_REASONS, reason)}."
    return f"{sentence} {FOLLOW_UPS.get(follow_up, '')}".strip()


def what_to_do(reasons: set[str]) -> str:
    """What the person at the desk does about rejects.

    >>> what_to_do({"42"})
    'The payer cannot answer now. Ask again later, or check by portal or phone and record it.'
    """
    if reasons & UNAVAILABLE_REASONS:
        return (
            "The payer cannot answer now. Ask again later, or check by portal or phone and "
            "record it."
        )
    if reasons & _OURS:
        return "The payer does not accept who asks. Have the facility's NPI enrolled with it."
    if reasons & _DATES:
        return "Correct the dates and ask again."
    return "Compare name, birth date and member number with the card, correct them and ask again."
