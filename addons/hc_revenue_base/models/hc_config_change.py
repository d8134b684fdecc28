# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..hc_core import lifecycles
from ..hc_core.config_diff import config_digest

_DRAFT_FIELDS = frozenset({"reason", "effective_at", "line_ids"})


class HcConfigChange(models.Model):
    """A proposed change of configuration: what, why, from when, and who agreed.

    The requester enters new values; a second person agrees; the change takes effect at once or at
    its time. It stands on a controlled action, so that approval policies can route it.
    """

    _name = "hc.config.change"
    _description = "Configuration Change"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "mail.thread"]
    _order = "id desc"
    _lifecycles = {"state": lifecycles.CONFIG_CHANGE}
    _guarded_line_models = ("hc.config.change.line",)
    _guarded_fields = frozenset(
        {
            "name",
            "res_model",
            "res_id",
            "operation",
            "requester_id",
            "decided_by_id",
            "decided_at",
            "took_effect_at",
            "action_id",
            "content_digest",
            "company_id",
        }
    )

    name = fields.Char("Change", required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True, index=True
    )
    operation = fields.Selection(
        [("values", "New Values"), ("publish", "Publication"), ("retire", "Retirement")],
        required=True,
        readonly=True,
        default="values",
    )
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    reason = fields.Text(help="Why, for the person who decides and for those who ask later.")
    effective_at = fields.Datetime(
        "Effective From", index=True, help="Empty: as soon as a second person agrees."
    )
    line_ids = fields.One2many("hc.config.change.line", "change_id", "Values")
    diff_html = fields.Html("Difference", compute="_compute_diff_html", sanitize=False)
    summary = fields.Char(compute="_compute_summary")
    requester_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="restrict"
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime(readonly=True)
    took_effect_at = fields.Datetime(readonly=True)
    action_id = fields.Many2one("hc.controlled.action", readonly=True, ondelete="restrict")
    content_digest = fields.Char(readonly=True, help="Of the content to be published.")
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    is_mine = fields.Boolean(compute="_compute_is_mine")

    @api.depends_context("uid")
    @api.depends("requester_id")
    def _compute_is_mine(self):
        for change in self:
            change.is_mine = change.requester_id == self.env.user

    @api.depends("line_ids.after_text", "line_ids.is_changed")
    def _compute_diff_html(self):
        for change in self:
            change.diff_html = self.env["ir.qweb"]._render(
                "hc_revenue_base.hc_config_change_diff",
                {"lines": change.line_ids.filtered("is_changed")},
            )

    @api.depends("line_ids.after_text", "line_ids.is_changed")
    def _compute_summary(self):
        for change in self:
            lines = change.line_ids.filtered("is_changed")
            parts = [
                f"{line.label}: {line.before_text or '–'} → {line.after_text or '–'}"
                for line in lines[:2]
            ]
            more = [self.env._("%(count)s more", count=len(lines) - 2)] if len(lines) > 2 else []
            change.summary = "; ".join(parts + more)[:300]

    def write(self, vals):
        if _DRAFT_FIELDS & vals.keys():
            self._check_editable()
        return super().write(vals)

    def _check_editable(self):
        for change in self:
            if change.state != "draft" or change.requester_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(change)s is fixed: only its requester edits it, and only as a draft. "
                        "Propose a new change.",
                        change=change.name,
                    )
                )

    def _get_record(self):
        """The record to change; empty where it is gone, or the module of its model."""
        self.ensure_one()
        if self.res_model not in self.env:
            return self.browse()
        return self.env[self.res_model].browse(self.res_id).exists()

    @api.model
    def _check_proposer(self):
        if not self.env.user.has_group("hc_revenue_base.group_hc_administrator"):
            raise AccessError(self.env._("Billing administrators propose configuration changes."))

    @api.model
    def _propose(self, record, values=None):
        """Draft a change of a record's controlled fields.

        :param record: one record of a controlled model
        :param dict values: new values by field, as in a version; the others stay as they are
        :return: the draft, of the current user
        """
        self._check_controlled(record)
        lines = record._config_prepare_lines(values or {})
        return self._create_draft(record, "values", lines, self.env._("Change of %s"))

    @api.model
    def _check_controlled(self, record):
        """Refuse what is gone or nobody's concern here: a native record of others stays theirs.

        :raise UserError: it is not one controlled record
        """
        if len(record) != 1 or record not in record.sudo()._filter_config_controlled():
            raise UserError(
                self.env._("This is no controlled configuration, or it is gone. Reload the page.")
            )

    @api.model
    def _create_draft(self, record, operation, lines, title, **values):
        self._check_proposer()
        record.check_access("read")
        company = record.company_id if "company_id" in record._fields else self.env["res.company"]
        change = self.sudo()._create_guarded(
            [
                {
                    "name": title % f"{record._description} “{record.display_name}”",
                    "res_model": record._name,
                    "res_id": record.id,
                    "operation": operation,
                    "requester_id": self.env.uid,
                    "company_id": company.id,
                    "line_ids": [
                        Command.create({"sequence": sequence, **line})
                        for sequence, line in enumerate(lines)
                    ],
                    **values,
                }
            ]
        )
        return change.sudo(False)

    def action_submit(self):
        """Ask a second person to agree."""
        for change in self:
            change._check_editable()
            change.sudo()._transition("submitted", reason=change.reason)
            action = self.env["hc.controlled.action"]._request(
                "configuration_change",
                change,
                idempotency_key=f"config_change:{change.id}",
                justification=change.reason,
                parameters={"change": change.id, "lines": change._get_facts()},
            )
            change.sudo()._write_guarded({"action_id": action.id})

    def _get_facts(self):
        lines = self.line_ids.filtered("is_changed")
        values = {
            line.field_name: [line.before_text or "", line.after_text or ""] for line in lines
        }
        return {"fields": sorted(values), "digest": config_digest(values)}

    def _guard_state_submitted(self):
        blockers = {}
        for change in self:
            reasons = change._get_conflicts()
            if not (change.reason or "").strip():
                reasons.append(self.env._("say why"))
            if not change.line_ids.filtered("is_changed"):
                reasons.append(self.env._("no value differs: enter a new one"))
            if not reasons and change.operation == "values":
                record = change._get_record().sudo()
                reasons = record._config_try(change._get_new_values(record))
            blockers[change.id] = reasons
        return blockers

    def _guard_state_effective(self):
        return {change.id: change._get_conflicts() for change in self}

    def _get_conflicts(self):
        """Why the record is not as it was when the change was proposed, as texts."""
        self.ensure_one()
        record = self._get_record().sudo()
        if not record:
            return [self.env._("the record is gone")]
        return record._config_conflicts(self)

    def action_approve(self):
        """Agree as the second person."""
        for change in self:
            change._check_approver()
            change.sudo().action_id._settle_by_second_person("allow")

    def _reject(self, reason):
        for change in self:
            change._check_approver()
            change.sudo().action_id._settle_by_second_person("refuse", reason)

    def action_open_reject(self):
        """Ask for the reason, then refuse."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse the Change"),
            "res_model": "hc.config.reject.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_change_id": self.id},
        }

    def action_withdraw(self):
        """Give one's own change up before it takes effect."""
        for change in self:
            if change.requester_id != self.env.user:
                raise UserError(self.env._("Only the requester withdraws a change."))
            change.sudo()._transition("withdrawn", reason=self.env._("withdrawn"))

    def action_open_record(self):
        """Open the record to change."""
        self.ensure_one()
        record = self._get_record()
        if not record:
            raise UserError(self.env._("The record of %(change)s is gone.", change=self.name))
        return record._get_records_action()
