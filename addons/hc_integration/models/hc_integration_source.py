# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import lifecycles

_CODE = re.compile(r"[a-z][a-z0-9-]{1,62}[a-z0-9]")


class HcIntegrationSource(models.Model):
    """Another system that sends to this one: who it is, how it proves that, what it may say.

    What it sends is entered with the rights of its user, in its company, and about its
    facilities only.
    """

    _name = "hc.integration.source"
    _description = "Connected System"
    _inherit = ["hc.connection.mixin"]
    _order = "name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.INTEGRATION_SOURCE}
    _guarded_fields = frozenset({"code", "company_id"})
    _guarded_after_create = frozenset({"code", "company_id"})

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Part of the address that the system sends to: small letters, digits and hyphens. "
        "Fixed once it is saved.",
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
    kind = fields.Selection(
        [
            ("ehr", "Clinical System (EHR)"),
            ("clearinghouse", "Clearinghouse"),
            ("payer", "Payer"),
            ("payment", "Payment Processor"),
            ("messaging", "Messaging Gateway"),
            ("document", "Document Store"),
            ("orchestrator", "Orchestrator (n8n)"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    facility_ids = fields.Many2many(
        "hc.facility",
        string="Facilities",
        check_company=True,
        help="The facilities that the system may speak about. Empty: all of the company.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Acts As",
        tracking=True,
        help="The integration user with whose rights its documents are entered.",
    )
    owner_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, help="Who answers for this connection."
    )
    contact = fields.Text(help="Whom to call at the other side, and when.")
    scheme = fields.Selection(
        [
            ("standard", "Standard Webhooks Signature"),
            ("stripe", "Stripe Signature"),
            ("hmac", "HMAC of the Body in a Header"),
            ("bearer", "Bearer Key"),
        ],
        "Proof of Identity",
        required=True,
        default="standard",
        tracking=True,
    )
    signature_header = fields.Char(
        default="X-Signature", help="Header that carries the HMAC (SHA-256, hexadecimal)."
    )
    secret_id = fields.Many2one(
        "hc.secret",
        tracking=True,
        help="Signs or opens. While a new value is set, the previous one stays valid for the "
        "secret's overlap.",
    )
    max_body_kilobytes = fields.Integer("Largest Document (kB)", default=1024, required=True)
    max_depth = fields.Integer("Deepest Nesting", default=32, required=True)
    rate_per_minute = fields.Integer(
        "Messages per Minute",
        default=600,
        required=True,
        help="What comes faster is asked to wait; other systems are not affected.",
    )
    playbook = fields.Html(
        "When It Is Down", help="What people do while this system, or the way to it, is down."
    )

    _code_unique = models.UniqueIndex("(code)", "Another connected system has this code.")
    _body_bounded = models.Constraint(
        "CHECK (max_body_kilobytes BETWEEN 1 AND 51200)",
        "The largest document is between 1 kB and 50 MB (51200 kB).",
    )
    _depth_bounded = models.Constraint(
        "CHECK (max_depth BETWEEN 4 AND 200)", "The deepest nesting is between 4 and 200."
    )
    _rate_bounded = models.Constraint(
        "CHECK (rate_per_minute BETWEEN 1 AND 60000)",
        "Messages per minute are between 1 and 60000.",
    )

    @api.constrains("code")
    def _check_code(self):
        for source in self:
            if not _CODE.fullmatch(source.code or ""):
                raise ValidationError(
                    self.env._(
                        "The code “%(code)s” cannot be part of an address. Use 3 to 64 small "
                        "letters, digits and hyphens, beginning with a letter.",
                        code=source.code,
                    )
                )

    @api.constrains("user_id", "company_id")
    def _check_user(self):
        for source in self.filtered("user_id"):
            user_sudo = source.user_id.sudo()
            if source.company_id not in user_sudo.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work for %(company)s. Choose an integration user of "
                        "that company.",
                        user=user_sudo.name,
                        company=source.company_id.sudo().name,
                    )
                )
            if not user_sudo.has_group("hc_revenue_base.group_hc_integration"):
                raise ValidationError(
                    self.env._(
                        "%(user)s is not an integration user: a connected system acts with least "
                        "privilege. Create a user with the role Integration User.",
                        user=user_sudo.name,
                    )
                )

    def _get_missing(self):
        missing = super()._get_missing()
        if not self.user_id:
            missing.insert(0, self.env._("Choose the integration user it acts as."))
        return missing

    def action_activate(self):
        """Accept what the system sends from now on; the first time an administrator says so."""
        if "draft" in self.mapped("state"):
            self._check_is_administrator("connect")
        self._transition("active")

    def action_retire(self):
        """Disconnect the system for good; an administrator does."""
        self._check_is_administrator("disconnect")
        self._transition("retired")

    def _check_is_administrator(self, operation):
        """Operations pause and go on; whom we speak with at all is the administrator's word.

        :raise AccessError: the user is no administrator
        """
        if self.env.su or self.env.user.has_group("hc_revenue_base.group_hc_administrator"):
            return
        raise self.env["hc.refused.attempt"]._refuse(
            self,
            operation,
            self.env._(
                "Only a billing administrator connects a system or disconnects it for good."
            ),
            reason="not_administrator",
        )
