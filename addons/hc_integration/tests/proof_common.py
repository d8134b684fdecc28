# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime

from .event_common import EventCase
from .test_event_encounter import COMPLETED

DAY = "2026-03-03"
NOW = datetime(2026, 3, 4, 12)


class ProofCase(EventCase):
    """A system that sent visits on one day, and says how many."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls._create_user("proof.operator", "operations")

    @classmethod
    def _visit(cls, number, minutes=0, **values):
        """A visit that the system reports; its exchange."""
        data = {**COMPLETED, "encounter_number": f"V-{number}"}
        return cls._send("encounter.completed", data, minutes, external_id=f"v{number}", **values)

    @classmethod
    def _tell(cls, *totals, minutes=600, **values):
        """Let the system tell its totals; the proof."""
        exchange = cls._send(
            "source.totals", {"day": DAY, "totals": list(totals)}, minutes, **values
        )
        cls.told_in = exchange
        return cls.env["hc.integration.proof"].search([("source_id", "=", cls.source.id)])

    @classmethod
    def _visits(cls, *ids):
        """The total of visits with their ids."""
        return {"event_type": "encounter.completed", "count": len(ids), "message_ids": list(ids)}

    def _get_items(self, kind="proof_difference"):
        self.env.invalidate_all()
        return self.env["hc.work.item"].search(
            [("kind", "=", kind), ("state", "in", ("open", "in_progress"))]
        )
