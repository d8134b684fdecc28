# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..hc_core import rules as core
from ..hc_core.errors import RuleError

RULE_CATEGORIES = [
    ("demographics", "Demographics"),
    ("coverage", "Coverage"),
    ("eligibility", "Eligibility"),
    ("authorization", "Authorization"),
    ("coding", "Coding"),
    ("provider", "Provider"),
    ("charges", "Charges"),
    ("duplicates", "Duplicates"),
    ("timely_filing", "Timely Filing"),
    ("documents", "Documents"),
    ("cob", "Coordination of Benefits"),
    ("self_pay", "Self-Pay"),
    ("contract", "Contract"),
    ("other", "Other"),
]

RULE_SEVERITIES = [
    ("error", "Error"),
    ("hold", "Hold"),
    ("warning", "Warning"),
    ("info", "Info"),
]


class HcReadinessRule(models.Model):
    """One readiness rule: when it applies, what it then requires, and whose work a failure is.

    A rule is data: conditions compare named facts by a closed set of operators.
    """

    _name = "hc.readiness.rule"
    _description = "Readiness Rule"
    _order = "set_id, sequence, code, id"

    set_id = fields.Many2one(
        "hc.readiness.rule.set", "Rule Set", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(related="set_id.state", string="Rule Set State")
    company_id = fields.Many2one(related="set_id.company_id", store=True, index=True)
    code = fields.Char(required=True, index=True)
    name = fields.Char(required=True, translate=True)
    category = fields.Selection(RULE_CATEGORIES, required=True, default="other", index=True)
    severity = fields.Selection(
        RULE_SEVERITIES,
        required=True,
        default="error",
        help="Errors and holds keep a case from being billed; a hold is released by time or by "
        "others, an error needs a correction.",
    )
    queue_id = fields.Many2one(
        "hc.work.queue",
        "Owner Queue",
        required=True,
        ondelete="restrict",
        help="Whose work it is to solve a failure.",
    )
    message = fields.Char(
        required=True,
        help="What to tell people when the rule fails. {fact_name} shows the value of a fact.",
    )
    auto_fix = fields.Selection(
        [
            ("none", "None"),
            ("normalize_member_id", "Clean the member id"),
            ("normalize_address", "Clean the address"),
        ],
        "Automatic Fix",
        required=True,
        default="none",
        help="Done without asking before a finding is raised, and logged.",
    )
    fix_model = fields.Selection(
        selection="_selection_fix_model",
        string="Record to Fix",
        help="The record that the button of a finding opens.",
    )
    fix_field = fields.Char("Field to Fix", help="Technical name of the field on that record.")
    standard_reference = fields.Char(help="Element of the claim standard that the rule guards.")
    prevents = fields.Char("Prevents Denials", help="Adjustment and remark codes it prevents.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    note = fields.Text(help="For an inactive rule: what is missing to activate it.")
    condition_ids = fields.One2many("hc.readiness.condition", "rule_id", "Conditions", copy=True)
    condition_summary = fields.Text(compute="_compute_condition_summary")

    _code_unique = models.UniqueIndex(
        "(set_id, code)", "The rule set has a rule of this code already."
    )

    @api.model
    def _selection_fix_model(self):
        return [
            (name, self.env[name]._description)
            for name in self.env["hc.billing.case"]._get_fix_models()
        ]

    @api.depends("code", "name")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = f"{rule.code} {rule.name}"

    @api.depends("condition_ids.role", "condition_ids.text")
    def _compute_condition_summary(self):
        for rule in self:
            applies = rule.condition_ids.filtered(lambda c: c.role == "applies")
            requires = rule.condition_ids - applies
            lines = []
            if applies:
                lines.append(
                    self.env._(
                        "When %(conditions)s", conditions=" and ".join(applies.mapped("text"))
                    )
                )
            if requires:
                lines.append(
                    self.env._(
                        "Requires %(conditions)s", conditions=" and ".join(requires.mapped("text"))
                    )
                )
            rule.condition_summary = "\n".join(lines)

    @api.constrains("code", "severity")
    def _check_code(self):
        probe = core.Condition("as_of", "is_set")
        register = self.env["hc.billing.case"]._get_readiness_register()
        for rule in self:
            try:
                core.compile_rule(core.Rule(rule.code, rule.severity, (probe,)), register)
            except RuleError as error:
                raise ValidationError(error.message) from error

    @api.constrains("fix_model", "fix_field")
    def _check_fix_field(self):
        for rule in self:
            if not rule.fix_field:
                continue
            if not rule.fix_model or rule.fix_field not in self.env[rule.fix_model]._fields:
                raise ValidationError(
                    self.env._(
                        "Rule %(code)s: %(field)s is no field of the record to fix.",
                        code=rule.code,
                        field=rule.fix_field,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules.set_id._check_draft()
        return rules

    def write(self, vals):
        self.set_id._check_draft()
        self.set_id.browse(vals.get("set_id") or [])._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.set_id._check_draft()

    def _to_core(self):
        """The rule as the pure engine knows it."""
        self.ensure_one()

        def conditions(role):
            return tuple(
                condition._to_core() for condition in self.condition_ids if condition.role == role
            )

        return core.Rule(
            code=self.code,
            severity=self.severity,
            requires=conditions("requires"),
            applies=conditions("applies"),
            message=self.message,
            sequence=self.sequence,
            version=self.set_id.version,
        )
