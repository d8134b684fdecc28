# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timezone

from odoo import fields, models

from ..hc_webhook_core import ordering
from .hc_event_handler import Event, EventRefusedError
from .hc_exchange_fhir_rows import ClinicalImportRow

# Attribute of the record → field of the patient, by part of master data.
PATIENT_PARTS = {
    "demographics": {
        "last_name": "last_name",
        "first_name": "first_name",
        "birth_date": "birth_date",
        "death_date": "death_date",
        "sex": "sex",
    },
    "address": {"street": "street", "city": "city", "state": "state_id", "zip": "zip"},
    "contact": {"phone": "phone", "email": "email"},
}
COVERAGE_FIELDS = {
    "member_id": "member_id",
    "group_number": "group_number",
    "plan_name": "plan_name",
    "relation": "subscriber_relation",
    "date_from": "date_from",
    "date_to": "date_to",
}
# A coverage "until 2999" has no end.
_LAST_YEAR = 2200


class HcExchange(models.Model):
    """Which values of a clinical document may be written: the rights that bind events bind it too.

    Documents are ordered among themselves, by time and version of each resource, not among the
    events of the same system: the two count differently.
    """

    _inherit = "hc.exchange"

    def _tell_patient(self, record, states):
        """What a patient's resource says, without what it leaves out: ``{part: {field: text}}``.

        :param dict states: ids of states by code and name, in capitals
        """
        told = {}
        for part, names in PATIENT_PARTS.items():
            values = {name: _to_text(getattr(record, key)) for key, name in names.items()}
            if values.get("state_id"):
                state_id = states.get(values["state_id"].upper())
                values["state_id"] = self.env["res.country.state"].browse(state_id).code
            told[part] = {name: value for name, value in values.items() if value}
        if told["demographics"].get("sex") == "unknown":
            del told["demographics"]["sex"]
        return told

    def _tell_coverage(self, record):
        """What a coverage's resource says: ``{part: {field: text}}``."""
        values = {name: _to_text(getattr(record, key)) for key, name in COVERAGE_FIELDS.items()}
        if record.date_to and record.date_to.year >= _LAST_YEAR:
            values["date_to"] = None
        return {"coverage": {name: value for name, value in values.items() if value}}

    def _begin_told(self, entries):
        """Put on record what a system told of records that were made from its resources.

        :param entries: ``[(record, draft's record, what it says by part)]``
        """
        source = self._get_clinical_source()
        if not source or not entries:
            return
        told = {}
        for record, resource, parts in entries:
            place = self._get_place(resource)
            told[_subject(record)] = {
                name: ordering.Told(place, ordering.digest(value))
                for values in parts.values()
                for name, value in values.items()
            }
        self.env["hc.event.position"]._begin(source, told)

    def _get_place(self, resource):
        """The place of a resource among its versions: time, then number, then arrival."""
        version = resource.version
        moment = version.last_updated
        if moment is not None and moment.tzinfo is not None:
            moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
        number = version.version_id if version.version_id.isdecimal() else ""
        return ordering.Position(
            0,
            moment.isoformat(timespec="microseconds") if moment else "",
            f"{number:0>20}|{self.id:012}",
        )

    def _update_owned(self, row, record, parts, *, owns=False):
        """Update a record as far as the sender's rights go; the rest becomes a proposal.

        :param parts: what the resource says: ``{part: {field: text}}``
        :param bool owns: without a connected system nobody gave rights; then, whether the record
            was made from this resource
        """
        source = self._get_clinical_source()
        if not source:
            self._update_unowned(row, record, parts, owns)
            return
        owners = self.env["hc.data.owner"]
        position = self.env["hc.event.position"]._lock(source, _subject(record))
        place = self._get_place(row.draft.record)
        event = Event(self, source, None, {}, place, position._get_told())
        try:
            outcome = owners._apply(event, record, parts)
        except EventRefusedError as refusal:
            row.errors.append(row.remark("", refusal.code, refusal.message))
            return
        position._keep(event.told)
        self._remark_differing(row, record, outcome.proposed)

    def _update_unowned(self, row, record, parts, owns):
        """What a document handed in by hand may do: fill what is empty."""
        owners = self.env["hc.data.owner"]
        record_sudo = record.sudo()
        told = {name: value for values in parts.values() for name, value in values.items()}
        current = {name: owners._read_text(record_sudo, name) for name in told}
        differing = {
            name: value
            for name, value in told.items()
            if ordering.digest(value) != ordering.digest(current[name])
        }
        changes = {name: val for name, val in differing.items() if owns or not current[name]}
        if changes:
            record_sudo.write(owners._to_vals(record_sudo, changes))
        self._remark_differing(row, record, differing.keys() - changes.keys())

    def _remark_differing(self, row, record, names):
        kind = "patient" if record._name == "hc.patient" else "coverage"
        for name in sorted(names):
            reason = self.env._("%(name)s differs from the record, which was kept.", name=name)
            row.warnings.append(row.remark(f"{kind}_{name}", f"{kind}_differs", reason))

    def _withdraw_coverage(self, row, coverage, *, owns):
        """End a coverage that its sender cancelled, if it may; otherwise people are asked."""
        source = self._get_clinical_source()
        right = self.env["hc.data.owner"]._get_right(source, "coverage") if source else "fill"
        if right == "owner" or (owns and right == "fill"):
            coverage.sudo().active = False
            return
        self._remark_differing(row, coverage, ["active"])
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "data_conflict",
                    "severity": "warning",
                    "queue_code": "patient_access",
                    "dedup_key": f"coverage_cancelled:{coverage.id}",
                    "name": self.env._(
                        "%(sender)s says that a coverage was cancelled", sender=self.sudo().source
                    ),
                    "description": self.env._(
                        "Ask the payer, then archive the coverage or leave it."
                    ),
                    "company_id": self.sudo().company_id.id,
                    "res_model": coverage._name,
                    "res_id": coverage.id,
                }
            ]
        )


class HcChargeImporter(models.AbstractModel):
    """Visits and charges say nothing new of persons: their own resources were taken in before."""

    _inherit = "hc.charge.importer"

    def _complete_patient(self, patient, vals, row):
        if isinstance(row, ClinicalImportRow):
            vals = {"facility_ids": vals["facility_ids"]}
        return super()._complete_patient(patient, vals, row)

    def _complete_coverage(self, coverage, charge):
        source = (
            self.env["hc.integration.source"]
            .sudo()
            .search([("code", "=", charge.source_system), ("company_id", "=", self.env.company.id)])
        )
        right = self.env["hc.data.owner"]._get_right(source, "coverage") if source else "fill"
        return None if right == "propose" else super()._complete_coverage(coverage, charge)


def _subject(record):
    return f"document:{record._name}:{record.id}"


def _to_text(value):
    if value is None or isinstance(value, str):
        return value or None
    return fields.Date.to_string(value)
