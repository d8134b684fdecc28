# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib

from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.lifecycle import State, Transition

from ..hc_webhook_core import events
from .hc_event_handler import EventRefusedError, EventWaitsError

OUTCOMES = [
    ("applied", "Applied"),
    ("partly", "Applied in Part"),
    ("proposed", "For People to Decide"),
    ("superseded", "Superseded"),
    ("matched", "Entered by Hand Before"),
    ("waiting", "Waiting"),
    ("refused", "Refused"),
]
_CHANGES_SHOWN = 500


class HcExchange(models.Model):
    """What became of an event: applied, superseded, waiting for its subject, or refused."""

    _inherit = "hc.exchange"

    event_outcome = fields.Selection(OUTCOMES, "Outcome", readonly=True, index="btree_not_null")
    event_note = fields.Text("What Became of It", readonly=True)
    event_changes = fields.Char(
        "Changed", readonly=True, help="Names of what was changed; no values."
    )
    event_res_model = fields.Char("Record Type", readonly=True)
    event_res_id = fields.Many2oneReference("Record", model_field="event_res_model", readonly=True)
    event_business_key = fields.Char(
        "Business Key",
        readonly=True,
        index="btree_not_null",
        help="Digest of what makes two messages one fact.",
    )
    event_wait_key = fields.Char("Waits For", readonly=True, index="btree_not_null")
    event_wait_until = fields.Datetime(
        "Patience Ends", readonly=True, help="When a person is asked to help."
    )
    event_wait_count = fields.Integer("Tries While Waiting", readonly=True)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "event_outcome",
            "event_note",
            "event_changes",
            "event_res_model",
            "event_res_id",
            "event_business_key",
            "event_wait_key",
            "event_wait_until",
            "event_wait_count",
        }

    @api.model
    def _get_lifecycle(self, field_name):
        lifecycle = super()._get_lifecycle(field_name)
        if field_name != "state":
            return lifecycle
        return lifecycle.extend(
            [State("waiting", "Waiting for Its Subject")],
            [
                Transition("processing", "waiting", "its subject is not there yet", "system"),
                Transition("waiting", "received", "its subject may be there", "system"),
                Transition("waiting", "rejected", "its subject never came", "system, operations"),
            ],
        )

    def _handle_event(self, checkpoint):
        """Apply an event as its sender; see :class:`hc.event.handler`.

        :return: True: an event is one step
        """
        self.ensure_one()
        self_sudo = self.sudo()
        if self_sudo.state in ("done", "rejected"):
            return True
        self_sudo._transition_where_allowed("processing")
        try:
            with self.env.cr.savepoint():
                outcome = self.env["hc.event.handler"]._handle(self)
        except EventRefusedError as refusal:
            self_sudo._refuse_event(refusal)
        except EventWaitsError as wait:
            self_sudo._let_wait(wait)
        else:
            self_sudo._finish_event(outcome)
        checkpoint(1, 0)
        return True

    def _finish_event(self, outcome):
        """Keep what an event did, and let those go on that waited for it."""
        record = outcome.record
        vals = {
            "event_outcome": outcome.code,
            "event_note": outcome.note or False,
            "event_changes": ", ".join(outcome.changed)[:_CHANGES_SHOWN] or False,
            "event_wait_key": False,
            "event_result": {"outcome": outcome.code, "changed": list(outcome.changed)},
            "error": False,
            "finished_at": self.env.cr.now().replace(microsecond=0),
        }
        if record:
            vals |= {"event_res_model": record._name, "event_res_id": record.id}
        self._write_guarded(vals)
        self._transition(
            "done",
            facts={
                "outcome": outcome.code,
                "changed": list(outcome.changed),
                **({"model": record._name, "record": record.id} if record else {}),
            },
        )
        self._resolve_event_items("fixed")
        if outcome.code == "partly":
            self._open_event_item(
                "charges_refused",
                self.env._("%(name)s: charges were refused", name=self.name),
                outcome.note,
                queue_code="charge_integrity",
            )
        self._wake_waiting(outcome.arrived)

    def _refuse_event(self, refusal):
        """Refuse an event for good, and ask a person why it was sent."""
        self._write_guarded(
            {
                "event_outcome": "refused",
                "event_note": refusal.message,
                "event_wait_key": False,
                "event_result": {"outcome": "refused", "code": refusal.code},
                "error": refusal.message,
                "finished_at": self.env.cr.now().replace(microsecond=0),
            }
        )
        self._transition("rejected", reason=refusal.message, facts={"code": refusal.code})
        self._resolve_event_items("superseded")
        # One item for all that a system sends wrong in the same way: a thousand would be one
        # cause and nine hundred and ninety-nine more clicks.
        self._open_event_item(
            f"refused:{refusal.code}",
            self.env._("%(name)s was refused", name=self.name),
            self.env._(
                "%(reason)s\nEvents of this system that are refused for the same reason while "
                "this is open are listed under Refused or Given Up on its page.",
                reason=refusal.message,
            ),
            of_source=True,
        )

    def _open_import_item(self, key, name, description, kind="import_failed"):
        # As for refused events: one cause, one item.
        if self.document_type == "event" and key == "gave_up":
            return self._open_event_item(key, name, description, of_source=True)
        return super()._open_import_item(key, name, description, kind)

    def _open_event_item(
        self, key, name, description, queue_code="operations", facility=None, *, of_source=False
    ):
        """Ask people about an event; once while the item is open.

        :param bool of_source: one item for all events of the system with this key
        """
        self.ensure_one()
        subject = f"event_source:{self.source_id.id}" if of_source else f"event:{self.id}"
        vals = {
            "kind": "event",
            "queue_code": queue_code,
            "dedup_key": f"{subject}:{key}",
            "name": name,
            "description": description,
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }
        if facility:
            vals["facility_id"] = facility.id
        return self.env["hc.work.item"]._open([vals])

    def _resolve_event_items(self, resolution_code):
        """What an item asked for has happened."""
        self.env["hc.work.item"].sudo().search(
            [
                ("kind", "=", "event_waiting"),
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", ("open", "in_progress")),
            ]
        )._resolve(resolution_code)

    def _record_event_rows(self, rows):
        """Count the charges of an event and keep the remarks on them."""
        known = self.row_ids.mapped("row_index")
        self.env["hc.exchange.row"]._create_guarded(
            [
                self._prepare_row_vals(row)
                for row in rows
                if (row.errors or row.warnings) and row.row_index not in known
            ]
        )
        refused = sum(bool(row.errors) for row in rows)
        repeated = sum(row.repeated for row in rows)
        self._write_guarded(
            {
                "total_count": len(rows),
                "processed_count": len(rows),
                "failed_count": refused,
                "repeated_count": repeated,
                "imported_count": len(rows) - refused - repeated,
            }
        )

    @api.model
    def _digest_business_key(self, definition, data):
        """Digest of what makes two messages one fact; the key itself may hold patient data."""
        return hashlib.sha256(events.business_key(definition, data).encode()).hexdigest()

    def action_open_event_record(self):
        """Open what the event was about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.event_res_model,
            "res_id": self.event_res_id,
            "views": [(False, "form")],
        }
