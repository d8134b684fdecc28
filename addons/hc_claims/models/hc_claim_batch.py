# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import CLINICAL_GROUP, PHI_GROUP

from ..lifecycles import CLAIM_BATCH
from .hc_claim_file import write_file

DOCUMENT_TYPES = {"professional": "x12_837p", "institutional": "x12_837i"}


class HcClaimBatch(models.Model):
    """One file of claims: an interchange with its control number, as it went out."""

    _name = "hc.claim.batch"
    _description = "Claim File"
    _inherit = [
        "hc.clearinghouse.file.mixin",
        "hc.lifecycle.mixin",
        "hc.batch.mixin",
        "mail.thread",
    ]
    _order = "id desc"
    _check_company_auto = True
    _lifecycles = {"state": CLAIM_BATCH}
    _guarded_fields = frozenset(
        {"claim_type", "claim_count", "amount_charged", "transaction_count"}
    )
    _file_route = "claim-files"
    _file_item_kind = "claim_batch"

    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="written",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    claim_type = fields.Selection(
        selection=lambda self: self.env["hc.claim"]._fields["claim_type"].selection,
        string="Form",
        required=True,
        readonly=True,
    )
    claim_ids = fields.One2many("hc.claim", "batch_id", "Claims", readonly=True)
    status_ids = fields.One2many(
        "hc.claim.status", "batch_id", "Answers", domain=[("claim_id", "=", False)], readonly=True
    )
    claim_count = fields.Integer("Claims in File", readonly=True)
    transaction_count = fields.Integer("Transaction Sets", readonly=True)
    amount_charged = fields.Monetary("Charged", readonly=True)

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
        with self._writing_to(clearinghouse):
            data, outcome = write_file(
                claim_type,
                clearinghouse,
                control_number,
                now,
                [contents[claim.id] for claim in claims],
            )
        if outcome.left_out or not outcome.transactions:
            self._refuse_unwritten(clearinghouse, outcome)
        label = "837P" if claim_type == "professional" else "837I"
        batch = self._create_guarded(
            [
                self._prepare_file_vals(clearinghouse, label, control_number, now)
                | {
                    "claim_type": claim_type,
                    "claim_count": outcome.documents,
                    "amount_charged": float(outcome.charge),
                    "transaction_count": len(outcome.transactions),
                }
            ]
        )
        batch._attach_file(DOCUMENT_TYPES[claim_type], data)
        claims._mark_submitted(batch, contents, outcome.transactions)
        return batch

    def _filter_readable_files(self):
        """Files with claims that the user may read, all of them."""
        may_see = self.env.su or all(map(self.env.user.has_group, (PHI_GROUP, CLINICAL_GROUP)))
        if not may_see:
            return self.browse()
        claims = self.env["hc.claim"]
        counts = dict(claims._read_group([("batch_id", "in", self.ids)], ["batch_id"], ["__count"]))
        return self.filtered(lambda batch: counts.get(batch, 0) >= batch.claim_count)

    def _read_file(self):
        """The file as it went out; that its patients were read is on record."""
        self._check_file_access()
        self.claim_ids._note_phi_read(["content"])
        return self.sudo().exchange_id.payload_attachment_id.raw

    def action_open_claims(self):
        """Open the claims in the file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_claims.hc_claim_action")
        return action | {"domain": [("batch_id", "=", self.id)], "context": {}}

    def action_open_exchange(self):
        """Open the file as it was handed over."""
        self.ensure_one()
        return self.exchange_id._get_form_action()
