# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache


class HcApprovalStep(models.Model):
    """Open steps climb the ladder of their rule; alternates are let in where all are away.

    Whoever was let in stays in until the step is decided, and nobody is ever put out: an approver
    who comes back finds the step as they left it.
    """

    _inherit = "hc.approval.step"

    escalation_level = fields.Integer(
        "Escalations", readonly=True, default=0, copy=False, aggregator="sum"
    )
    escalated_at = fields.Datetime("Last Escalated", readonly=True, copy=False)
    next_escalation_at = fields.Datetime(readonly=True, copy=False)
    alternates_since = fields.Datetime(readonly=True, copy=False)

    _next_escalation = models.Index("(next_escalation_at) WHERE state = 'open'")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "escalation_level",
            "escalated_at",
            "next_escalation_at",
            "alternates_since",
        }

    @api.model
    def _get_approver_domain(self, user, meant=False):
        """Steps that name the user, by role or by name, or that reached them.

        :param meant: only by roles that the user holds in their own right
        """
        roles = user._get_own_role_ids() if meant else user.sudo()._get_group_ids()
        named, ladder, stands_in = self.env["hc.approval.step.rule"]._get_reach(user.id, roles)
        # Ids instead of paths: the rules are few, and the planner finds the steps by them.
        domain = Domain("rule_id", "in", named) | Domain("approver_ids", "in", user.ids)
        for level, rule_ids in ladder:
            domain |= Domain("escalation_level", ">=", level) & Domain("rule_id", "in", rule_ids)
        if stands_in:
            domain |= Domain("alternates_since", "!=", False) & Domain("rule_id", "in", stands_in)
        return domain

    def _is_approver(self, user):
        """Whether the user is named, by role or by name, or was let in since."""
        self.ensure_one()
        step_sudo = self.sudo()
        return bool(
            user.sudo().all_group_ids & step_sudo.rule_id.group_ids
            or user in step_sudo.approver_ids
            or step_sudo._is_escalated_to(user)
            or (step_sudo.alternates_since and user in step_sudo.rule_id.alternate_ids)
        )

    def _is_escalated_to(self, user):
        """Whether the step has reached a rung whose role the user has."""
        self.ensure_one()
        if not self.escalation_level:
            return False
        reached = self.sudo().rule_id._get_ladder()[: self.escalation_level]
        return bool(reached.group_id & user.sudo().all_group_ids)

    def _prepare_open_vals(self, now):
        self.ensure_one()
        hours = self.rule_id._get_rung_hours(1)
        has_ladder = hours is not None and self.rule_id.sla_hours
        return super()._prepare_open_vals(now) | {
            "next_escalation_at": has_ladder and self._plan(now, self.rule_id.sla_hours + hours),
        }

    def _on_state_open(self, previous):
        result = super()._on_state_open(previous)
        self._let_alternates_in()
        return result

    def _cron_escalate(self):
        """Scheduled Action: overdue steps climb; alternates come in where all others are away."""
        self._run_in_batches(
            [
                ("state", "=", "open"),
                # The clock stands still while a question is open.
                ("request_id.state", "=", "waiting"),
                ("next_escalation_at", "<=", self.env.cr.now()),
            ],
            "_escalate",
            batch_size=1000,
        )
        self._run_in_batches(
            Domain("state", "=", "open")
            & Domain("alternates_since", "=", False)
            & Domain.OR(self._get_absence_domains()),
            "_let_alternates_in",
            batch_size=1000,
        )

    def _escalate(self):
        """Let the next role decide as well.

        Each rung has its time, counted from the rung before: a ladder whose Scheduled Action stood
        still for a week does not rush to its end.
        """
        now = self.env.cr.now().replace(microsecond=0)
        alike = defaultdict(self.browse)
        for step in self:
            alike[step.rule_id, step.company_id, step.escalation_level] |= step
        for (rule, _company, level), steps in alike.items():
            this_hours = rule._get_rung_hours(level + 1)
            next_hours = rule._get_rung_hours(level + 2)
            if this_hours is None:
                steps._write_guarded({"next_escalation_at": False})
                continue
            following = False
            if next_hours is not None:
                following = steps[0]._plan(now, next_hours - this_hours) or now
            steps._write_guarded(
                {
                    "escalation_level": level + 1,
                    "escalated_at": now,
                    "next_escalation_at": following,
                    "noticed_at": False,
                    "notice_kind": "escalated",
                }
            )
            steps._log_decision(kind="event", facts={"event": "escalated", "level": level + 1})

    def _let_alternates_in(self):
        """Let alternates decide the steps whose approvers are all away at this moment."""
        concerned = self.filtered(lambda step: step.rule_id.alternate_ids)
        if not concerned:
            return
        people = {rule: rule._get_people() for rule in concerned.rule_id}
        everybody = self.env["res.users"].union(*people.values(), concerned.approver_ids)
        away = everybody._get_away_now()
        left_alone = concerned.filtered(
            lambda step: not (people[step.rule_id] | step.approver_ids) - step.requester_id - away
        )
        if left_alone:
            now = self.env.cr.now().replace(microsecond=0)
            left_alone._write_guarded(
                {"alternates_since": now, "noticed_at": False, "notice_kind": "alternates"}
            )
            left_alone._log_decision(kind="event", facts={"event": "alternates"})

    @api.model
    def _get_absence_domains(self):
        """Steps that may have nobody left, rule by rule: most rules have somebody at work."""
        rules_sudo = (
            self.env["hc.approval.step.rule"].sudo().search([("alternate_ids", "!=", False)])
        )
        for rule in rules_sudo:
            people = rule._get_people()
            present = people - people._get_away_now()
            domain = Domain("rule_id", "=", rule.id)
            if not present:
                yield domain
            elif len(present) == 1:
                # The one who is at work may be the requester, who does not decide.
                yield domain & Domain("requester_id", "=", present.id)


class HcApprovalStepRule(models.Model):
    _inherit = "hc.approval.step.rule"

    @api.model
    @ormcache("user_id", "group_ids")
    def _get_reach(self, user_id, group_ids):
        """Rules by which a user with these groups decides, of all versions.

        Kept until a part of a policy changes: the counter of every page asks.

        :return: ids of rules that name a role of the user; ``(level, ids)`` of rules whose ladder
            does; ids of rules whose alternate the user is
        """
        rules_sudo = self.sudo()
        named = rules_sudo.search([("group_ids", "in", group_ids)], order="id").ids
        by_level = defaultdict(list)
        rungs_sudo = self.env["hc.approval.escalation"].sudo()
        for rung in rungs_sudo.search([("group_id", "in", group_ids)], order="id"):
            by_level[rung.level].append(rung.step_rule_id.id)
        stands_in = rules_sudo.search([("alternate_ids", "in", [user_id])], order="id").ids
        return tuple(named), tuple(sorted(by_level.items())), tuple(stands_in)

    def _get_people(self):
        """Active users whom the rule names whatever the request is, by role or by name."""
        self.ensure_one()
        return (self.sudo().group_ids.all_user_ids | self.user_ids).filtered("active")


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_away_now(self):
        """Those whose own calendar has them on leave at this moment.

        Leave of the whole company does not count: its working hours stand still then anyway.
        Time off adds its leaves to the same calendar where it is installed.
        """
        now = self.env.cr.now()
        leaves_sudo = self.env["resource.calendar.leaves"].sudo()
        rows = leaves_sudo._read_group(
            [
                ("resource_id.user_id", "in", self.ids),
                ("time_type", "=", "leave"),
                ("date_from", "<=", now),
                ("date_to", ">", now),
            ],
            ["resource_id"],
        )
        resources_sudo = leaves_sudo.resource_id.union(*(resource for (resource,) in rows))
        return resources_sudo.user_id.with_env(self.env) & self
