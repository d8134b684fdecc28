# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timedelta

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from ..hc_webhook_core import events
from .sample_records import create_source

START = datetime(2026, 3, 3, 8)


class EventCase(HcCommon):
    """Events of a connected system, delivered as the border delivers them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = create_source(cls, "sample-ehr")
        cls.source.user_id.hc_facility_ids = cls.facility
        cls.patient.facility_ids = cls.facility
        cls.clerk = cls._create_user("event.clerk", "clerk", "phi")

    @classmethod
    def _store(cls, code, data, minutes=0, source=None, **values):
        """Store an event as its source would send it, some minutes after the start.

        :return: the exchange, not processed yet
        """
        source = source or cls.source
        count = cls.env["hc.exchange"].search_count([("document_type", "=", "event")])
        values = {"external_id": f"m{count}", "is_manual": False, **values}
        return (
            cls.env["hc.exchange"]
            .with_user(source.user_id)
            .with_company(source.company_id)
            ._enter_event(
                source,
                events.find(code, 1),
                data,
                START + timedelta(minutes=minutes),
                **values,
            )
            .sudo()
        )

    @classmethod
    def _process(cls, *exchanges):
        """Process exchanges as the Scheduled Action does."""
        for exchange in exchanges:
            exchange._process_safely(lambda _done, _left: True)
        cls.env.invalidate_all()

    @classmethod
    def _send(cls, code, data, minutes=0, **values):
        """Store an event and process it."""
        exchange = cls._store(code, data, minutes, **values)
        cls._process(exchange)
        return exchange

    @classmethod
    def _give_right(cls, field_group, right, source=None):
        """A right that is in force, as if two people had agreed."""
        owner = cls.env["hc.data.owner"].create(
            {
                "source_id": (source or cls.source).id,
                "field_group": field_group,
                "right": right,
            }
        )
        owner._config_write({"active": True})
        return owner

    @classmethod
    def _create_patient(cls, mrn, **vals):
        """A patient whom the facility treats."""
        return super()._create_patient(mrn, **{"facility_ids": cls.facility.ids, **vals})

    def _person(self, **parts):
        """Data of patient.updated for the patient of the office."""
        return {"facility_code": "RIV", "patient_mrn": self.patient.mrn, **parts}

    def _items(self, kind, record=None):
        """Open work items of a kind."""
        domain = [("kind", "=", kind), ("state", "=", "open")]
        if record:
            domain += [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return self.env["hc.work.item"].search(domain)
