# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What of an authorization is used: by the live charges linked to it, through line or visit."""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, float_compare

from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES

USE_STATUSES = [
    ("unlimited", "Unlimited"),
    ("available", "Available"),
    ("low", "Nearly Used Up"),
    ("used_up", "Used Up"),
    ("exceeded", "Exceeded"),
]
VALIDITIES = [
    ("coming", "Not Yet Valid"),
    ("valid", "Valid"),
    ("ending", "Ends Soon"),
    ("expired", "Expired"),
]
_DIGITS = 3
_WARNING_KINDS = ("authorization_expiry", "authorization_use")
# The rule of readiness (AUT-02): a service is linked by its own line, or by its visit where the
# payer wants that procedure authorized.
_LINKED = SQL(
    """FROM hc_authorization approval
       JOIN hc_encounter encounter ON encounter.patient_id = approval.patient_id
       JOIN hc_service_line line ON line.encounter_id = encounter.id
       JOIN hc_charge charge ON charge.service_line_id = line.id AND charge.state != 'void'
      WHERE (line.authorization_id = approval.id
         OR (line.authorization_id IS NULL
        AND (encounter.authorization_id = approval.id OR encounter.referral_id = approval.id)
        AND EXISTS (SELECT FROM hc_authorization_requirement requirement
                     WHERE requirement.payer_id = approval.payer_id
                       AND requirement.code_id = charge.code_id
                       AND (encounter.authorization_id = approval.id
                            OR requirement.authorization_type = 'referral'))))"""
)


class Use(NamedTuple):
    """Of one authorization: units and visits of its live charges."""

    units: float = 0.0
    visits: int = 0


class HcAuthorization(models.Model):
    _name = "hc.authorization"
    _inherit = ["hc.authorization", "hc.batch.mixin"]

    approved_visits = fields.Integer(help="0: unlimited.", tracking=True, aggregator=None)
    used_units = fields.Float(digits=(12, 3), compute="_compute_use")
    units_left = fields.Float(digits=(12, 3), compute="_compute_use", help="Never below zero.")
    used_visits = fields.Integer(compute="_compute_use")
    visits_left = fields.Integer(compute="_compute_use", help="Never below zero.")
    used_percent = fields.Float("Used", compute="_compute_use")
    exceeded_by = fields.Char(compute="_compute_use")
    use_status = fields.Selection(
        USE_STATUSES, "Use", compute="_compute_use", search="_search_use_status"
    )
    validity = fields.Selection(VALIDITIES, compute="_compute_validity")

    _visits_positive = models.Constraint(
        "CHECK (COALESCE(approved_visits, 0) >= 0)", "Visits cannot be negative."
    )

    @api.model
    def _load_uses(self, authorization_ids):
        """``{authorization id: Use}``, with one query however many there are."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT approval.id, sum(charge.units), count(DISTINCT charge.encounter_id)
                   %s AND approval.id = ANY(%s) GROUP BY approval.id""",
                _LINKED,
                list(authorization_ids),
            )
        )
        return {record_id: Use(float(units), visits) for record_id, units, visits in rows}

    @api.depends("approved_units", "approved_visits", "payer_id.authorization_warning_percent")
    def _compute_use(self):
        uses = self._load_uses(self._origin.ids)
        for authorization in self:
            use = uses.get(authorization._origin.id, Use())
            authorization.update(authorization._prepare_use_vals(use))

    def _prepare_use_vals(self, use):
        """What is used and left; more than was approved is said, not hidden in a negative rest."""
        self.ensure_one()
        units, visits = self.approved_units, self.approved_visits
        shares = [use.units / units] if units else []
        shares += [use.visits / visits] if visits else []
        over = []
        if units and float_compare(use.units, units, _DIGITS) > 0:
            over.append(self.env._("%(count)s units", count=f"{use.units - units:g}"))
        if visits and use.visits > visits:
            over.append(self.env._("%(count)s visits", count=use.visits - visits))
        return {
            "used_units": use.units,
            "units_left": max(units - use.units, 0.0) if units else 0.0,
            "used_visits": use.visits,
            "visits_left": max(visits - use.visits, 0) if visits else 0,
            "used_percent": 100 * max(shares, default=0.0),
            "exceeded_by": ", ".join(over) or False,
            "use_status": self._get_use_status(max(shares, default=None), bool(over)),
        }

    def _get_use_status(self, share, is_exceeded):
        if share is None:
            return "unlimited"
        if is_exceeded:
            return "exceeded"
        if float_compare(share, 1, _DIGITS) >= 0:
            return "used_up"
        warning = (self.payer_id.authorization_warning_percent or 100) / 100
        return "low" if float_compare(share, warning, _DIGITS) >= 0 else "available"

    @api.model
    def _search_use_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        unlimited = [("approved_units", "=", 0), ("approved_visits", "in", (0, False))]
        if set(value) == {"unlimited"}:
            return unlimited
        limited = self.search(["|", ("approved_units", ">", 0), ("approved_visits", ">", 0)])
        found = limited.filtered(lambda each: each.use_status in value)
        domain = [("id", "in", found.ids)]
        return ["|", *domain, "&", *unlimited] if "unlimited" in value else domain

    @api.depends("date_from", "date_to", "payer_id.authorization_warning_days")
    def _compute_validity(self):
        today = fields.Date.context_today(self)
        for authorization in self:
            authorization.validity = authorization._get_validity(today)

    def _get_validity(self, as_of):
        self.ensure_one()
        if not self.date_to or not self.date_from:
            return False
        if as_of < self.date_from:
            return "coming"
        days_left = (self.date_to - as_of).days
        if days_left < 0:
            return "expired"
        return "ending" if days_left <= self.payer_id.authorization_warning_days else "valid"

    def action_open_uses(self):
        """Open the charges that use the authorization."""
        self.ensure_one()
        self.check_access("read")
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT charge.id %s AND approval.id = %s", _LINKED, self.id)
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Uses of %(number)s", number=self.number),
            "res_model": "hc.charge",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", [record_id for (record_id,) in rows])],
            "context": {"create": False},
        }

    def _cron_warn(self, as_of=None):
        """Scheduled Action: authorizations that end soon or are nearly used up."""
        as_of = as_of or fields.Date.context_today(self)
        self._run_in_batches(
            [("date_from", "<=", as_of), ("date_to", ">=", as_of)], "_warn", batch_size=500
        )
        self._resolve_outlived(as_of)

    def _warn(self, as_of=None):
        """Open a work item per authorization and cause; what was renewed resolves its item."""
        as_of = as_of or fields.Date.context_today(self)
        wanted = []
        for authorization in self:
            used_up = authorization.use_status in ("low", "used_up", "exceeded")
            if used_up:
                wanted.append(authorization._prepare_use_item())
            # Of what is used up, the last day matters no more.
            if authorization._get_validity(as_of) == "ending" and authorization.use_status not in (
                "used_up",
                "exceeded",
            ):
                wanted.append(authorization._prepare_expiry_item())
        keys = {vals["dedup_key"] for vals in wanted}
        open_items = self._get_warning_items([("res_id", "in", self.ids)])
        open_items.filtered(lambda item: item.dedup_key not in keys)._resolve("fixed")
        self.env["hc.work.item"]._open(wanted)

    @api.model
    def _get_warning_items(self, domain):
        return (
            self.env["hc.work.item"]
            .sudo()
            .search(
                [
                    ("kind", "in", _WARNING_KINDS),
                    ("res_model", "=", self._name),
                    ("state", "in", OPEN_STATES),
                    *domain,
                ]
            )
        )

    @api.model
    def _resolve_outlived(self, as_of):
        """An authorization that has ended, or was archived, needs no renewal any more."""
        items = self._get_warning_items([])
        open_ids = self.search([("id", "in", items.mapped("res_id")), ("date_to", ">=", as_of)]).ids
        items.filtered(lambda item: item.res_id not in open_ids)._resolve("superseded")

    def _prepare_use_item(self):
        self.ensure_one()
        status = dict(self._fields["use_status"]._description_selection(self.env))[self.use_status]
        parts = []
        if self.approved_units:
            parts.append(
                self.env._(
                    "%(used)s of %(approved)s units",
                    used=f"{self.used_units:g}",
                    approved=f"{self.approved_units:g}",
                )
            )
        if self.approved_visits:
            parts.append(
                self.env._(
                    "%(used)s of %(approved)s visits",
                    used=self.used_visits,
                    approved=self.approved_visits,
                )
            )
        return self._prepare_warning_vals(
            "authorization_use",
            f"{self.number}: {status}",
            self.env._(
                "%(use)s are used, until %(day)s. Ask the payer for more before the next visit; "
                "what is not authorized is denied.",
                use=", ".join(parts),
                day=self.date_to,
            ),
            "error" if self.use_status == "exceeded" else "warning",
            self.use_status,
        )

    def _prepare_expiry_item(self):
        self.ensure_one()
        return self._prepare_warning_vals(
            "authorization_expiry",
            self.env._("%(number)s ends on %(day)s", number=self.number, day=self.date_to),
            self.env._("Have it prolonged where the treatment goes on."),
            "warning",
            str(self.date_to),
        )

    def _prepare_warning_vals(self, kind, name, description, severity, key):
        return {
            "kind": kind,
            "severity": severity,
            "queue_code": "prior_auth",
            "dedup_key": f"{kind}:{self.id}:{key}",
            "name": name,
            "description": description,
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }
