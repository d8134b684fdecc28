# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from .. import lifecycles
from ..hc_webhook_core import ordering


class HcDataProposal(models.Model):
    """Where a connected system says otherwise than a record: old and new, for people to decide."""

    _name = "hc.data.proposal"
    _description = "Conflicting Update"
    _inherit = ["hc.lifecycle.mixin", "hc.phi.mixin", "mail.thread"]
    _order = "id desc"
    _rec_name = "source_id"
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.DATA_PROPOSAL}
    _guarded_fields = frozenset(
        {
            "source_id",
            "exchange_id",
            "patient_id",
            "res_model",
            "res_id",
            "line_ids",
            "decided_by_id",
            "decided_at",
        }
    )
    _guarded_line_models = ("hc.data.proposal.line",)

    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    source_id = fields.Many2one(
        "hc.integration.source", "Connected System", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    exchange_id = fields.Many2one("hc.exchange", "Event", readonly=True, index="btree_not_null")
    patient_id = fields.Many2one(
        "hc.patient", required=True, readonly=True, index=True, ondelete="restrict"
    )
    res_model = fields.Char("Record Type", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    line_ids = fields.One2many("hc.data.proposal.line", "proposal_id", "Values")
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime("Decided", readonly=True)

    _open_once = models.UniqueIndex(
        "(source_id, res_model, res_id) WHERE state = 'open'",
        "This system has an open proposal for the record already.",
    )

    @api.depends("source_id.name", "patient_id.mrn")
    def _compute_display_name(self):
        for proposal in self:
            proposal.display_name = self.env._(
                "%(sender)s about %(mrn)s",
                sender=proposal.source_id.name or "",
                mrn=proposal.patient_id.mrn or "",
            )

    @api.model
    def _renew(self, event, record, proposed, settled, current):
        """Bring the open proposal of a source for a record up to date.

        :param dict proposed: ``{field: text}`` about which people decide
        :param settled: fields that say what the source says by now
        :param dict current: ``{field: text}`` as the record says now
        """
        known = self.sudo().search(
            [
                ("source_id", "=", event.source.id),
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("state", "=", "open"),
            ]
        )
        kept = {line.field_name: line.value_proposed for line in known.line_ids}
        wanted = {name: value for name, value in kept.items() if name not in settled}
        wanted |= self._drop_rejected(event, record, proposed)
        if wanted == kept:
            return known.sudo(self.env.su)
        known._supersede()
        if not wanted:
            return known.browse()
        created = self.sudo()._create_guarded([self._prepare_vals(event, record, wanted, current)])
        created._open_item()
        return created.sudo(self.env.su)

    @api.model
    def _drop_rejected(self, event, record, proposed):
        """What people have rejected is not asked again while the source says the same."""
        lines = (
            self.env["hc.data.proposal.line"]
            .sudo()
            .search(
                [
                    ("proposal_id.source_id", "=", event.source.id),
                    ("proposal_id.res_model", "=", record._name),
                    ("proposal_id.res_id", "=", record.id),
                    ("proposal_id.state", "in", ("accepted", "rejected")),
                    ("field_name", "in", list(proposed)),
                ],
                order="id",
            )
        )
        rejected = {
            line.field_name: ordering.digest(line.value_proposed)
            for line in lines
            if line.proposal_id.state == "rejected" or not line.is_taken
        }
        return {
            name: value
            for name, value in proposed.items()
            if rejected.get(name) != ordering.digest(value)
        }

    @api.model
    def _prepare_vals(self, event, record, wanted, current):
        owners = self.env["hc.data.owner"]
        record_sudo = record.sudo()
        patient = record_sudo if record._name == "hc.patient" else record_sudo.patient_id
        return {
            "source_id": event.source.id,
            "exchange_id": event.exchange.id,
            "patient_id": patient.id,
            "res_model": record._name,
            "res_id": record.id,
            "line_ids": [
                Command.create(
                    {
                        "field_name": name,
                        "value_before": current.get(name, owners._read_text(record_sudo, name)),
                        "value_proposed": value,
                    }
                )
                for name, value in sorted(wanted.items())
            ],
        }

    def _open_item(self):
        self.ensure_one()
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "data_conflict",
                    "severity": "warning",
                    "queue_code": "patient_access",
                    "dedup_key": f"data_proposal:{self.id}",
                    "name": self.env._(
                        "%(sender)s says otherwise about patient %(mrn)s",
                        sender=self.source_id.name,
                        mrn=self.patient_id.mrn,
                    ),
                    "description": self.env._(
                        "Ask the patient, then take the values over or reject them."
                    ),
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    def _resolve_items(self, resolution_code):
        self.env["hc.work.item"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", ("open", "in_progress")),
            ]
        )._resolve(resolution_code)

    def _supersede(self):
        """What the source says now is another proposal, or none."""
        self._transition("superseded")
        self._resolve_items("superseded")

    def action_accept(self):
        """Take the marked values over into the record, as the person who decides."""
        self._check_may_decide()
        for proposal in self:
            record = proposal._get_record()
            lines = proposal.line_ids.filtered("is_taken")
            if not lines:
                raise UserError(self.env._("Mark at least one value to take over, or reject all."))
            proposal._transition("accepted", facts={"fields": lines.mapped("field_name")})
            values = {line.field_name: line.value_proposed for line in lines}
            owners = self.env["hc.data.owner"]
            record.write(owners._to_vals(record.sudo(), values))
            proposal._note_decision()

    def action_reject(self):
        """Keep the record as it is."""
        self._check_may_decide()
        for proposal in self:
            proposal._transition(
                "rejected", facts={"fields": proposal.line_ids.mapped("field_name")}
            )
            proposal._note_decision()

    def _note_decision(self):
        self._write_guarded(
            {
                "decided_by_id": self.env.uid,
                "decided_at": self.env.cr.now().replace(microsecond=0),
            }
        )
        self._resolve_items("fixed")

    def _get_record(self):
        """The record that the proposal is about, if the user may change it.

        :raise AccessError: the user may not
        """
        record = self.env[self.res_model].browse(self.res_id)
        record.check_access("write")
        return record

    def _check_may_decide(self):
        """Who sees no patient data cannot compare them.

        :raise AccessError: no right to patient data
        """
        self.check_access("write")
        if not self.env.user.has_group(PHI_GROUP):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "decide",
                self.env._("Deciding needs the right to see patient data. Ask your team lead."),
                reason="no_patient_data",
            )

    def action_open_record(self):
        """Open the record that the system says otherwise about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
