# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.tools.bulk_insert import insert_rows

VERDICTS = [
    ("approve", "Approved"),
    ("reject", "Rejected"),
    ("ask", "Asked for Information"),
    ("answer", "Gave Information"),
    ("void", "Voided: Content Changed"),
]


class HcApprovalDecision(models.Model):
    """What somebody decided about a request, and about exactly which content: written once.

    The duty rules that need no other table are constraints of the database besides: nobody
    decides their own request, and one person decides one step of a round.
    """

    _name = "hc.approval.decision"
    _description = "Approval Decision"
    _inherit = ["hc.append.only.mixin"]
    _order = "id desc"
    _rec_name = "verdict"
    _log_access = False
    _allow_sudo_commands = False

    request_id = fields.Many2one(
        "hc.approval.request", required=True, readonly=True, index=True, ondelete="cascade"
    )
    step_id = fields.Many2one("hc.approval.step", readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    facility_id = fields.Many2one(related="request_id.facility_id")
    requester_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", "Decided By", required=True, readonly=True, index=True, ondelete="restrict"
    )
    on_behalf_of_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    verdict = fields.Selection(VERDICTS, required=True, readonly=True)
    round = fields.Integer(required=True, readonly=True)
    reason = fields.Text(readonly=True)
    content_digest = fields.Char(required=True, readonly=True)
    decided_at = fields.Datetime(required=True, readonly=True)
    is_void = fields.Boolean(compute="_compute_is_void", search="_search_is_void")

    _not_requester = models.Constraint(
        "CHECK (verdict NOT IN ('approve', 'reject')"
        " OR (user_id <> requester_id AND on_behalf_of_id IS DISTINCT FROM requester_id))",
        "Nobody decides their own request.",
    )
    _one_person_one_step = models.UniqueIndex(
        "(request_id, round, user_id) WHERE verdict IN ('approve', 'reject')",
        "This person has decided a step of the request already.",
    )
    _reject_with_reason = models.Constraint(
        "CHECK (verdict <> 'reject' OR length(trim(reason)) > 0)",
        "A refusal says why.",
    )

    def init(self):
        """The requester in a row is the requester of the action, whoever writes the row."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION hc_check_decision() RETURNS trigger
                LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM 1
                       FROM hc_approval_request request
                       JOIN hc_controlled_action act ON act.id = request.action_id
                  LEFT JOIN hc_approval_step step ON step.id = NEW.step_id
                      WHERE request.id = NEW.request_id
                        AND act.requester_id = NEW.requester_id
                        AND act.company_id = NEW.company_id
                        AND request.round = NEW.round
                        AND (NEW.step_id IS NULL OR (step.request_id = request.id
                                                     AND step.round = NEW.round));
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'decision does not belong to its request'
                              USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                END $$;
                DROP TRIGGER IF EXISTS hc_approval_decision_belongs ON hc_approval_decision;
                CREATE TRIGGER hc_approval_decision_belongs BEFORE INSERT ON hc_approval_decision
                    FOR EACH ROW EXECUTE FUNCTION hc_check_decision();
                """
            )
        )
        return result

    @api.depends("round", "request_id.round")
    def _compute_is_void(self):
        for decision in self:
            decision.is_void = decision.round < decision.request_id.round

    @api.model
    def _search_is_void(self, operator, value):
        if operator != "in":
            return NotImplemented
        void = SQL(
            """(SELECT decision.id FROM hc_approval_decision decision
                  JOIN hc_approval_request request ON request.id = decision.request_id
                 WHERE decision.round < request.round)"""
        )
        return [("id", "in" if True in value else "not in", void)]

    @api.model
    def _record(self, rows):
        """Write decisions down.

        :param rows: dicts with step, verdict, reason, on_behalf_of (a user or none)
        :raise ConcurrencyError: the same person decided at the same time
        """
        self.env["hc.approval.step"].flush_model()
        self.env["hc.approval.request"].flush_model()
        now = self.env.cr.now().replace(microsecond=0)
        prepared = [self._prepare_row(row, now) for row in rows]
        inserted = insert_rows(self, prepared, SQL("ON CONFLICT DO NOTHING"))
        if len(inserted) != len(prepared):
            raise ConcurrencyError("another decision of the same person on the same request")
        requests = self.env["hc.approval.request"].browse({row["request_id"] for row in prepared})
        requests.invalidate_recordset(["decision_ids"])
        requests.step_ids.invalidate_recordset(["decision_ids", "approval_count"])
        return self.browse(inserted)

    def _prepare_row(self, row, now):
        request = row["request"]
        return {
            "request_id": request.id,
            "step_id": row["step"].id if row.get("step") else None,
            "company_id": request.company_id.id,
            "requester_id": request.requester_id.id,
            "user_id": self.env.uid,
            "on_behalf_of_id": row["on_behalf_of"].id if row.get("on_behalf_of") else None,
            "verdict": row["verdict"],
            "round": request.round,
            "reason": row.get("reason") or None,
            "content_digest": request.content_digest,
            "decided_at": now,
        }
