# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import csv
import io

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.hc_core import charge_csv, schema
from odoo.addons.hc_revenue_base.models.hc_encounter_feed import to_utc

from .hc_event_handler import EventOutcome, EventRefusedError, EventWaitsError

_OF_THE_VISIT = (
    "facility_code",
    "encounter_number",
    "patient_mrn",
    "encounter_class",
    "encounter_start",
    "patient_last_name",
    "patient_first_name",
    "patient_birth_date",
    "patient_sex",
    "payer_code",
    "member_id",
    "subscriber_relation",
)
_OF_THE_CHARGE = (
    "external_id",
    "service_date",
    "procedure_code",
    "modifiers",
    "units",
    "unit_price",
    "revenue_code",
    "place_of_service",
    "diagnosis_codes",
    "performer_npi",
    "department_code",
    "authorization_number",
)


class HcEventHandler(models.AbstractModel):
    """Visits: completed, coded, charged, in whatever order the three arrive."""

    _inherit = "hc.event.handler"

    @api.model
    def _apply_encounter_completed(self, event):
        facility = self._get_facility(event)
        encounter = self._find_encounter(event, facility)
        changed = []
        if not encounter:
            encounter = self._create_encounter(event, facility)
            changed.append("created")
        encounter.check_access("write")
        changed += self._write_period(event, encounter, facility)
        moved, _there, left = encounter._transition_where_allowed(
            "completed", facts=self._get_facts(event)
        )
        if left:
            raise EventRefusedError(
                "encounter_cancelled",
                self.env._("The visit %(number)s is cancelled.", number=encounter.number),
            )
        changed += ["state"] if moved else []
        return EventOutcome(
            record=encounter,
            changed=tuple(changed),
            arrived=(self._encounter_key(facility, encounter.number),),
        )

    @api.model
    def _get_facts(self, event):
        return {"exchange": event.exchange.id, "source": event.source.code}

    @api.model
    def _create_encounter(self, event, facility):
        """Enter the visit; without its start it waits for who knows it."""
        patient = self._get_patient(event, facility)
        if "started_at" not in event.data:
            self._get_encounter(event, facility)
        return self.env["hc.encounter"].create(
            {
                "number": event.data["encounter_number"],
                "source": event.source.code,
                "facility_id": facility.id,
                "patient_id": patient.id,
                "encounter_class": event.data.get("encounter_class", "ambulatory"),
                "started_at": self._read_moment(event, "started_at", facility),
            }
        )

    @api.model
    def _read_moment(self, event, name, facility):
        return to_utc(schema.read_moment(event.data[name]), facility.timezone)

    @api.model
    def _write_period(self, event, encounter, facility):
        """Write when the visit began and ended; the sender's last word counts until it is billed.

        :return: names of the fields that changed
        """
        vals = {"ended_at": self._read_moment(event, "completed_at", facility)}
        if "started_at" in event.data:
            vals["started_at"] = self._read_moment(event, "started_at", facility)
        if vals["ended_at"] < vals.get("started_at", encounter.started_at):
            raise EventRefusedError(
                "dates_reversed", self.env._("The visit ends before it begins.")
            )
        changed = [name for name, value in vals.items() if encounter[name] != value]
        if encounter.ended_at and "billed" in encounter.sudo().charge_ids.mapped("state"):
            return []
        if changed:
            encounter.write({name: vals[name] for name in changed})
        return changed

    @api.model
    def _apply_coding_approved(self, event):
        facility = self._get_facility(event)
        encounter = self._get_encounter(event, facility)
        if not event.exchange._may_approve_coding():
            raise self.env["hc.refused.attempt"]._refuse(
                encounter,
                "code",
                self.env._("Only coders approve codes. Ask your coding team."),
                reason="not_coder",
            )
        encounter.check_access("write")
        moved, _there, left = encounter._transition_where_allowed(
            "approved", field_name="coding_state", facts=self._get_facts(event)
        )
        if left:
            raise EventWaitsError(
                self._encounter_key(facility, encounter.number),
                self.env._("The visit has no services yet."),
            )
        return EventOutcome(record=encounter, changed=("coding_state",) if moved else ())

    @api.model
    def _apply_charge_posted(self, event):
        event.exchange._check_may_import()
        facility = self._get_facility(event)
        if not event.data["charges"]:
            raise EventRefusedError("data_invalid", self.env._("/charges is empty."))
        importer = self.env["hc.charge.importer"]
        received_at = event.exchange.sudo().create_date
        as_of = self.env["hc.operation"]._get_latest_day(facility, received_at)
        parsed = list(charge_csv.read_charges(io.BytesIO(_to_csv(event.data)), as_of))
        rows = importer._import_rows(parsed, event.exchange, importer._get_references())
        event.exchange.sudo()._record_event_rows(rows)
        encounters = self.env["hc.encounter"].search([("feed_exchange_id", "=", event.exchange.id)])
        encounters._apply_feed_status(may_approve_coding=False)
        self.env.flush_all()
        refused = [row for row in rows if row.errors]
        if len(refused) == len(rows):
            raise UserError("\n".join(issue.message for row in refused for issue in row.errors))
        return EventOutcome(
            code="partly" if refused else "applied",
            record=self._find_encounter(event, facility),
            changed=(f"charges: {len(rows) - len(refused)}",),
            note="\n".join(issue.message for row in refused for issue in row.errors),
            arrived=(
                self._encounter_key(facility, event.data["encounter_number"]),
                self._patient_key(event.data["patient_mrn"]),
            ),
        )


def _to_csv(data):
    """The charges as the file that the importer reads: the same checks, the same keys."""
    columns = [*_OF_THE_VISIT, *_OF_THE_CHARGE, "encounter_status"]
    target = io.StringIO()
    writer = csv.DictWriter(target, columns, restval="", lineterminator="\n")
    writer.writeheader()
    visit = {name: data[name] for name in _OF_THE_VISIT if name in data}
    for charge in data["charges"]:
        told = {
            name: " ".join(value) if isinstance(value, list) else value
            for name, value in charge.items()
        }
        # That the visit is over is another event's word.
        writer.writerow({**visit, **told, "encounter_status": "in_progress"})
    return target.getvalue().encode()
