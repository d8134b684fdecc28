# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the other modules of the suite, where they are installed, need before the first visit.

Without it, the first bill of a payer would open it, and each copy of that bill would again.
"""

_CLEARINGHOUSE = {
    "name": "Seeded Clearinghouse",
    "code": "SEED",
    "sender_identifier": "SEEDGROUP",
    "receiver_identifier": "SEEDHOUSE",
    "submitter_name": "Seeded Provider Group",
    "submitter_identifier": "SEED01",
    "contact_name": "Claims Desk",
    "contact_phone": "2175550100",
}


def prepare(env, payers) -> None:
    """Set up claims and collections for some payers.

    Args:
        env: environment of the superuser.
        payers: of the provider group.
    """
    if "hc.clearinghouse" in env:
        payers.clearinghouse_id = env["hc.clearinghouse"].create(_CLEARINGHOUSE)
    if "hc.collection.account" in env:
        company = env.company.id
        env["hc.collection.account"]._open_accounts(
            {(company, payer.partner_id.id) for payer in payers}
        )
