# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from ..hc_core import lifecycles
from .hc_work_queue import SEVERITIES

OPEN_STATES = ("open", "in_progress")


class HcWorkItem(models.Model):
    """Something that a person must look at, in the queue of those who can solve it.

    Opened only by :meth:`_open`, once per ``dedup_key`` while it is open.
    """

    _name = "hc.work.item"
    _description = "Work Item"
    _inherit = ["hc.lifecycle.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "due_at, id"
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.WORK_ITEM}
    _guarded_fields = frozenset(
        {
            "kind",
            "dedup_key",
            "resolved_at",
            "resolved_by_id",
            "resolution_code",
            "case_id",
            "res_model",
            "res_id",
            "overdue_notified_at",
            "queue_id",
            "assignee_id",
            "company_id",
            "facility_id",
            "due_at",
        }
    )
    # Whoever enters an item by hand says whose it is; from then on it is taken or reassigned.
    _guarded_after_create = frozenset(
        {"queue_id", "assignee_id", "company_id", "facility_id", "due_at"}
    )

    name = fields.Char(required=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    kind = fields.Selection(
        [
            ("readiness_finding", "Readiness Finding"),
            ("missing_charge", "Missing Charge"),
            ("charge_lag", "Charge Lag"),
            ("stalled", "Stalled Case"),
            ("billing_failed", "Billing Failed"),
            ("import_failed", "Import Failed"),
            ("import_conflict", "Import Conflict"),
            ("code_expiry", "Code Table Expiry"),
            ("chain_break", "Audit Chain Break"),
            ("manual", "Manual"),
        ],
        required=True,
        readonly=True,
        default="manual",
        index=True,
    )
    severity = fields.Selection(SEVERITIES, required=True, default="error", index=True)
    queue_id = fields.Many2one(
        "hc.work.queue", required=True, index=True, ondelete="restrict", tracking=True
    )
    assignee_id = fields.Many2one("res.users", index=True, tracking=True)
    due_at = fields.Datetime("Due", index=True, tracking=True)
    description = fields.Text()
    dedup_key = fields.Char(readonly=True, copy=False, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    facility_id = fields.Many2one("hc.facility", index=True, check_company=True)
    case_id = fields.Many2one("hc.billing.case", readonly=True, index=True, ondelete="restrict")
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    opened_at = fields.Datetime(
        readonly=True,
        required=True,
        default=lambda self: self.env.cr.now().replace(microsecond=0),
        index=True,
    )
    overdue_notified_at = fields.Datetime(readonly=True, copy=False)
    resolved_at = fields.Datetime(readonly=True, copy=False)
    resolved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    resolution_code = fields.Selection(
        [
            ("fixed", "Cause Fixed"),
            ("overridden", "Overridden"),
            ("not_applicable", "Not Applicable"),
            ("duplicate", "Duplicate"),
            ("superseded", "Superseded"),
        ],
        readonly=True,
        copy=False,
    )

    _dedup_unique = models.UniqueIndex(
        "(company_id, dedup_key) WHERE state IN ('open', 'in_progress')",
        "This work item is open already.",
    )

    @api.model
    def _open(self, vals_list):
        """Open work items, each once while an item of the same key is open.

        :param vals_list: values with ``kind``, ``name``, ``dedup_key``, ``queue_code`` and
            optionally ``severity``, ``description``, ``case_id``, ``facility_id``,
            ``company_id``, ``res_model``, ``res_id``
        :return: one item per value, in their order; values with one key have one item in common
        """
        items_sudo = self.sudo()
        known = {}
        prepared = [self._prepare_item_vals(vals, known) for vals in vals_list]
        found = items_sudo.search(
            [
                ("state", "in", OPEN_STATES),
                ("dedup_key", "in", [vals["dedup_key"] for vals in prepared]),
            ]
        )
        by_key = {(item.company_id.id, item.dedup_key): item.id for item in found}
        new = {}
        for vals in prepared:
            key = (vals["company_id"], vals["dedup_key"])
            if key not in by_key:
                new.setdefault(key, vals)
        created = items_sudo._create_once(list(new.values()))
        by_key.update(zip(new, created.ids, strict=True))
        return self.browse([by_key[vals["company_id"], vals["dedup_key"]] for vals in prepared])

    @api.model
    def _create_once(self, vals_list):
        """Create items; where another transaction opened one of them meanwhile, begin again."""
        try:
            # A flushing savepoint would run what waits for the end of the transaction.
            with self.env.cr.savepoint(flush=False):
                # The log has its first entry; a message “created” would say it again, at the
                # price of all the rest.
                items = self.with_context(mail_create_nolog=True)._create_guarded(vals_list)
                return items.with_env(self.env)
        except psycopg2.errors.UniqueViolation as error:
            if error.diag.table_name != self._table:
                raise
            raise ConcurrencyError("another transaction opened the same work item") from error

    @api.model
    def _prepare_item_vals(self, vals, known=None):
        """Complete the values of an item.

        :param dict known: keeps the queues and due times that the items of one call share
        """
        known = {} if known is None else known
        vals = dict(vals)
        company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
        asked = ("queue", vals.pop("queue_code"), company.id)
        if asked not in known:
            known[asked] = self.env["hc.work.queue"]._get_by_code(asked[1], company)
        queue = known[asked]
        vals["company_id"] = company.id
        vals["queue_id"] = queue.id
        vals.setdefault("severity", "error")
        if "due_at" not in vals:
            facility = self.env["hc.facility"].browse(vals.get("facility_id") or [])
            due = ("due", queue.id, facility.id, vals["severity"])
            if due not in known:
                known[due] = self._get_due_at(queue, facility, vals["severity"])
            vals["due_at"] = known[due]
        return vals

    @api.model
    def _get_due_at(self, queue, facility, severity):
        """When an item is due, counted in the working hours of its queue or facility."""
        now = self.env.cr.now()
        hours = queue.sla_hours_critical if severity == "critical" else queue.sla_hours
        calendar = (
            queue.resource_calendar_id
            or facility.sudo().resource_calendar_id
            or self.env.company.resource_calendar_id
        )
        return calendar.sudo().plan_hours(hours, now, compute_leaves=True) if calendar else False

    def action_take(self):
        """Take the items: from now on they are mine."""
        self._lock_for_transition(["assignee_id", "state"])
        for item in self:
            if item.assignee_id and item.assignee_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(item)s was taken by %(user)s. Reload the list.",
                        item=item.name,
                        user=item.assignee_id.name,
                    )
                )
        self._write_guarded({"assignee_id": self.env.uid})
        self._transition_where_allowed("in_progress")

    def action_release(self):
        """Give the items back to their queue."""
        others = self.filtered(lambda item: item.assignee_id and item.assignee_id != self.env.user)
        if others and not self.env.user.has_group("hc_revenue_base.group_hc_team_lead"):
            raise UserError(
                self.env._("%(item)s is somebody else's. Ask your team lead.", item=others[0].name)
            )
        self._transition("open")
        self._write_guarded({"assignee_id": False})

    def action_resolve(self):
        """Declare the cause gone."""
        self._resolve("fixed")

    def _resolve(self, resolution_code, reason=None):
        """Resolve the items that are still open."""
        items = self.filtered(lambda item: item.state in OPEN_STATES)
        items._transition("resolved", reason=reason, facts={"resolution_code": resolution_code})
        items._write_guarded(
            {
                "resolution_code": resolution_code,
                "resolved_at": self.env.cr.now().replace(microsecond=0),
                "resolved_by_id": self.env.uid,
            }
        )
        return items
