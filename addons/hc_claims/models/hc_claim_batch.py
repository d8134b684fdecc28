# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.hc_revenue_base.models.hc_patient import CLINICAL_GROUP, PHI_GROUP
from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES

from ..hc_x12.interchange import EnvelopeError
from ..lifecycles import CLAIM_BATCH
from .hc_claim_file import write_file

DOCUMENT_TYPES = {"professional": "x12_837p", "institutional": "x12_837i"}


class HcClaimBatch(models.Model):
    """One file of claims: an interchange with its control number, as it went out."""

    _name = "hc.claim.batch"
    _description = "Claim File"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _lifecycles = {"state": CLAIM_BATCH}
    _guarded_fields = frozenset(
        {
            "name",
            "clearinghouse_id",
            "company_id",
            "claim_type",
            "usage_indicator",
            "control_number",
            "claim_count",
            "amount_charged",
            "transaction_count",
            "written_at",
            "sent_at",
            "acknowledged_at",
            "exchange_id",
        }
    )

    name = fields.Char("File No.", required=True, readonly=True, copy=False)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="written",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    clearinghouse_id = fields.Many2one(
        "hc.clearinghouse", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    claim_type = fields.Selection(
        selection=lambda self: self.env["hc.claim"]._fields["claim_type"].selection,
        string="Form",
        required=True,
        readonly=True,
    )
    usage_indicator = fields.Selection(
        selection=lambda self: self.env["hc.clearinghouse"]._fields["usage_indicator"].selection,
        string="Usage",
        required=True,
        readonly=True,
    )
    control_number = fields.Integer(
        "Interchange No.", required=True, readonly=True, index=True, aggregator=None, help="ISA13."
    )
    claim_ids = fields.One2many("hc.claim", "batch_id", "Claims", readonly=True)
    status_ids = fields.One2many(
        "hc.claim.status", "batch_id", "Answers", domain=[("claim_id", "=", False)], readonly=True
    )
    claim_count = fields.Integer("Claims in File", readonly=True)
    transaction_count = fields.Integer("Transaction Sets", readonly=True)
    amount_charged = fields.Monetary("Charged", readonly=True)
    written_at = fields.Datetime("Written", required=True, readonly=True, index=True)
    sent_at = fields.Datetime("Handed Over", readonly=True)
    acknowledged_at = fields.Datetime("Acknowledged", readonly=True)
    exchange_id = fields.Many2one("hc.exchange", "File", readonly=True, ondelete="restrict")

    _name_unique = models.UniqueIndex("(company_id, name)", "This file number is taken.")
    _control_number_unique = models.UniqueIndex(
        "(clearinghouse_id, control_number)",
        "The clearinghouse has a file of this interchange number already.",
    )

    @api.model
    def _write_file(self, clearinghouse, claim_type, claims):
        """Write ready claims of one form into a file of a clearinghouse.

        A claim that the writer objects to after all is held, the others go out.

        :return: the batch; empty where no claim could be written
        :raise UserError: the clearinghouse's own numbers cannot be written
        """
        contents = claims._prepare_contents()
        claims._hold_objectionable(claims._get_content_objections(contents))
        claims = claims.filtered(lambda claim: claim.state == "ready")
        if not claims:
            return self.browse()
        now = self.env.cr.now().replace(microsecond=0)
        control_number = clearinghouse._take_control_number()
        try:
            data, outcome = write_file(
                claim_type,
                clearinghouse,
                control_number,
                now,
                [contents[claim.id] for claim in claims],
            )
        except EnvelopeError as error:
            message = self.env._("%(partner)s: %(error)s", partner=clearinghouse.name, error=error)
            raise UserError(message) from error
        if outcome.left_out or not outcome.transactions:
            messages = [finding.message for finding in outcome.findings.findings[:10]]
            raise UserError("\n".join([clearinghouse.name, *messages]))
        batch = self._create_guarded(
            [
                self._prepare_batch_vals(clearinghouse, claim_type, control_number, now)
                | {
                    "claim_count": outcome.documents,
                    "amount_charged": float(outcome.charge),
                    "transaction_count": len(outcome.transactions),
                }
            ]
        )
        batch._attach_file(data)
        claims._mark_submitted(batch, contents, outcome.transactions)
        return batch

    @api.model
    def _prepare_batch_vals(self, clearinghouse, claim_type, control_number, now):
        """Values of a batch; a module adds to ``super()``."""
        kind = "837P" if claim_type == "professional" else "837I"
        return {
            "name": f"{clearinghouse.code}-{kind}-{control_number:09d}",
            "clearinghouse_id": clearinghouse.id,
            "company_id": clearinghouse.company_id.id,
            "claim_type": claim_type,
            "usage_indicator": clearinghouse.usage_indicator,
            "control_number": control_number,
            "written_at": now,
        }

    def _attach_file(self, data):
        exchange = self.env["hc.exchange"]._send(
            DOCUMENT_TYPES[self.claim_type],
            self.clearinghouse_id.code,
            self.name,
            data,
            f"{self.name}.x12",
            company=self.company_id,
        )
        self._write_guarded({"exchange_id": exchange.id})

    def action_download(self):
        """Download the file."""
        self.ensure_one()
        self._check_file_access()
        return {
            "type": "ir.actions.act_url",
            "url": f"/revenue/claim-files/{self.id}.x12",
            "target": "self",
        }

    def _check_file_access(self):
        """A file shows the patients of all its claims: it is for who may read each of them.

        :raise AccessError: the user may not
        """
        self.ensure_one()
        self.check_access("read")
        claims = self.env["hc.claim"]
        may_see = self.env.su or all(map(self.env.user.has_group, (PHI_GROUP, CLINICAL_GROUP)))
        if not may_see or claims.search_count([("batch_id", "=", self.id)]) < self.claim_count:
            raise AccessError(
                self.env._(
                    "%(batch)s holds claims that you may not read. Ask somebody who sees all its "
                    "facilities.",
                    batch=self.name,
                )
            )

    def _read_file(self):
        """The file as it went out; that its patients were read is on record."""
        self._check_file_access()
        self.claim_ids._note_phi_read(["content"])
        return self.sudo().exchange_id.payload_attachment_id.raw

    def action_mark_sent(self):
        """The files were handed to their clearinghouse."""
        self.check_access("write")
        self._transition("sent")

    def _on_state_sent(self, previous):
        self._write_guarded({"sent_at": self.env.cr.now().replace(microsecond=0)})
        self.sudo().exchange_id._finish_sending()

    def action_open_claims(self):
        """Open the claims in the file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_claims.hc_claim_action")
        return action | {"domain": [("batch_id", "=", self.id)], "context": {}}

    def action_open_exchange(self):
        """Open the file as it was handed over."""
        self.ensure_one()
        return self.exchange_id._get_form_action()

    def _open_batch_item(self, key, name, description, severity="error"):
        self.ensure_one()
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "claim_batch",
                    "severity": severity,
                    "queue_code": "edi",
                    "dedup_key": f"claim_batch:{self.id}:{key}",
                    "name": name,
                    "description": description,
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    def _resolve_batch_items(self, resolution_code="fixed"):
        self.env["hc.work.item"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", OPEN_STATES),
            ]
        )._resolve(resolution_code)
