# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from odoo.addons.hc_revenue_base.models.hc_charge_importer import Issue
from odoo.addons.hc_revenue_base.models.hc_encounter_feed import to_utc

from ..hc_fhir.digests import record_digest
from .hc_exchange_fhir_rows import ClinicalImportRow, read_row


class HcExchange(models.Model):
    """One step of a clinical document: its drafts by kind, each kind as one set."""

    _inherit = "hc.exchange"

    def _take_in_step(self, intake, step, references):
        """Take in some drafts.

        :param step: ``[(index of the draft, draft)]``
        :param references: of the charge importer, kept for the whole document
        :return: one import row for each, with its remarks
        """
        resources = self.env["hc.fhir.resource"]
        source = self.sudo().source
        known = resources._find(source, [draft.record.key for _i, draft in step if draft.record])
        rows = [self._start_draft_row(index, draft) for index, draft in step]
        by_kind = {}
        for row in rows:
            if not row.errors and not self._is_outdated(row, known, intake):
                by_kind.setdefault(row.draft.kind, []).append(row)
        for kind, members in by_kind.items():
            take_in = getattr(self, f"_take_in_{kind}", None)
            if take_in:
                self._keep_remarks(members, take_in(intake, members, known, references))
        taken = [row for members in by_kind.values() for row in members if not row.errors]
        self._remember_rows(intake, taken, known)
        return rows

    def _start_draft_row(self, index, draft):
        row = ClinicalImportRow(
            index,
            draft.position,
            f"{draft.source_kind}/{draft.resource_id}"[:64],
            None,
            draft=draft,
        )
        for finding in draft.findings:
            remarks = row.errors if finding.is_error else row.warnings
            remarks.append(Issue(finding.path, finding.code, str(finding)))
        return row

    def _is_outdated(self, row, known, intake):
        """Whether a later version of the resource was taken in before; it is left alone then."""
        record = row.draft.record
        resource = known.get(record.key) if record else None
        if not resource:
            return False
        verdict = resource._compare(record, intake)
        if verdict in ("older", "undated"):
            row.repeated = True
            row.warnings.append(
                row.remark("", verdict, self.env._("a newer version was received before."))
            )
        elif verdict == "same":
            row.repeated = True
            # A visit is looked at again: it may have waited for what was refused the first time.
            return row.draft.kind not in ("visit", "charge")
        return verdict != "newer"

    def _keep_remarks(self, rows, imported):
        """Carry over what the importer has found out about its own rows."""
        for row, outcome in zip(rows, imported or (), strict=False):
            row.errors += outcome.errors
            row.warnings += outcome.warnings
            row.repeated = row.repeated or outcome.repeated
            row.resolved, row.charge = outcome.resolved, outcome.charge

    def _take_in_visit(self, intake, rows, known, references):
        """Visits, through the charge importer; cancelled ones are cancelled."""
        importer = self.env["hc.charge.importer"]
        cancelled = [row for row in rows if row.draft.record.state == "cancelled"]
        self._cancel_visits(intake, cancelled, references)
        others = [row for row in rows if row.draft.record.state != "cancelled"]
        outcome = importer._import_visits(self._read_rows(intake, others), self, references)
        self._keep_remarks(others, outcome)
        sound = [row for row in others if not row.errors]
        ids = importer._find_visit_ids(sound)
        for row in sound:
            row.made = {"res_model": "hc.encounter", "res_id": ids[row.row_index]}
        self._leave_planned(sound)
        self._update_visits(sound, known, intake)

    def _take_in_charge(self, intake, rows, _known, references):
        """Charges, as rows of a charge file."""
        importer = self.env["hc.charge.importer"]
        return importer._import_rows(self._read_rows(intake, rows), self, references)

    def _read_rows(self, intake, rows):
        as_of = fields.Date.context_today(self, self.sudo().create_date)
        return [
            read_row(row.draft, row.row_index, as_of, record_digest(row.draft.record, intake))
            for row in rows
        ]

    def _leave_planned(self, rows):
        """A visit that is merely planned does not begin because it was told of."""
        planned = self._browse_visits(row for row in rows if row.draft.record.state == "planned")
        planned = planned.filtered(lambda visit: visit.state == "planned")
        planned._write_guarded({"feed_exchange_id": False})

    def _browse_visits(self, rows):
        return self.env["hc.encounter"].browse([row.made["res_id"] for row in rows])

    def _cancel_visits(self, intake, rows, references):
        """Cancel visits that exist here; one that was never told of needs no record."""
        importer = self.env["hc.charge.importer"]
        checked = importer._check_rows(
            self._read_rows(intake, rows), self.sudo().source, references
        )
        self._keep_remarks(rows, checked)
        sound = [row for row in rows if not row.errors]
        ids = importer._find_visit_ids(sound)
        found = [row for row in sound if ids[row.row_index]]
        for row in found:
            row.made = {"res_model": "hc.encounter", "res_id": ids[row.row_index]}
        visits = self._browse_visits(found)
        facts = {"exchange": self.id, "source": self.sudo().source}
        stuck = visits._transition_where_allowed("cancelled", facts=facts)[2]
        reason = self.env._(
            "the sender cancelled a visit that is completed or billed here. Cancel its case first, "
            "or ask the sender."
        )
        for row in found:
            if row.made["res_id"] in stuck.ids:
                row.errors.append(row.remark("encounter_status", "cancel_refused", reason))

    def _update_visits(self, rows, known, intake):
        """Take over what a newer version says of this source's visits that nobody has billed."""
        for row in rows:
            record = row.draft.record
            resource = known.get(record.key)
            if not resource or resource._compare(record, intake) != "newer":
                continue
            visit = self._browse_visits([row])
            if visit.case_ids or visit.source != self.sudo().source:
                continue
            zone_name = visit.facility_id.timezone
            changes = {
                "encounter_class": record.encounter_class,
                "started_at": to_utc(record.started_at, zone_name),
            }
            if record.ended_at:
                changes["ended_at"] = to_utc(record.ended_at, zone_name)
            visit.write({name: val for name, val in changes.items() if visit[name] != val})

    def _remember_rows(self, intake, rows, known):
        """Put the versions that were taken in on file, with the records made from them."""
        resources = self.env["hc.fhir.resource"]
        entries = []
        for row in rows:
            record = row.draft.record
            resource = known.get(record.key) if record else None
            if record is None or (resource and resource._compare(record, intake) == "same"):
                continue
            vals = resources._prepare_vals(row.draft, intake)
            vals |= {"is_origin": False, "res_model": False, "res_id": 0} | row.made
            entries.append((record.key, vals))
        resources._remember(entries, known, self)
