# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..hc_core import lifecycles
from ..hc_core.errors import RuleSetError
from .hc_readiness_compiled import CompiledRules, RuleInfo


class HcReadinessRuleSet(models.Model):
    """The readiness rules of one period. Once published it never changes: copy it instead."""

    _name = "hc.readiness.rule.set"
    _description = "Readiness Rule Set"
    _inherit = ["hc.lifecycle.mixin", "mail.thread"]
    _order = "effective_from desc, version desc, id desc"
    _lifecycles = {"state": lifecycles.READINESS_RULE_SET}

    name = fields.Char(required=True, copy=False)
    version = fields.Integer(required=True, default=1, copy=False, aggregator=None)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every company that has no set of its own."
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
    effective_from = fields.Date(
        required=True,
        copy=False,
        default=fields.Date.context_today,
        help="Day from which cases are evaluated by this set.",
    )
    note = fields.Text("What Changed", copy=False)
    rule_ids = fields.One2many(
        "hc.readiness.rule", "set_id", "Rules", copy=True, context={"active_test": False}
    )
    rule_count = fields.Integer(compute="_compute_rule_count")

    _version_unique = models.UniqueIndex(
        "(company_id, version) NULLS NOT DISTINCT", "This version exists already."
    )
    _version_positive = models.Constraint("CHECK (version > 0)", "Versions count from 1.")

    @api.depends("name", "version")
    def _compute_display_name(self):
        for rule_set in self:
            rule_set.display_name = f"{rule_set.name} (v{rule_set.version})"

    @api.depends("rule_ids.active")
    def _compute_rule_count(self):
        for rule_set in self:
            rule_set.rule_count = len(rule_set.rule_ids.filtered("active"))

    def write(self, vals):
        if {"name", "version", "company_id", "effective_from", "note", "rule_ids"} & vals.keys():
            self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        """Refuse to change what decisions refer to."""
        for rule_set in self:
            if rule_set.state != "draft":
                raise UserError(
                    self.env._(
                        "%(rule_set)s is published: cases were decided by it, so it stays as it "
                        "is. Make a new draft from it and change that.",
                        rule_set=rule_set.display_name,
                    )
                )

    def _check_administrator(self):
        if not self.env.su and not self.env.user.has_group(
            "hc_revenue_base.group_hc_administrator"
        ):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "publish",
                self.env._("Only billing administrators publish or retire readiness rules."),
                reason="not_administrator",
            )

    def action_new_draft(self):
        """Copy the set as the next version and open the copy."""
        self.ensure_one()
        latest = self.with_context(active_test=False).search(
            [("company_id", "=", self.company_id.id)], order="version desc", limit=1
        )
        draft = self.copy(
            {
                "name": self.name,
                "version": latest.version + 1,
                "effective_from": fields.Date.context_today(self),
            }
        )
        return draft._get_records_action()

    def action_open_backtest(self):
        """Try the set on past cases before it decides new ones."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Back-Test %(rule_set)s", rule_set=self.display_name),
            "res_model": "hc.readiness.backtest",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_rule_set_id": self.id},
        }

    @api.model
    def _publish_seed(self, ids):
        """Publish the shipped set, once, when the module is installed."""
        self.browse(ids)._transition("published", reason=self.env._("shipped with the module"))

    def _guard_state_published(self):
        """A set is published when its rules compile and it rewrites no past decision."""
        today = fields.Date.context_today(self)
        blockers = {}
        for rule_set in self:
            reasons = rule_set._get_problems()
            if rule_set.effective_from < today and rule_set._get_siblings():
                reasons.append(
                    self.env._("it takes effect in the past: choose today or a later day")
                )
            blockers[rule_set.id] = reasons
        return blockers

    def _guard_state_retired(self):
        """Without a set in force no case could be billed."""
        today = fields.Date.context_today(self)
        return {
            rule_set.id: [self.env._("no other set would be in force: publish one first")]
            for rule_set in self
            if rule_set.state == "published"
            and not rule_set._get_siblings().filtered(lambda s: s.effective_from <= today)
        }

    def _get_siblings(self):
        """Other published sets that can stand in for this one."""
        self.ensure_one()
        return self.search(
            [
                ("id", "!=", self.id),
                ("state", "=", "published"),
                ("company_id", "in", (False, self.company_id.id)),
            ]
        )

    def _on_state_published(self, previous):
        # A publication that was rolled back may have left its compiled rules in the cache.
        self.env.registry.clear_cache()

    @api.model
    def _get_in_force(self, company, as_of):
        """The set by which cases of a company are decided on a day.

        A company's own set comes before the shared one; the latest effective date counts.

        :raise UserError: none is in force, so nothing can be decided
        """
        candidates = self.sudo().search(
            [
                ("state", "=", "published"),
                ("company_id", "in", (False, company.id)),
                ("effective_from", "<=", as_of),
            ]
        )
        rule_set = (candidates.filtered("company_id") or candidates)[:1]
        if not rule_set:
            raise UserError(
                self.env._(
                    "No readiness rules are in force for %(company)s on %(day)s. "
                    "Ask a billing administrator to publish a rule set.",
                    company=company.name,
                    day=as_of,
                )
            )
        return rule_set

    def _get_compiled(self):
        """The rules as compiled tests; of a published set from the cache."""
        self.ensure_one()
        return self._compile_published() if self.state == "published" else self._compile()

    @tools.ormcache("self.id")
    def _compile_published(self):
        return self.sudo()._compile()

    def _compile(self):
        rules = self.rule_ids.filtered("active")
        return CompiledRules.build(
            [rule._to_core() for rule in rules],
            self.env["hc.billing.case"]._get_readiness_register(),
            {
                rule.code: RuleInfo(rule.id, rule.category, rule.queue_id.id, rule.auto_fix)
                for rule in rules
            },
        )

    def _get_problems(self):
        """Why the rules cannot be used, as texts."""
        self.ensure_one()
        try:
            compiled = self._compile()
        except RuleSetError as error:
            return [error.message]
        return [result.detail for result in compiled.broken]
