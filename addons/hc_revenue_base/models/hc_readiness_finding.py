# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.bulk_insert import insert_rows
from .hc_readiness_rule import RULE_CATEGORIES, RULE_SEVERITIES

ACTIVE_STATES = ("open", "overridden")


class HcReadinessFinding(models.Model):
    """What keeps a case from being billed, or should be looked at, and whose work it is.

    Findings follow evaluations, which are the append-only trace of why they came and went; so
    only the one human decision about them, an override, is written to the log.
    """

    _name = "hc.readiness.finding"
    _description = "Readiness Finding"
    _inherit = ["hc.guarded.mixin"]
    _order = "is_blocking desc, opened_at desc, id desc"
    _guarded_fields = frozenset(
        {
            "case_id",
            "rule_id",
            "rule_code",
            "category",
            "severity",
            "is_blocking",
            "is_rule_error",
            "queue_id",
            "message",
            "state",
            "evaluation_id",
            "company_id",
            "facility_id",
            "opened_at",
            "resolved_at",
            "override_action_id",
            "override_expires_on",
            "work_item_id",
        }
    )

    case_id = fields.Many2one(
        "hc.billing.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    rule_id = fields.Many2one(
        "hc.readiness.rule", required=True, readonly=True, index=True, ondelete="restrict"
    )
    rule_code = fields.Char(required=True, readonly=True, index=True)
    category = fields.Selection(RULE_CATEGORIES, required=True, readonly=True, index=True)
    severity = fields.Selection(RULE_SEVERITIES, required=True, readonly=True, index=True)
    is_blocking = fields.Boolean("Blocks", readonly=True)
    is_rule_error = fields.Boolean(
        readonly=True, help="The rule could not be evaluated: nobody knows what it would find."
    )
    queue_id = fields.Many2one(
        "hc.work.queue",
        "Owner Queue",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    message = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("overridden", "Overridden"), ("resolved", "Resolved")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    evaluation_id = fields.Many2one(
        "hc.readiness.evaluation", "Found By", readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    facility_id = fields.Many2one("hc.facility", readonly=True, index=True)
    patient_id = fields.Many2one(related="case_id.patient_id")
    payer_id = fields.Many2one(related="case_id.payer_id")
    stage = fields.Selection(related="case_id.stage", string="Case Stage")
    opened_at = fields.Datetime(required=True, readonly=True)
    resolved_at = fields.Datetime(readonly=True)
    override_action_id = fields.Many2one(
        "hc.controlled.action",
        "Override",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    override_expires_on = fields.Date("Override Until", readonly=True)
    work_item_id = fields.Many2one(
        "hc.work.item", readonly=True, index="btree_not_null", ondelete="set null"
    )
    fix_model = fields.Selection(related="rule_id.fix_model")
    fix_field = fields.Char(related="rule_id.fix_field")
    is_fixable = fields.Boolean(compute="_compute_is_fixable", help="By whoever looks at it.")

    _one_active_finding = models.UniqueIndex(
        "(case_id, rule_code) WHERE state IN ('open', 'overridden')",
        "The case has this finding already.",
    )

    @api.depends("rule_code", "message")
    def _compute_display_name(self):
        for finding in self:
            finding.display_name = f"{finding.rule_code}: {finding.message}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Findings are history and cannot be deleted."))

    @api.model
    def _insert(self, vals_list):
        """Insert open findings; a batch may bring thousands, so not record by record.

        :return: the findings
        """
        if not vals_list:
            return self.browse()
        now = self.env.cr.now().replace(microsecond=0)
        common = {
            "state": "open",
            "opened_at": now,
            "create_uid": self.env.uid,
            "create_date": now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        findings = self.browse(insert_rows(self, [vals | common for vals in vals_list]))
        cases = findings.case_id
        cases.invalidate_recordset(["finding_ids", "open_finding_ids"], flush=False)
        return findings

    def _update(self, vals):
        """Follow what the rule finds now; an override that no longer covers it ends."""
        self.ensure_one()
        names = ("rule_id", "severity", "is_blocking", "is_rule_error", "queue_id", "message")
        changed = {
            name: vals[name]
            for name in names
            if vals[name] != (self[name].id if name.endswith("_id") else self[name])
        }
        if self.state == "overridden":
            changed["state"] = "open"
        if changed:
            self._write_guarded(changed)

    def _holds_override(self, message, as_of):
        """Whether an override still covers the finding.

        It covers what the approver saw, until its last day: if the rule now finds something
        else, that is a new question.
        """
        self.ensure_one()
        return (
            self.state == "overridden"
            and self.message == message
            and bool(self.override_expires_on)
            and as_of <= self.override_expires_on
        )

    def _resolve(self, resolution_code="fixed"):
        """The rules no longer find it, or nobody asks any more; its work item says which."""
        if not self:
            return
        self._write_guarded(
            {"state": "resolved", "resolved_at": self.env.cr.now().replace(microsecond=0)}
        )
        self._resolve_work_items(resolution_code)

    def _resolve_work_items(self, resolution_code):
        items = self.work_item_id.filtered(lambda item: item.state in ("open", "in_progress"))
        if items:
            items._resolve(resolution_code)

    def _open_work_items(self):
        """Give each blocking finding an open work item in the queue that owns it."""
        waiting = self.filtered(
            lambda finding: finding.work_item_id.state not in ("open", "in_progress")
        )
        items = self.env["hc.work.item"]._open(
            [finding._prepare_work_item_vals() for finding in waiting]
        )
        waiting._link_work_items(items)

    def _link_work_items(self, items):
        """Point each finding at its item; a batch has thousands, so not record by record."""
        if not self:
            return
        self.flush_recordset(["work_item_id"])
        self.env.execute_query(
            SQL(
                """UPDATE hc_readiness_finding finding
                      SET work_item_id = wanted.item_id, write_uid = %s, write_date = %s
                     FROM unnest(%s, %s) AS wanted (finding_id, item_id)
                    WHERE finding.id = wanted.finding_id RETURNING finding.id""",
                self.env.uid,
                self.env.cr.now(),
                self.ids,
                items.ids,
            )
        )
        self.invalidate_recordset(["work_item_id", "write_uid", "write_date"], flush=False)

    def _prepare_work_item_vals(self):
        self.ensure_one()
        return {
            "kind": "readiness_finding",
            "name": f"{self.rule_code} {self.rule_id.name}",
            "description": self.message,
            "dedup_key": f"readiness:{self.case_id.id}:{self.rule_code}",
            "queue_code": self.queue_id.code,
            "severity": "error" if self.is_blocking else self.severity,
            "case_id": self.case_id.id,
            "company_id": self.company_id.id,
            "facility_id": self.facility_id.id,
            "res_model": self._name,
            "res_id": self.id,
            "finding_id": self.id,
        }

    @api.depends("rule_id.fix_model")
    @api.depends_context("uid")
    def _compute_is_fixable(self):
        """Whether the user may open what has to change, or create what is missing."""
        for finding in self:
            target, _defaults = finding.sudo().case_id._get_fix_target(finding.sudo().fix_model)
            model = self.env[target._name]
            finding.is_fixable = model.has_access("read" if target else "create")

    def action_fix(self):
        """Open the record, at the field, that has to change."""
        self.ensure_one()
        target, defaults = self.case_id._get_fix_target(self.rule_id.fix_model)
        return {
            "type": "ir.actions.act_window",
            "name": self.message,
            "res_model": target._name,
            "res_id": target.id,
            "views": [(False, "form")],
            "context": {**defaults, "hc_focus_field": self.rule_id.fix_field or False},
        }

    def action_override(self):
        """Ask to let the case pass in spite of the finding."""
        self.ensure_one()
        self._check_overridable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Override %(rule)s", rule=self.rule_code),
            "res_model": "hc.finding.override.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_finding_id": self.id},
        }

    def _check_overridable(self):
        """Refuse an override where there is nothing, or nothing known, to override."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "open" or not self.is_blocking:
            raise UserError(self.env._("Only an open, blocking finding can be overridden."))
        if self.is_rule_error:
            raise UserError(
                self.env._(
                    "The rule could not be evaluated, so nobody knows what there is to override. "
                    "Ask operations to repair the rule or its data."
                )
            )

    def action_open_case(self):
        """Open the billing case."""
        self.ensure_one()
        return self.case_id._get_records_action()
