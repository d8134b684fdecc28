# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date

from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.operations import OperationDefinition, OperationError
from odoo.addons.hc_revenue_base.hc_core.schema_parts import optional, record, rows, text

from .hc_event_handler_totals import TELLERS

_READERS = ("hc_revenue_base.group_hc_integration", *TELLERS)
_DIFFERENCES_MAX = 1_000


class HcOperation(models.AbstractModel):
    """What a system asks after it told its totals: which messages it has to send again."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [self._define_fetch_proof()]

    @api.model
    def _define_fetch_proof(self):
        total = record(
            ("event_type", "held_count"),
            event_type=text(64),
            currency=optional(text(3)),
            told_count=optional({"type": "integer"}),
            held_count={"type": "integer"},
            unfinished_count={"type": "integer"},
        )
        difference = record(
            ("kind", "event_type"),
            kind=text(16),
            event_type=text(64),
            reference=optional(text(255)),
        )
        return OperationDefinition(
            code="source.proof",
            version=1,
            summary=self.env._("The proof of a day: what is held, and what is missing."),
            schema_in=record(
                ("source", "day"),
                source=text(64, minLength=1),
                day={"type": "string", "format": "date", "maxLength": 10},
            ),
            schema_out=record(
                ("state", "totals", "differences"),
                state=text(32),
                totals=rows(total, 200),
                differences=rows(difference, _DIFFERENCES_MAX),
            ),
            groups=_READERS,
            handler="_operation_fetch_proof",
            is_write=False,
        )

    @api.model
    def _operation_fetch_proof(self, payload):
        proof_sudo = (
            self.env["hc.integration.proof"]
            .sudo()
            .search(
                [
                    ("source_id.code", "=", payload["source"]),
                    ("company_id", "=", self.env.company.id),
                    ("day", "=", date.fromisoformat(payload["day"])),
                ]
            )
        )
        user = self.env.user
        may_know = proof_sudo.source_id.user_id == user or any(map(user.has_group, TELLERS))
        if not proof_sudo or not (may_know or self._is_orchestrator(user)):
            raise OperationError("not_found", what="proof of this day")
        return {
            "state": proof_sudo.state,
            "totals": [
                {
                    "event_type": line.event_type,
                    "currency": line.currency_id.name or None,
                    "told_count": line.told_count if line.is_told else None,
                    "held_count": line.held_count,
                    "unfinished_count": line.unfinished_count,
                }
                for line in proof_sudo.line_ids
            ],
            "differences": [
                {
                    "kind": difference.kind,
                    "event_type": difference.event_type,
                    "reference": difference.reference or None,
                }
                for difference in proof_sudo.difference_ids
                if difference.state == "open"
            ][:_DIFFERENCES_MAX],
        }

    @api.model
    def _is_orchestrator(self, user):
        """Whether a system watches over the others of its company: counts and ids, no content."""
        return bool(
            self.env["hc.integration.source"]
            .sudo()
            .search_count(
                [
                    ("user_id", "=", user.id),
                    ("kind", "=", "orchestrator"),
                    ("state", "=", "active"),
                    ("company_id", "=", self.env.company.id),
                ],
                limit=1,
            )
        )
