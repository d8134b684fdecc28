# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.addons.hc_revenue_base.tests.readiness_common import ReadinessCommon


class TransportCommon(ReadinessCommon):
    """A billing case whose patient needs a ride."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("transport.clerk", "clerk")
        cls.supervisor = cls._create_user("transport.supervisor", "supervisor")
        cls.tariff = cls.env["hc.transport.tariff"].create(
            {"name": "Wheelchair van", "ride_fee": 40.0, "waiver_limit": 50.0}
        )
        cls.case = cls._create_case("TR-1")
        cls.request = cls._request_transport()

    @classmethod
    def _request_transport(cls, **vals):
        return cls.env["hc.transport.request"]._request_transport(
            [
                {
                    "name": "Ride to the clinic",
                    "case_id": cls.case.id,
                    "tariff_id": cls.tariff.id,
                    "pickup_at": cls.env.cr.now() + timedelta(hours=5),
                    **vals,
                }
            ]
        )
