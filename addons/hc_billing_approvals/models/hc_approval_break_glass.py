# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

from .. import lifecycles


class HcApprovalBreakGlass(models.Model):
    """Leave for one user to decide one request that does not name them: short, loud, reviewed.

    It opens a step, and no duty: own requests, family, one person one step, the authors of the
    policy version and the identity check hold as ever. One decision uses it up.
    """

    _name = "hc.approval.break.glass"
    _description = "Break-Glass Grant"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "hc.kpi.subject.mixin", "mail.thread"]
    _order = "id desc"
    _lifecycles = {"state": lifecycles.BREAK_GLASS}
    _guarded_fields = frozenset(
        {
            "action_id",
            "request_id",
            "user_id",
            "granted_at",
            "expires_at",
            "used_at",
            "verdict",
            "review_text",
            "reviewer_id",
            "reviewed_at",
        }
    )

    action_id = fields.Many2one(
        "hc.controlled.action", required=True, readonly=True, index=True, ondelete="cascade"
    )
    request_id = fields.Many2one(
        "hc.approval.request", required=True, readonly=True, index=True, ondelete="cascade"
    )
    name = fields.Char(related="request_id.name")
    user_id = fields.Many2one(
        "res.users", "Holder", required=True, readonly=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="active",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    facility_id = fields.Many2one(related="request_id.facility_id", store=True, index=True)
    case_id = fields.Many2one(related="request_id.case_id", store=True, index=True)
    kind = fields.Selection(related="request_id.kind", string="Kind of Request", store=True)
    amount = fields.Monetary(related="request_id.amount", store=True)
    currency_id = fields.Many2one(related="request_id.currency_id", store=True)
    request_state = fields.Selection(related="request_id.state", string="Request Is")
    justification = fields.Text(related="action_id.justification")
    granted_at = fields.Datetime(required=True, readonly=True, index=True)
    expires_at = fields.Datetime(required=True, readonly=True, index=True)
    used_at = fields.Datetime(readonly=True)
    decision_ids = fields.One2many("hc.approval.decision", "break_glass_id", readonly=True)
    verdict = fields.Selection(
        [("justified", "Justified"), ("not_justified", "Not Justified")],
        "Finding",
        readonly=True,
        tracking=True,
    )
    review_text = fields.Text("Review", readonly=True)
    reviewer_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    reviewed_at = fields.Datetime(readonly=True)

    _ends = models.Constraint("CHECK (expires_at > granted_at)", "A grant ends after it begins.")
    _reviewed_by_another = models.Constraint(
        "CHECK (reviewer_id IS DISTINCT FROM user_id)", "Nobody reviews their own grant."
    )
    _reviewed_with_words = models.Constraint(
        "CHECK (state <> 'reviewed' OR (verdict IS NOT NULL AND reviewer_id IS NOT NULL"
        " AND length(trim(review_text)) > 0))",
        "A review says who found what, and why.",
    )

    @api.depends("user_id", "request_id")
    def _compute_display_name(self):
        for grant in self:
            grant.display_name = self.env._(
                "Break-glass of %(user)s: %(request)s",
                user=grant.user_id.name or "",
                request=grant.request_id.name or "",
            )

    @api.model
    def _get_active_for(self, user, request=None):
        """Grants by which a user may decide now; by the clock, whatever the Scheduled Action did.

        :param request: only those for this request
        """
        domain = [
            ("user_id", "=", user.id),
            ("state", "=", "active"),
            ("expires_at", ">", self.env.cr.now()),
        ]
        if request is not None:
            domain.append(("request_id", "=", request.id))
        return self.sudo().search(domain)

    def _get_creation_facts(self):
        return super()._get_creation_facts() | {
            "request": self.request_id.id,
            "action": self.action_id.id,
            "user": self.user_id.id,
            "expires_at": fields.Datetime.to_string(self.expires_at),
        }

    def _prepare_move_vals(self, target, field_name):
        values = super()._prepare_move_vals(target, field_name)
        if target == "used":
            values["used_at"] = self.env.cr.now().replace(microsecond=0)
        return values

    def _cron_expire_grants(self):
        """Scheduled Action: grants whose hours are over wait for their review."""
        self._run_in_batches(
            [("state", "=", "active"), ("expires_at", "<=", self.env.cr.now())], "_expire"
        )

    def _expire(self):
        self._transition("expired")

    def action_open_request(self):
        """Open the request that the grant is for."""
        self.ensure_one()
        return self.request_id._get_records_action()


class HcApprovalDecision(models.Model):
    """A decision under a grant says so; the database refuses one that the grant does not cover."""

    _inherit = "hc.approval.decision"

    break_glass_id = fields.Many2one(
        "hc.approval.break.glass", "Break-Glass", readonly=True, index=True, ondelete="restrict"
    )

    def init(self):
        result = super().init()
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION hc_check_break_glass() RETURNS trigger
                LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM 1 FROM hc_approval_break_glass held
                      WHERE held.id = NEW.break_glass_id
                        AND held.request_id = NEW.request_id
                        AND held.user_id = NEW.user_id
                        AND held.expires_at > NEW.decided_at
                        AND NEW.on_behalf_of_id IS NULL;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'the break-glass grant does not cover the decision'
                              USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                END $$;
                DROP TRIGGER IF EXISTS hc_approval_decision_break_glass ON hc_approval_decision;
                CREATE TRIGGER hc_approval_decision_break_glass
                    BEFORE INSERT ON hc_approval_decision
                    FOR EACH ROW WHEN (NEW.break_glass_id IS NOT NULL)
                    EXECUTE FUNCTION hc_check_break_glass();
                """
            )
        )
        return result

    @api.model
    def _record(self, rows):
        for row in rows:
            row["break_glass"] = self._find_break_glass(row)
        decisions = super()._record(rows)
        used = self.env["hc.approval.break.glass"].union(
            *(row["break_glass"] for row in rows if row["verdict"] in ("approve", "reject"))
        )
        if used:
            used._transition("used")
            decisions.break_glass_id._announce_use()
        return decisions

    def _prepare_row(self, row, now):
        return super()._prepare_row(row, now) | {"break_glass_id": row["break_glass"].id or None}

    @api.model
    def _find_break_glass(self, row):
        """The grant that a decision needs: its step names the user by no rule and no delegation."""
        grants, user, step = self.env["hc.approval.break.glass"], self.env.user, row.get("step")
        if not step or row.get("on_behalf_of") or step._is_approver(user):
            return grants
        return grants._get_active_for(user, row["request"])
