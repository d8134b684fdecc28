# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr

from ..hc_dunning_core import cadence_policy as core
from ..hc_dunning_core.cadence_lint import ERROR, lint
from ..lifecycles import CADENCE_POLICY
from .hc_aging_policy import PARTIES

_DRAFT_FIELDS = frozenset(
    {
        "name",
        "code",
        "company_id",
        "party",
        "currency_id",
        "minimum_amount",
        "date_from",
        "date_to",
        "level_ids",
        "channel_ids",
    }
)

_LINTED_LEVEL_FIELDS = (
    "sequence",
    "code",
    "delay_days",
    "delay_from",
    "channel",
    "fallback_channel",
    "spacing_days",
    "is_final",
    "is_precollection",
    "is_required_notice",
)


class HcCadencePolicy(models.Model):
    """When, how and how often those who owe are reminded: one version of a cadence.

    Once published it is fixed: runs refer to it.
    """

    _name = "hc.cadence.policy"
    _description = "Cadence Policy"
    _inherit = ["hc.versioned.mixin", "mail.thread"]
    _order = "party, code, version desc"
    _rec_names_search = ["name", "code"]
    _lifecycles = {"state": CADENCE_POLICY}
    _draft_fields = _DRAFT_FIELDS
    _publisher_groups = ("hc_revenue_base.group_hc_manager", "hc_revenue_base.group_hc_compliance")
    _superseded_state = _discarded_state = "retired"

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, tracking=True, help="All versions share it.")
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every company without a policy of its own."
    )
    party = fields.Selection(PARTIES, "Who Owes", required=True, default="patient")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    minimum_amount = fields.Monetary(
        default=5.0, required=True, help="Nobody is reminded of less than this."
    )
    date_from = fields.Date(
        "In Force From", required=True, tracking=True, default=fields.Date.context_today
    )
    date_to = fields.Date("In Force Until", tracking=True)
    level_ids = fields.One2many("hc.cadence.level", "policy_id", "Levels", copy=True)
    channel_ids = fields.One2many("hc.cadence.channel", "policy_id", "Channels", copy=True)
    level_count = fields.Integer("Number of Levels", compute="_compute_level_count")
    finding_text = fields.Text("To Repair", compute="_compute_findings")
    has_errors = fields.Boolean(compute="_compute_findings")
    author_ids = fields.Many2many(relation="hc_cadence_policy_author_rel")
    note = fields.Html(help="What this version changes, and who agreed.")

    _version_unique = models.UniqueIndex(
        "(coalesce(company_id, 0), code, version)", "The policy has this version already."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "The policy ends before it begins."
    )
    _minimum_positive = models.Constraint(
        "CHECK (minimum_amount > 0)", "The least amount to remind of is above zero."
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = f"{policy.name} (v{policy.version})"

    @api.depends("level_ids")
    def _compute_level_count(self):
        for policy in self:
            policy.level_count = len(policy.level_ids)

    @api.depends(
        *(f"level_ids.{name}" for name in _LINTED_LEVEL_FIELDS),
        "channel_ids.channel",
        "minimum_amount",
    )
    def _compute_findings(self):
        for policy in self:
            findings = policy._lint()
            policy.has_errors = any(finding.severity == ERROR for finding in findings)
            policy.finding_text = "\n".join(
                f"{finding.level or policy.code or ''}: {finding.words}" for finding in findings
            )

    def _lint(self):
        """What must or should be repaired before publication, as findings of the core.

        A draft that has no meaning yet (two levels of one code) is refused by its constraints.
        """
        codes = self.level_ids.mapped("code")
        if len(set(codes)) < len(codes) or not all(codes):
            return ()
        return lint(self._to_core())

    def _to_core(self):
        """The policy as the pure package knows it; levels in their order."""
        self.ensure_one()
        currency = self.currency_id
        return core.CadencePolicy(
            self.code or "",
            self.version,
            currency.name or "",
            tuple(level._to_core() for level in self._get_levels()),
            tuple(channel._to_core() for channel in self.channel_ids),
            Decimal(float_repr(self.minimum_amount, currency.decimal_places or 2)),
        )

    def _get_levels(self):
        """The levels in the order in which they go out."""
        return self.level_ids.sorted(lambda level: (level.sequence, level._origin.id))

    def _get_fixed_reason(self):
        return self.env._("reminders refer to it")

    def _get_publisher_message(self):
        return self.env._(
            "Managers and compliance officers publish and retire cadence policies. Ask one of them."
        )
