# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_ai_core.anomaly_reasons import REASON_LABELS
from .hc_ai_policy_anomaly import anomaly_token

# Who follows up on amounts, besides whoever may work on work items.
_FINANCE_GROUP = "hc_revenue_base.group_hc_finance_manager"


class HcAiSuggestion(models.Model):
    """An amount that stands out: accepting it opens a work item, and changes nothing else."""

    _inherit = "hc.ai.suggestion"

    anomaly_reason = fields.Selection(
        list(REASON_LABELS.items()), "What Stands Out", readonly=True, index="btree_not_null"
    )
    anomaly_payer_id = fields.Many2one(
        "hc.payer",
        "Payer of the Amount",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    anomaly_amount = fields.Monetary("Amount", readonly=True)
    anomaly_expected = fields.Monetary("Expected", readonly=True, help="0: not known.")
    anomaly_date = fields.Date("Entered On", readonly=True)
    anomaly_age_days = fields.Integer("Age (days)", compute="_compute_anomaly_age_days")
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    work_item_id = fields.Many2one("hc.work.item", readonly=True, ondelete="set null")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "anomaly_reason",
            "anomaly_payer_id",
            "anomaly_amount",
            "anomaly_expected",
            "anomaly_date",
            "work_item_id",
        }

    @api.depends("anomaly_date")
    @api.depends_context("tz")
    def _compute_anomaly_age_days(self):
        today = fields.Date.context_today(self)
        for suggestion in self:
            entered_on = suggestion.anomaly_date
            suggestion.anomaly_age_days = (today - entered_on).days if entered_on else 0

    def _describe(self, value):
        if self.task_code != "anomaly":
            return super()._describe(value)
        return REASON_LABELS.get(value, value or "")

    def _check_reviewer(self, record):
        # An amount has no field of which its module says who decides; see the next method.
        return None if self.task_code == "anomaly" else super()._check_reviewer(record)

    def _get_writable_record(self):
        if self.task_code != "anomaly":
            return super()._get_writable_record()
        # Amounts like these are changed by nobody: who looks at them opens work for somebody.
        self.check_access("read")
        record = self._get_record()
        if not record:
            raise UserError(self.env._("The record that this is about is gone."))
        record.check_access("read")
        may_work = self.env["hc.work.item"].has_access("write")
        if self.env.su or not (may_work or self.env.user.has_group(_FINANCE_GROUP)):
            raise AccessError(
                self.env._("Whoever works on work items decides about amounts. Ask your lead.")
            )
        return record

    def _decide(self, target, value):
        if self.task_code != "anomaly":
            return super()._decide(target, value)
        self.ensure_one()
        record = self._get_writable_record()
        if self.state != "pending":
            raise UserError(self.env._("This was decided already. Reload the list."))
        if value != self.value:
            raise UserError(
                self.env._("Open a work item by accepting, or reject: there is nothing to write.")
            )
        record.invalidate_recordset([self.field_name])
        amount = to_decimal(record[self.field_name], self.currency_id.decimal_places)
        if anomaly_token(amount, value) != self.token:
            raise UserError(
                self.env._(
                    "%(record)s has changed since the advice was given. Ask for new advice.",
                    record=record.display_name,
                )
            )
        self._close(target, value, False)
        item = self.env["hc.work.item"]._open([self._prepare_work_item(record)])
        self.sudo()._write_guarded({"work_item_id": item.id})
        return None

    def _prepare_work_item(self, record):
        case = record.case_id if "case_id" in record._fields else record.browse()
        vals = {
            "kind": "anomaly",
            "name": self.env._(
                "%(what)s: %(record)s", what=self.value_label, record=record.display_name
            ),
            "description": "\n".join(self.reasons or ()),
            "severity": "warning",
            "queue_code": "charge_integrity",
            "dedup_key": f"anomaly:{self.res_model}:{self.res_id}:{self.anomaly_reason}",
            "company_id": self.company_id.id,
            "res_model": self.res_model,
            "res_id": self.res_id,
        }
        if case and case._name == "hc.billing.case":
            vals["case_id"] = case.id
        if "facility_id" in record._fields and record.facility_id:
            vals["facility_id"] = record.facility_id.id
        return vals

    def action_open_work_item(self):
        """Open the work item that accepting has opened."""
        self.ensure_one()
        return self.work_item_id.get_formview_action()
