# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Where provider-level adjustments (PLB of an 835) go in the books.

A positive amount reduces the payment. What nobody has checked against a payer's guide, and every
code that is not named here, goes to the payer's running account, which people look at.
"""

RECOUPMENT = "payer_recoupment"
INTEREST = "payer_interest"
PENALTY = "payer_penalty"
WITHHELD = "payer_withholding"
SETTLEMENT = "payer_settlement"

USES = (RECOUPMENT, INTEREST, PENALTY, WITHHELD, SETTLEMENT)

_USE_BY_CODE = {
    # Interest is income, never a payment of a claim.
    "L6": INTEREST,
    "CR": INTEREST,
    "50": PENALTY,
    "51": PENALTY,
    "L3": PENALTY,
    "AH": PENALTY,
    "IR": WITHHELD,
    "LE": WITHHELD,
    "SL": WITHHELD,
    "E3": WITHHELD,
    "AM": WITHHELD,
    "BN": SETTLEMENT,
    "CT": SETTLEMENT,
    "CV": SETTLEMENT,
    "DM": SETTLEMENT,
    "GO": SETTLEMENT,
    "HM": SETTLEMENT,
    "IP": SETTLEMENT,
    "IS": SETTLEMENT,
    "LS": SETTLEMENT,
    "OA": SETTLEMENT,
    "PL": SETTLEMENT,
}


def get_use(code: str) -> str:
    """The use of a ledger account for a provider adjustment code.

    >>> get_use("L6"), get_use("WO"), get_use("??")
    ('payer_interest', 'payer_recoupment', 'payer_recoupment')
    """
    return _USE_BY_CODE.get(code, RECOUPMENT)
