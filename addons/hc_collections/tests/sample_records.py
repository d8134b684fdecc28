# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One record of each model with a life cycle or a mail template; see the base's file."""


def create_records(office):
    """Create the records of this module.

    :param office: a test class of the base's ``HcCommon`` that is set up
    :return: ``{name: record}``
    """
    env = office.env
    patient = office._create_patient("SEC-CO")
    account = env["hc.collection.account"]._open_accounts(
        {(patient.company_id.id, patient.partner_id.id)}
    )
    contact = env["hc.contact"]._record(
        [{"account_id": account.id, "key": "sample", "channel": "letter", "purpose": "reminder"}]
    )
    dispute = env["hc.billing.dispute"]._create_guarded(
        [
            {
                "name": "DP-SAMPLE",
                "account_id": account.id,
                "kind": "other",
                "channel": "letter",
                "received_on": "2026-03-02",
                "due_on": "2026-04-01",
                "owner_id": env.uid,
            }
        ]
    )
    application = env["hc.assistance.application"]._create_guarded(
        [
            {
                "name": "FA-SAMPLE",
                "account_id": account.id,
                "applied_on": "2026-03-02",
                "owner_id": env.uid,
            }
        ]
    )
    agency = env["hc.collection.agency"].create({"name": "Sample Agency", "code": "SAMPLE"})
    placement = env["hc.placement"]._create_guarded(
        [{"name": "PL-SAMPLE", "account_id": account.id, "agency_id": agency.id}]
    )
    return {
        "placement": placement,
        "assistance_application": application,
        "billing_dispute": dispute,
        "collection_account": account,
        "collection_hold": env["hc.collection.hold"]._place(account, "cease", "asked us to stop"),
        "contact": contact,
    }
