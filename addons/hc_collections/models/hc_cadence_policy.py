# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
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
)


class HcCadencePolicy(models.Model):
    """When, how and how often those who owe are reminded: one version of a cadence.

    A draft is edited freely. Once published it is fixed: runs refer to it. What changes is a new
    version, which takes over on its first day.
    """

    _name = "hc.cadence.policy"
    _description = "Cadence Policy"
    _inherit = ["hc.lifecycle.mixin", "mail.thread"]
    _order = "party, code, version desc"
    _rec_names_search = ["name", "code"]
    _lifecycles = {"state": CADENCE_POLICY}
    _guarded_fields = frozenset({"version", "author_ids", "published_at"})

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, tracking=True, help="All versions share it.")
    version = fields.Integer(required=True, readonly=True, default=1, copy=False, aggregator=None)
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
    published_at = fields.Datetime("Published", readonly=True, copy=False)
    author_ids = fields.Many2many(
        "res.users", "hc_cadence_policy_author_rel", string="Authors", readonly=True, copy=False
    )
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

    @api.model
    def _complete_vals(self, vals_list):
        completed, given = [], {}
        for vals in super()._complete_vals(vals_list):
            key = (vals.get("company_id") or False, vals.get("code"))
            if key not in given:
                given[key] = self._get_last_version(*key)
            given[key] += 1
            completed.append({**vals, "version": given[key]})
        return completed

    @api.model
    def _get_last_version(self, company_id, code):
        last = self.sudo().search(
            [("company_id", "=", company_id), ("code", "=", code)], order="version desc", limit=1
        )
        return last.version

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._note_author()
        return policies

    def write(self, vals):
        changed = {name: vals[name] for name in _DRAFT_FIELDS & vals.keys()}
        if changed and not self._is_permitted(changed):
            self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        """Refuse to change what is published, and note who changes a draft."""
        for policy in self.sudo():
            if policy.state != "draft":
                raise UserError(
                    self.env._(
                        "%(policy)s is %(state)s and cannot be changed: reminders refer to it. "
                        "Use “New Version”.",
                        policy=policy.display_name,
                        state=policy._get_lifecycle("state").label(policy.state).lower(),
                    )
                )
        self._note_author()

    def _note_author(self):
        # Who has a hand in a version does not publish it.
        for policy in self.sudo():
            if self.env.user not in policy.author_ids:
                policy._write_guarded({"author_ids": [(4, self.env.uid)]})

    def action_new_version(self):
        """Copy the policy into a draft that will take over from it."""
        self.ensure_one()
        draft = self.copy({"date_from": fields.Date.context_today(self), "date_to": False})
        return draft._get_records_action()

    def action_discard(self):
        """Give a draft up."""
        self._check_draft()
        self._transition("retired", reason=self.env._("discarded"))
