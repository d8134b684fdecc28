# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.hc_core.config_diff import config_digest

from ..hc_approval_core.lint import LintContext, lint

# What an office mends after the installation: its people, and routes for kinds of other modules.
_LATER_CODES = frozenset({"no_members", "not_enough_people", "kind_uncovered"})


class HcApprovalPolicy(models.Model):
    """From draft to in force: lint, submission, approval by the version in force, succession."""

    _inherit = "hc.approval.policy"

    lint_html = fields.Html("Findings", compute="_compute_lint", sanitize=False)
    lint_error_count = fields.Integer(compute="_compute_lint")

    @api.depends("route_ids", "aggregation_ids", "state")
    def _compute_lint(self):
        for policy in self:
            findings = policy._lint() if policy.route_ids else ()
            policy.lint_error_count = sum(each.severity == "error" for each in findings)
            policy.lint_html = (
                self.env["ir.qweb"]._render(
                    "hc_billing_approvals.hc_approval_policy_lint",
                    {"policy": policy, "findings": findings, "describe": policy._describe_finding},
                )
                if findings
                else Markup()
            )

    def _lint(self):
        """What is wrong with the version, as findings of the pure package."""
        self.ensure_one()
        rules_sudo = self.sudo().route_ids.step_rule_ids
        groups = rules_sudo.group_ids | rules_sudo.escalation_ids.group_id
        members = {
            str(group.id): frozenset(group.all_user_ids.filtered("active").ids) for group in groups
        }
        universe = {
            dimension: self._get_known_values(dimension, self.company_id)
            for dimension in (
                "payer_type",
                "facility",
                "department",
                "account_risk_level",
                "reason_code",
            )
        }
        actions = self.env["hc.controlled.action"]
        kinds = frozenset(
            self._get_routed_kind(actions.new({"kind": kind}))
            for kind, _label in actions._fields["kind"].selection
        )
        return lint(
            self._to_core(), LintContext(universe=universe, role_members=members, kinds=kinds)
        )

    def _guard_state_submitted(self):
        blockers = {}
        for policy in self:
            errors = [
                each
                for each in policy._lint()
                if each.severity == "error" and not policy._is_excused(each)
            ]
            if not policy.route_ids:
                blockers[policy.id] = [self.env._("it has no route")]
            elif errors:
                blockers[policy.id] = [policy._describe_finding(each) for each in errors[:5]]
            elif policy.valid_from < fields.Date.context_today(policy) and not (
                policy._is_being_shipped()
            ):
                blockers[policy.id] = [self.env._("it would be in force from a day in the past")]
        return blockers

    def _is_excused(self, finding):
        """What is mended after the matrix is installed."""
        return self._is_being_shipped() and finding.code in _LATER_CODES

    def action_submit(self):
        """Ask for the publication: the version in force says who decides about it."""
        for policy in self:
            if not self.env.user.has_group("hc_revenue_base.group_hc_administrator"):
                raise UserError(self.env._("Billing administrators submit approval policies."))
            policy.check_access("write")
            policy._note_author()
            policy.sudo()._transition("submitted")
            action = self.env["hc.controlled.action"]._request(
                "approval_policy_change",
                policy,
                idempotency_key=f"approval_policy:{policy.id}:{policy.sudo().transition_count}",
                justification=self.env._("Publication of %s", policy.display_name),
                company_id=(policy.company_id or self.env.company).id,
                parameters={"policy": policy.id, "content": policy._get_digest()},
                evidence=[
                    {
                        "evidence_type": "justification",
                        "type_id": self.env.ref("hc_billing_approvals.evidence_backtest").id,
                        "text": policy._describe_backtest(),
                    }
                ],
            )
            policy.sudo()._write_guarded({"action_id": action.id})

    def _get_digest(self):
        """Of everything that the version says, the same in every process."""
        self.ensure_one()
        return config_digest(
            {
                "policy": [self.name, self.version, self.currency_id.name],
                "valid_from": str(self.valid_from),
                "routes": [route._get_content() for route in self.sudo().route_ids],
                "aggregations": sorted(
                    [each.kind, each.scope, each.window_days] for each in self.aggregation_ids
                ),
            }
        )

    def _publish(self):
        """Put the version in force from its first day; the one before it ends the day before."""
        self.ensure_one()
        earlier = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "published"),
                ("id", "!=", self.id),
            ]
        )
        for policy in earlier.filtered(lambda each: each.valid_from <= self.valid_from):
            policy._write_guarded({"valid_to": self.valid_from - timedelta(days=1)})
            policy._transition("superseded", reason=self.display_name)
        self._transition("published")
        self._write_guarded({"published_at": self.env.cr.now().replace(microsecond=0)})
        self.env.registry.clear_cache()

    @api.model
    def _publish_shipped(self):
        """Put the shipped matrix in force where the module is installed and nothing else is."""
        if self.env.registry.ready:
            raise UserError(self.env._("Policies are published by an approved request."))
        policy = self.env.ref("hc_billing_approvals.hc_approval_policy_shipped")
        if policy.state == "draft":
            policy._transition("submitted")
            policy._publish()


class HcControlledAction(models.Model):
    _inherit = "hc.controlled.action"

    def _apply_approval_policy_change(self):
        policy = self._get_subject().sudo()
        if policy._get_digest() != self.parameters["content"]:
            raise UserError(self.env._("The policy is not what was submitted."))
        policy._publish()

    def _on_state_rejected(self, previous):
        result = super()._on_state_rejected(previous)
        self._take_policies_back()
        return result

    def _on_state_void(self, previous):
        result = super()._on_state_void(previous)
        self._take_policies_back()
        return result

    def _on_state_expired(self, previous):
        result = super()._on_state_expired(previous)
        self._take_policies_back()
        return result

    def _take_policies_back(self):
        for action in self.filtered(lambda each: each.kind == "approval_policy_change"):
            policy = action._get_subject().sudo()
            if policy.action_id == action:
                policy._transition("draft", reason=action.name)
