# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core import csv_safe

from ..hc_webhook_core import ordering
from .hc_event_handler import EventOutcome, EventRefusedError, EventWaitsError

# Names of the event in those of the coverage.
_COVERAGE_FIELDS = {
    "member_id": "member_id",
    "group_number": "group_number",
    "plan_name": "plan_name",
    "plan_date_from": "date_from",
    "plan_date_to": "date_to",
    "subscriber_relation": "subscriber_relation",
}
_RESULT_FIELDS = (
    "facility_code",
    "patient_mrn",
    "payer_code",
    "checked_on",
    "reference",
    "channel",
    "plan_date_from",
    "plan_date_to",
    "plan_name",
    "member_id",
)


class HcEventHandler(models.AbstractModel):
    """Coverages and authorizations: answers of payers that were found out elsewhere."""

    _inherit = "hc.event.handler"

    @api.model
    def _apply_coverage_verified(self, event):
        data = event.data
        facility = self._get_facility(event)
        patient = self._get_patient(event, facility)
        payer = self._get_payer(event)
        outcome_code = self._get_canonical(event, "outcome", "coverage")
        self.env["hc.coverage"].check_access("write")
        self._check_texts(event, ("reference", "member_id", "group_number", "plan_name"))
        if fields.Date.to_date(data["checked_on"]) > self.env["hc.operation"]._get_latest_day(
            facility
        ):
            raise EventRefusedError("data_invalid", self.env._("/checked_on lies ahead."))
        coverage = self._get_coverage(event, patient, payer)
        values = {ours: data[name] for name, ours in _COVERAGE_FIELDS.items() if name in data}
        result = self.env["hc.data.owner"]._apply(event, coverage, {"coverage": values})
        if outcome_code and ordering.split(event.told, ["result"], event.place)[0]:
            self._record_result(event, coverage, outcome_code)
            event.told["result"] = ordering.Told(event.place)
            result.changed += ("eligibility_status",)
            result.code = "applied" if result.code == "superseded" else result.code
        return result

    @api.model
    def _get_coverage(self, event, patient, payer):
        """The patient's coverage with the payer; entered where the source may.

        :raise EventWaitsError: there is none, and the source may only propose
        """
        coverages_sudo = (
            patient.sudo().coverage_ids.filtered(lambda each: each.payer_id == payer).sorted("id")
        )
        member_id = event.data.get("member_id")
        same_member = coverages_sudo.filtered(lambda each: each.member_id == member_id)
        found = (same_member or coverages_sudo)[:1]
        if found:
            return found.sudo(False)
        if self.env["hc.data.owner"]._get_right(event.source, "coverage") == "propose":
            raise EventWaitsError(
                f"coverage:{patient.id}:{payer.id}",
                self.env._("The patient has no coverage with this payer yet."),
            )
        self.env["hc.coverage"].check_access("create")
        created_sudo = (
            self.env["hc.coverage"]
            .sudo()
            .create(
                {
                    "patient_id": patient.id,
                    "payer_id": payer.id,
                    "coverage_order": event.data.get("coverage_order", "1"),
                    "subscriber_relation": event.data.get("subscriber_relation", "self"),
                }
            )
        )
        return created_sudo.sudo(False)

    @api.model
    def _record_result(self, event, coverage, outcome_code):
        """Put the payer's answer on record: by the module for it, or on the coverage itself."""
        code = event.definition.operation
        if self._has_operation(code):
            payload = {
                name: event.data[name]
                for name in _RESULT_FIELDS
                if event.data.get(name) is not None
            }
            payload |= {"outcome": outcome_code, "exchange_id": event.exchange.id}
            self._run_operation(event, payload)
            return
        checked_on = fields.Date.to_date(event.data["checked_on"])
        coverage_sudo = coverage.sudo()
        known = coverage_sudo.eligibility_checked_on
        if not known or known <= checked_on:
            coverage_sudo.write(
                {
                    "eligibility_status": outcome_code,
                    "eligibility_checked_on": checked_on,
                    "eligibility_note": f"{event.source.name} {event.data['reference']}",
                }
            )

    @api.model
    def _check_texts(self, event, names):
        """Refuse text that a spreadsheet would run once it is exported."""
        for name in names:
            if csv_safe.is_dangerous(event.data.get(name) or ""):
                raise EventRefusedError(
                    "formula_text",
                    self.env._("/%(name)s begins like a spreadsheet formula.", name=name),
                )

    @api.model
    def _apply_authorization_decided(self, event):
        facility = self._get_facility(event)
        patient = self._get_patient(event, facility)
        payer = self._get_payer(event)
        decision = self._get_canonical(event, "decision", "authorization")
        self.env["hc.authorization"].check_access("write")
        self._check_texts(event, ("number",))
        known_sudo = (
            self.env["hc.authorization"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("payer_id", "=", payer.id),
                    ("patient_id", "=", patient.id),
                    ("number", "=", event.data["number"]),
                ]
            )
        )
        if decision in ("denied", "cancelled"):
            event.exchange.sudo()._open_event_item(
                "authorization_refused",
                self.env._("Authorization %(number)s was refused", number=event.data["number"]),
                self.env._(
                    "Decision: %(decision)s. Archive the authorization if it is on file, ask for "
                    "another one, or appeal.",
                    decision=decision,
                ),
                queue_code="prior_auth",
                facility=facility,
            )
            return EventOutcome(code="proposed", record=known_sudo.sudo(False))
        if decision not in ("approved", "modified"):
            return self._no_change(
                known_sudo.sudo(False), self.env._("Not decided yet: nothing changes here.")
            )
        values = self._get_authorization_values(event)
        authorization = known_sudo or self._create_authorization(event, patient, payer, values)
        return self.env["hc.data.owner"]._apply(
            event, authorization.sudo(False), {"authorization": values}
        )

    @api.model
    def _get_authorization_values(self, event):
        data = event.data
        values = {
            name: data[name] for name in ("date_from", "date_to", "approved_units") if name in data
        }
        if "procedure_codes" in data:
            values["code_ids"] = " ".join(sorted(set(data["procedure_codes"])))
        first, last = values.get("date_from"), values.get("date_to")
        if first and last and last < first:
            raise EventRefusedError(
                "dates_reversed", self.env._("The authorization ends before it begins.")
            )
        return values

    @api.model
    def _create_authorization(self, event, patient, payer, values):
        """Enter an authorization that nobody had on file; who may only propose waits for it."""
        missing = [name for name in ("date_from", "date_to") if name not in values]
        if missing:
            raise EventRefusedError(
                "data_invalid",
                self.env._("A new authorization needs %(names)s.", names=", ".join(missing)),
            )
        if self.env["hc.data.owner"]._get_right(event.source, "authorization") == "propose":
            raise EventWaitsError(
                f"authorization:{patient.id}:{payer.id}:{event.data['number']}",
                self.env._("The authorization is not on file yet."),
            )
        self.env["hc.authorization"].check_access("create")
        return (
            self.env["hc.authorization"]
            .sudo()
            .create(
                {
                    "number": event.data["number"],
                    "authorization_type": event.data.get("authorization_type", "authorization"),
                    "patient_id": patient.id,
                    "payer_id": payer.id,
                    "coverage_id": patient.sudo()
                    .coverage_ids.filtered(lambda each: each.payer_id == payer)[:1]
                    .id,
                    "date_from": values["date_from"],
                    "date_to": values["date_to"],
                }
            )
        )
