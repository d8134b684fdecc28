# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One record of each model with a life cycle or a mail template; see the base's file."""

from datetime import timedelta


def create_records(office):
    """Create the records of this module.

    :param office: a test class of the base's ``HcCommon`` that is set up
    :return: ``{name: record}``
    """
    env, day = office.env, office.company._get_office_day()
    rule = env["hc.kpi.alert.rule"].create(
        {
            "name": "Charges are late",
            "company_id": office.company.id,
            "code": "charge_lag_days",
            "condition": "above",
            "bound": 3,
        }
    )
    alert = env["hc.kpi.alert"]._create_guarded(
        {
            "rule_id": rule.id,
            "company_id": office.company.id,
            "first_day": day - timedelta(days=1),
            "last_day": day,
            "value": 4.5,
            "bound": 3,
            "opened_at": env.cr.now(),
        }
    )
    return {"kpi_alert": alert}
