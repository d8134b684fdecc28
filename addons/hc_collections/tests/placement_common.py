# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .collections_common import CollectionsCase


class PlacementCase(CollectionsCase):
    """A guarantor who was told long ago, and an agency that is bound by an agreement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = cls._create_user("place.supervisor", "supervisor")
        cls.agency = cls.env["hc.collection.agency"].create(
            {
                "name": "Agency",
                "code": "AGY",
                "commission_percent": 20.0,
                "agreement": base64.b64encode(b"signed"),
                "agreement_name": "agreement.pdf",
                "agreement_from": "2020-01-01",
            }
        )

    def setUp(self):
        super().setUp()
        self.case = self._bill_patient("G-1")
        self._tell(self.case, 200)
        self.account = self._account_of(self.case)

    def _tell(self, case, days):
        """The patient got the first statement of a case some days ago."""
        case.sudo()._write_guarded({"first_statement_on": self._days_ago(days)})

    def _bill_child(self, number, **vals):
        """A case of somebody for whom the guarantor pays too."""
        child = self._create_patient(f"20{number}", guarantor_id=self.case.patient_id.id)
        return self._bill(number, coverage=self.no_coverage, patient=child, **vals)

    def _request(self, user=None, key="place"):
        user = user or self.supervisor
        account = self.account.with_user(user)
        return account.env["hc.placement"]._request(
            account,
            self.agency.with_user(user),
            justification="Three letters were not answered.",
            idempotency_key=key,
        )

    def _place(self, key="place"):
        self.account._transition_where_allowed("pre_collections")
        placement = self._request(key=key).sudo()
        if placement.action_id.state == "pending":
            placement.action_id._settle(GateDecision("allow"))
        return placement

    def _write_file(self):
        """The text of the next file to the agency; what it says instead where it says nothing."""
        action = self.agency.with_user(self.supervisor).action_create_file()
        if "res_id" not in action:
            return action["params"]["message"]
        exchange = self.env["hc.exchange"].browse(action["res_id"])
        return exchange.payload_attachment_id.raw.decode()

    def _hold(self, kind, **values):
        return self.env["hc.collection.hold"]._place(self.account, kind, "as we heard", **values)

    def _items(self, kind, record):
        return self.env["hc.work.item"].search(
            [
                ("kind", "=", kind),
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("state", "in", ("open", "in_progress")),
            ]
        )
