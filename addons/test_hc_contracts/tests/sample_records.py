# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One record of each model with a life cycle or a mail template; see the base's file."""


def create_records(office):
    """Create the records of this module.

    :param office: a test class of the base's ``HcCommon`` that is set up
    :return: ``{name: record}``
    """
    env = office.env
    encounter = office._create_encounter("SEC-3")
    encounter.action_complete()
    encounter._prepare_billing()
    tariff = env["hc.transport.tariff"].create({"name": "Van", "ride_fee": 40.0})
    vals = {
        "name": "Ride",
        "case_id": encounter.case_ids.id,
        "tariff_id": tariff.id,
        "pickup_at": env.cr.now(),
    }
    return {"tariff": tariff, "request": env["hc.transport.request"]._request_transport([vals])}
