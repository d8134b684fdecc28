# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .. import lifecycles


class HcApprovalPolicy(models.Model):
    """Who decides what, up to which amount: one version of an office's approval matrix.

    A draft is edited freely; once published it is fixed, and a later version takes over on its
    first day. A version of a company stands in for the shared one.
    """

    _name = "hc.approval.policy"
    _description = "Approval Policy"
    _inherit = ["hc.lifecycle.mixin", "mail.thread"]
    _order = "company_id, version desc"
    _lifecycles = {"state": lifecycles.APPROVAL_POLICY}
    _guarded_fields = frozenset({"version", "author_ids", "action_id", "valid_to", "published_at"})

    name = fields.Char(required=True, tracking=True)
    version = fields.Integer(required=True, readonly=True, default=1, copy=False)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        tracking=True,
        help="Empty: companies without a policy of their own.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        "Amounts In",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Requests in other currencies are converted at the rate of their day.",
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
    valid_from = fields.Date(
        "In Force From", required=True, default=fields.Date.context_today, copy=False, tracking=True
    )
    valid_to = fields.Date("In Force Until", readonly=True, copy=False)
    published_at = fields.Datetime(readonly=True, copy=False)
    author_ids = fields.Many2many(
        "res.users", "hc_approval_policy_author_rel", string="Authors", readonly=True, copy=False
    )
    action_id = fields.Many2one(
        "hc.controlled.action", "Publication", readonly=True, copy=False, ondelete="restrict"
    )
    route_ids = fields.One2many("hc.approval.route", "policy_id", "Routes", copy=True)
    aggregation_ids = fields.One2many("hc.approval.aggregation", "policy_id", "Added Up", copy=True)
    note = fields.Html(help="What this version changes, and why.")
    route_count = fields.Integer(compute="_compute_route_count")

    _version_unique = models.UniqueIndex(
        "(company_id, version) NULLS NOT DISTINCT", "This version of the policy exists already."
    )

    @api.depends("route_ids")
    def _compute_route_count(self):
        for policy in self:
            policy.route_count = len(policy.route_ids)

    @api.depends("name", "version")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = self.env._(
                "%(name)s, version %(version)s", name=policy.name or "", version=policy.version
            )

    @api.model
    def _complete_vals(self, vals_list):
        completed = []
        for vals in super()._complete_vals(vals_list):
            vals = dict(vals)
            vals.setdefault("version", self._get_next_version(vals.get("company_id")))
            completed.append(vals)
        return completed

    @api.model
    def _get_next_version(self, company_id):
        last = self.sudo().search(
            [("company_id", "=", company_id or False)], order="version desc", limit=1
        )
        return last.version + 1

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._note_author()
        return policies

    def write(self, vals):
        if set(vals) & {"name", "company_id", "currency_id", "valid_from", "note"}:
            self._check_draft()
        return super().write(vals)

    @api.constrains("company_id", "currency_id")
    def _check_currency(self):
        for policy in self:
            if not policy.currency_id.active:
                raise ValidationError(self.env._("Choose a currency that is in use."))

    def action_new_version(self):
        """Copy the policy into a draft that will take over from it."""
        self.ensure_one()
        draft = self.copy({"valid_from": fields.Date.context_today(self)})
        return draft._get_records_action()

    def action_discard(self):
        """Give a draft up."""
        self._check_draft()
        self._transition("withdrawn", reason=self.env._("discarded"))

    def action_open_routes(self):
        """Open the routes as a matrix."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_billing_approvals.hc_approval_route_action"
        )
        return action | {
            "domain": [("policy_id", "=", self.id)],
            "context": {"default_policy_id": self.id, "search_default_group_by_kind": 1},
        }

    def _check_draft(self):
        """Refuse to change what is published, and note who changes a draft."""
        for policy in self.sudo():
            if policy.state != "draft" and not policy._is_being_shipped():
                raise UserError(
                    self.env._(
                        "%(policy)s is %(state)s and cannot be changed: requests were or will be "
                        "decided by it. Use “New Version”.",
                        policy=policy.display_name,
                        state=policy._get_lifecycle("state").label(policy.state).lower(),
                    )
                )
        self._note_author()

    def _is_being_shipped(self):
        """Whether the module is being installed or updated; no client reaches such a registry."""
        return not self.env.registry.ready

    def _note_author(self):
        # Who has a hand in a version does not decide under it.
        for policy in self.sudo():
            if self.env.user not in policy.author_ids and not policy._is_being_shipped():
                policy._write_guarded({"author_ids": [(4, self.env.uid)]})
