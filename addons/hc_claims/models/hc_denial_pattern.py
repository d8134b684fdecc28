# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec
from odoo.addons.hc_revenue_base.models.hc_adjustment_code import CATEGORIES

from ..hc_claim_core.denial_rules import LINKED_AUTHORIZATION, get_template
from ..lifecycles import DENIAL_PATTERN

_PERIOD_DAYS = 90
# Rules that one pattern drafts at most: the procedures denied most often.
_PROCEDURES_MAX = 5
_ADMINISTRATOR = "hc_revenue_base.group_hc_administrator"


class HcDenialPattern(models.Model):
    """Preventable denials that come again and again: same payer, same category.

    Where a fact known before billing speaks of the cause, an administrator drafts a readiness
    rule from it; a second person agrees before it decides anything. Other patterns are listed
    without rule: they need another remedy.
    """

    _name = "hc.denial.pattern"
    _description = "Denial Pattern"
    _inherit = ["hc.lifecycle.mixin", "mail.thread"]
    _order = "amount_denied desc, id desc"
    _check_company_auto = True
    _lifecycles = {"state": DENIAL_PATTERN}
    _guarded_fields = frozenset(
        {
            "payer_id",
            "category",
            "denial_ids",
            "denial_count",
            "amount_denied",
            "found_on",
            "rule_ids",
        }
    )

    payer_id = fields.Many2one(
        "hc.payer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="payer_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    category = fields.Selection(CATEGORIES, required=True, readonly=True, index=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="found",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    denial_ids = fields.Many2many("hc.denial", string="Denials", readonly=True)
    denial_count = fields.Integer("Denials in 90 Days", readonly=True)
    amount_denied = fields.Monetary("Denied", readonly=True)
    found_on = fields.Date("Last Found", readonly=True)
    has_template = fields.Boolean("A Rule Can Prevent It", compute="_compute_proposal")
    proposal = fields.Char(compute="_compute_proposal")
    rule_ids = fields.Many2many("hc.readiness.rule", string="Drafted Rules", readonly=True)

    _kind_unique = models.UniqueIndex("(payer_id, category)", "This pattern is known already.")

    @api.depends("payer_id", "category")
    def _compute_display_name(self):
        labels = dict(self._fields["category"]._description_selection(self.env))
        for pattern in self:
            pattern.display_name = f"{pattern.payer_id.name}: {labels.get(pattern.category)}"

    @api.depends("category")
    def _compute_proposal(self):
        for pattern in self:
            template = get_template(pattern.category)
            pattern.has_template = bool(template)
            pattern.proposal = (
                template.name
                if template
                else self.env._("No fact before billing speaks of it: change the work, not a rule.")
            )

    @api.model
    def _cron_find_patterns(self, as_of=None):
        """Scheduled Action: preventable denials of the last 90 days that come again and again."""
        as_of = as_of or fields.Date.context_today(self)
        policies = self.env["hc.denial.policy"]._get_by_category()
        nobody = self.env["hc.denial.policy"]
        groups = (
            self.env["hc.denial"]
            .sudo()
            ._read_group(
                [
                    ("denied_on", ">", as_of - timedelta(days=_PERIOD_DAYS)),
                    ("preventable", "in", ("yes", "partly")),
                    ("category", "!=", False),
                    ("state", "!=", "void"),
                ],
                ["payer_id", "category"],
                ["id:recordset", "amount_denied:sum"],
            )
        )
        for payer, category, denials, amount in groups:
            if len(denials) >= policies.get(category, nobody)._get_pattern_count():
                self._note(payer, category, denials, amount, as_of)

    @api.model
    def _note(self, payer, category, denials, amount, as_of):
        values = {
            "denial_ids": [Command.set(denials.ids)],
            "denial_count": len(denials),
            "amount_denied": amount,
            "found_on": as_of,
        }
        known = self.search([("payer_id", "=", payer.id), ("category", "=", category)])
        if known:
            known._write_guarded(values)
        else:
            self._create_guarded([{"payer_id": payer.id, "category": category, **values}])

    def _check_administrator(self):
        if not self.env.user.has_group(_ADMINISTRATOR):
            raise AccessError(self.env._("Billing administrators draft readiness rules."))

    def action_draft_rule(self):
        """Draft a readiness rule in the next version of the rules; others agree to it there."""
        self.ensure_one()
        self._check_administrator()
        template = get_template(self.category)
        if not template:
            raise UserError(self.proposal)
        if self.state != "proposed":
            rule_set = self._get_draft_set()
            rules = self.env["hc.readiness.rule"].create(
                self._prepare_rules_vals(rule_set, template)
            )
            self._transition("proposed", facts={"rules": rules.mapped("code"), "set": rule_set.id})
            self._write_guarded({"rule_ids": [Command.set(rules.ids)]})
        return self.rule_ids.set_id._get_records_action()

    def _get_draft_set(self):
        """The next version of the company's rules: the draft there is, else a new one."""
        sets = self.env["hc.readiness.rule.set"]
        current = sets._get_in_force(self.company_id, fields.Date.context_today(self))
        draft = sets.search(
            [
                ("state", "=", "draft"),
                ("company_id", "=", current.company_id.id),
                ("version", ">", current.version),
            ],
            limit=1,
        )
        return draft or sets.browse(current.with_env(self.env).action_new_draft()["res_id"])

    def _prepare_rules_vals(self, rule_set, template):
        """One rule, or one per procedure where the template speaks of procedures."""
        counts = Counter(code for code in self.denial_ids.mapped("procedure_code") if code)
        procedures = [code for code, _count in counts.most_common(_PROCEDURES_MAX)]
        if not template.of_procedures or not procedures:
            return [self._prepare_rule_vals(rule_set, template, f"DEN-{self.id:03}")]
        return [
            self._prepare_rule_vals(rule_set, template, f"DEN-{self.id:03}-{place}", procedure)
            for place, procedure in enumerate(procedures, 1)
        ]

    def _prepare_rule_vals(self, rule_set, template, code, procedure=None):
        applies = [
            ("is_insured", "equals", "yes"),
            ("payer_code", "equals", self.payer_id.code),
        ]
        if procedure:
            applies.append(("procedure_codes", "contains", procedure))
        conditions = [("applies", each) for each in applies]
        conditions += [("requires", each) for each in template.requires]
        policy = self.env["hc.denial.policy"]._get_by_category().get(self.category)
        queue = policy.queue_id if policy else self.env["hc.work.queue"]
        return {
            "set_id": rule_set.id,
            "code": code,
            "name": " ".join(filter(None, (f"{template.name}: {self.payer_id.name}", procedure))),
            "category": template.rule_category,
            "severity": template.severity,
            "queue_id": (queue or self.env.ref("hc_revenue_base.work_queue_billing")).id,
            "message": template.message,
            "prevents": ", ".join(sorted(set(self.denial_ids.mapped("reason_code")))),
            "sequence": 900,
            "note": self.env._(
                "Proposed from %(count)s denials of %(amount)s: %(names)s",
                count=self.denial_count,
                amount=self.currency_id.format(self.amount_denied),
                names=", ".join(self.denial_ids[:20].mapped("name")),
            ),
            "condition_ids": [
                Command.create(
                    {
                        "role": role,
                        "fact_name": fact,
                        "operator": operator,
                        "value": value or False,
                        "sequence": 10 * place,
                    }
                )
                for place, (role, (fact, operator, value)) in enumerate(conditions, 1)
            ],
        }

    def action_dismiss(self):
        """No rule shall come of the patterns."""
        self._check_administrator()
        self._transition("dismissed", reason=self.env._("no rule shall come of it"))

    def action_open_denials(self):
        """Open the denials that the pattern is made of."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_claims.hc_denial_action")
        return action | {"domain": [("id", "in", self.denial_ids.ids)], "context": {}}


class HcDenialPolicy(models.Model):
    _inherit = "hc.denial.policy"

    pattern_count = fields.Integer(
        "Denials That Make a Pattern",
        default=5,
        required=True,
        aggregator=None,
        help="So many preventable denials of one payer in 90 days are shown as a pattern.",
    )

    def _get_pattern_count(self):
        return max(self.pattern_count, 2) if self else 5


class HcBillingCase(models.Model):
    """Whether the visit has an authorization at all, for rules that denials teach."""

    _inherit = "hc.billing.case"

    @api.model
    def _get_readiness_facts(self):
        fact = FactSpec(
            LINKED_AUTHORIZATION, "boolean", "Authorization: linked to the visit", False
        )
        return (*super()._get_readiness_facts(), fact)

    def _load_readiness_facts(self, as_of):
        facts = super()._load_readiness_facts(as_of)
        for case in self.sudo():
            if case.id in facts:
                facts[case.id][LINKED_AUTHORIZATION] = bool(case.encounter_id.authorization_id)
        return facts
