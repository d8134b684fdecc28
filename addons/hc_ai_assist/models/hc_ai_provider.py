# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from ipaddress import ip_address

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.hc_revenue_base.hc_core.errors import HcError
from odoo.addons.hc_revenue_base.hc_core.http_errors import OutgoingError
from odoo.addons.hc_revenue_base.hc_core.network_policy import kind_of, permitted_addresses
from odoo.addons.hc_revenue_base.tools.http_request import parse_url

from .. import lifecycles
from .hc_ai_policy import _STOPPING_GROUPS

LONGEST_WAIT_SECONDS = 20


class HcAiProvider(models.Model):
    """A model behind an address that may be asked for a second opinion.

    One administrator sets it up, another one activates it; from then on its settings are fixed
    until it is paused and taken back to draft. Whoever watches the work may pause it at once.
    """

    _name = "hc.ai.provider"
    _description = "AI Provider"
    _inherit = ["hc.lifecycle.mixin", "mail.thread"]
    _order = "state, name, id"
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.AI_PROVIDER}
    _settings = frozenset(
        {"company_id", "wire_format", "base_url", "model_name", "secret_id", "is_local"}
        | {"timeout_seconds", "max_output_tokens", "daily_tokens", "daily_cost"}
        | {"input_price", "output_price", "cache_days"}
    )
    _guarded_fields = frozenset({"company_id", "proposed_by_id", "approved_by_id"})
    _guarded_after_create = frozenset({"company_id"})

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
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
    wire_format = fields.Selection(
        [
            ("chat_completions", "Chat Completions (OpenAI-compatible)"),
            ("messages", "Messages (Anthropic)"),
        ],
        "Format",
        required=True,
        default="chat_completions",
        tracking=True,
    )
    base_url = fields.Char(
        "Address",
        required=True,
        tracking=True,
        help="Without the part that names the function, such as https://ai.example.com/v1.",
    )
    model_name = fields.Char("Model", required=True, tracking=True)
    secret_id = fields.Many2one(
        "hc.secret", "Key", check_company=True, tracking=True, ondelete="restrict"
    )
    is_local = fields.Boolean(
        "On Our Own Network",
        tracking=True,
        help="The host belongs to the office: free text may go there without an agreement. It "
        "needs an approved outgoing allowance, and all its addresses have to be private ones.",
    )
    timeout_seconds = fields.Integer(
        "Wait (s)", required=True, default=LONGEST_WAIT_SECONDS, tracking=True
    )
    max_output_tokens = fields.Integer("Longest Answer (tokens)", required=True, default=800)
    daily_tokens = fields.Integer(
        "Tokens a Day",
        required=True,
        default=500_000,
        tracking=True,
        help="After that many, nothing more is asked on that day.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    daily_cost = fields.Monetary(
        "Cost a Day",
        tracking=True,
        help="After that much, nothing more is asked on that day. 0: nothing that costs.",
    )
    input_price = fields.Float(
        "Price of a Million Tokens In", digits=(12, 4), tracking=True, aggregator=None
    )
    output_price = fields.Float(
        "Price of a Million Tokens Out", digits=(12, 4), tracking=True, aggregator=None
    )
    cache_days = fields.Integer(
        "Remember Answers (days)",
        required=True,
        default=7,
        help="The same question within these days is not asked again. 0: always ask.",
    )
    proposed_by_id = fields.Many2one("res.users", "Set Up By", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", "Activated By", readonly=True, copy=False)
    agreement_ids = fields.One2many("hc.ai.agreement", "provider_id", "Agreements")
    run_ids = fields.One2many("hc.ai.run", "provider_id", "Runs")
    takes_texts = fields.Boolean(
        "Gets Free Text",
        compute="_compute_takes_texts",
        help="Masked, and only on the own network or under an agreement that is in force.",
    )

    _name_unique = models.UniqueIndex(
        "(company_id, name) WHERE state != 'retired'", "There is a provider of this name already."
    )
    _wait_bounded = models.Constraint(
        f"CHECK (timeout_seconds BETWEEN 1 AND {LONGEST_WAIT_SECONDS})",
        "Wait for 1 to 20 seconds.",
    )
    _answer_bounded = models.Constraint(
        "CHECK (max_output_tokens BETWEEN 50 AND 4000)",
        "The longest answer has 50 to 4000 tokens.",
    )
    _caps_positive = models.Constraint(
        "CHECK (daily_tokens >= 0 AND daily_cost >= 0 AND input_price >= 0 AND output_price >= 0)",
        "Caps and prices are not negative.",
    )
    _cache_bounded = models.Constraint(
        "CHECK (cache_days BETWEEN 0 AND 90)", "Answers are remembered for 0 to 90 days."
    )

    @api.depends("is_local", "agreement_ids.state", "agreement_ids.valid_until")
    def _compute_takes_texts(self):
        for provider in self:
            provider.takes_texts = provider._may_get_texts()

    @api.constrains("base_url", "is_local")
    def _check_address(self):
        for provider in self:
            try:
                target = parse_url(provider.base_url)
            except OutgoingError as error:
                raise ValidationError(error.message) from error
            if target.scheme != "https" and not provider.is_local:
                raise ValidationError(
                    self.env._("An address outside the own network begins with https://.")
                )
            if "?" in target.path:
                raise ValidationError(self.env._("The address has no query."))

    @api.model_create_multi
    def create(self, vals_list):
        providers = super().create(vals_list)
        providers._write_guarded({"proposed_by_id": self.env.uid})
        return providers

    def write(self, vals):
        changed = self._settings & vals.keys()
        if changed:
            self._check_may_change(changed)
        result = super().write(vals)
        if changed:
            self._write_guarded({"proposed_by_id": self.env.uid, "approved_by_id": False})
        return result

    def _check_may_change(self, names):
        fixed = self.filtered(lambda provider: provider.state != "draft")
        if fixed:
            labels = ", ".join(sorted(self._fields[name].string for name in names))
            raise self.env["hc.refused.attempt"]._refuse(
                fixed,
                "write",
                self.env._(
                    "%(provider)s was approved as it is. Pause it and press Change before you "
                    "set %(fields)s; another administrator activates it again.",
                    provider=fixed[0].display_name,
                    fields=labels,
                ),
                reason=", ".join(sorted(names)),
            )

    def _get_creation_facts(self):
        return {
            "wire_format": self.wire_format,
            "address": self.base_url,
            "model": self.model_name,
            "is_local": self.is_local,
        }

    def _guard_state_active(self):
        """A second administrator agrees; what is local really is."""
        reasons = {}
        for provider in self:
            problems = []
            if provider.state == "draft" and provider.proposed_by_id == self.env.user:
                problems.append(
                    self.env._("Whoever set it up cannot activate it. Ask another administrator.")
                )
            if provider.is_local and not provider._is_on_own_network():
                problems.append(
                    self.env._(
                        "Its host is not on the own network, or no approved outgoing allowance "
                        "covers it. Propose one under Configuration, Integration, Outgoing "
                        "Allowances."
                    )
                )
            if not provider.is_local and not provider.secret_id.sudo().value_ids:
                problems.append(self.env._("Choose a key that has a value."))
            reasons[provider.id] = problems
        return reasons

    def _is_on_own_network(self):
        """Whether all addresses of the host are private ones that an allowance covers today."""
        self.ensure_one()
        target = parse_url(self.base_url)
        allowances = self.env["hc.http.allowance"]._get_trust().allowances
        try:
            addresses = self.env["hc.http"]._resolver(target.host, target.port)
            permitted = permitted_addresses(target.host, target.port, addresses, allowances)
        except (OSError, HcError):
            return False
        return bool(permitted) and all(kind_of(ip_address(address)) for address, _by in permitted)

    def _may_get_texts(self):
        """Whether free text may go there now: own network, or an agreement in force."""
        self.ensure_one()
        if self.is_local:
            return self._is_on_own_network()
        today = fields.Date.context_today(self)
        return any(agreement._is_in_force(today) for agreement in self.sudo().agreement_ids)

    def action_activate(self):
        """Let policies ask it; a second administrator does this."""
        drafts = self.filtered(lambda provider: provider.state == "draft")
        self._transition(
            "active", facts={"by_id": {each.id: each._get_creation_facts() for each in self}}
        )
        drafts._write_guarded({"approved_by_id": self.env.uid})

    def action_pause(self):
        """Stop at once: questions that wait are not asked."""
        if not any(self.env.user.has_group(group) for group in _STOPPING_GROUPS):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "pause",
                self.env._("Ask a supervisor, operations or an administrator to pause it."),
                reason="role",
            )
        self.check_access("read")
        self.sudo()._transition("paused")

    def action_pause_all(self):
        """Stop all providers of the companies at work: from now on nothing is asked outside."""
        active = self.search(
            [("state", "=", "active"), ("company_id", "in", self.env.companies.ids)]
        )
        active.action_pause()

    def action_change(self):
        """Take it back to draft, to change its settings."""
        self._transition("draft")

    def action_retire(self):
        """Ask it never again; its runs stay."""
        self._transition("retired")

    def action_open_runs(self):
        """What was asked, and what it cost."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_ai_assist.hc_ai_run_action")
        return action | {"domain": [("provider_id", "=", self.id)], "context": {}}
