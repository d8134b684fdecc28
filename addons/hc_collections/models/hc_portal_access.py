# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import hmac
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize
from odoo.tools.sql import escape_psql

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..hc_dunning_core.statement_words import words_of
from ..lifecycles import PORTAL_ACCESS
from ..tools.patient_format import format_day

INVITATION_DAYS = 7
MAX_ATTEMPTS = 5


class HcPortalAccess(models.Model):
    """Who sees an account in the patients' portal.

    The ledger partner is nobody's sign-in: a person is let in by an invitation to their e-mail,
    which they open with the guarantor's date of birth. Only a digest of the link is kept; a link
    works once, for a week, and for five wrong dates.
    """

    _name = "hc.portal.access"
    _description = "Portal Access"
    _inherit = ["hc.lifecycle.mixin", "hc.phi.mixin", "mail.thread"]
    _phi_patient_path = "account_id.patient_id"
    _order = "id desc"
    _check_company_auto = True
    _lifecycles = {"state": PORTAL_ACCESS}
    _guarded_fields = frozenset(
        {"account_id", "email", "user_id", "token_digest", "expires_on", "attempts", "is_paperless"}
    )

    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="invited",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    email = fields.Char("E-Mail", required=True, readonly=True, groups=PHI_GROUP)
    user_id = fields.Many2one(
        "res.users", "Signs In As", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    token_digest = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    expires_on = fields.Date("Link Works Until", readonly=True, copy=False)
    attempts = fields.Integer("Wrong Dates of Birth", readonly=True, copy=False)
    is_paperless = fields.Boolean(
        "No Paper", readonly=True, help="Agreed by a link in an e-mail: see the history."
    )

    _digest_unique = models.UniqueIndex("(token_digest)", "This link is taken.")
    _person_once = models.UniqueIndex(
        "(account_id, user_id) WHERE state = 'active'", "This person sees the account already."
    )

    @api.depends("account_id", "state")
    def _compute_display_name(self):
        for access in self:
            access.display_name = self.env._(
                "Portal access to %(account)s", account=access.sudo().account_id.name
            )

    @api.model
    def _invite(self, accounts):
        """Send the guarantors of accounts a link to their bills.

        :raise UserError: the e-mail or the date of birth of one is not known
        """
        accesses = self.browse()
        for account in accounts.sudo():
            patient = account.patient_id
            email = email_normalize(patient.email)
            if not email or not patient.birth_date:
                raise UserError(
                    self.env._(
                        "%(account)s: the portal needs an e-mail and a date of birth. Enter "
                        "them on the patient.",
                        account=account.name,
                    )
                )
            account.portal_access_ids.filtered(lambda one: one.state == "invited")._transition(
                "revoked", reason=self.env._("a new invitation replaces it")
            )
            token = secrets.token_urlsafe(32)
            expires_on = fields.Date.context_today(self) + timedelta(days=INVITATION_DAYS)
            access = self.sudo()._create_guarded(
                [
                    {
                        "account_id": account.id,
                        "email": email,
                        "token_digest": digest(token),
                        "expires_on": expires_on,
                    }
                ]
            )
            access._send_invitation(token)
            accesses |= access
        return accesses.with_env(self.env)

    def _send_invitation(self, token):
        link = f"{self.company_id.get_base_url()}/my/health-bills/join/{token}"
        self._send_mail("invite", link, self.expires_on)

    def _send_mail(self, kind, link, until):
        """Send a link to the e-mail of the access, without patient data.

        :param str kind: of the words: ``invite`` or ``paperless``
        :param date until: the last day on which the link works
        """
        account = self.account_id
        words = words_of(account.patient_id.language)
        day = format_day(account._get_language(), until)
        paragraphs = [
            words[f"{kind}_text"].format(link=link, email=self.email),
            words["invite_until"].format(day=day),
        ]
        body = self.env["ir.qweb"]._render(
            "hc_collections.plain_mail", {"paragraphs": paragraphs}, minimal_qcontext=True
        )
        self.env["mail.mail"].sudo().create(
            {
                "subject": words[f"{kind}_subject"],
                "body_html": body,
                "email_to": self.email,
                "email_from": account.company_id.email_formatted,
                "auto_delete": True,
            }
        )

    @api.model
    def _find_invitation(self, token):
        """The open invitation of a link, as sudo; empty where there is none any more."""
        if not token or len(token) > 128:
            return self.sudo().browse()
        return self.sudo().search(
            [
                ("token_digest", "=", digest(token)),
                ("state", "=", "invited"),
                ("expires_on", ">=", fields.Date.context_today(self)),
            ]
        )

    def _prove(self, birth_date):
        """Whether this is the guarantor's date of birth; the fifth wrong one ends the link.

        :param str birth_date: as a client sent it
        """
        self.ensure_one()
        self._lock_for_transition(["state", "attempts"])
        expected = fields.Date.to_string(self.account_id.patient_id.birth_date) or ""
        if self.state != "invited" or not expected:
            return False
        if hmac.compare_digest(str(birth_date or "").encode(), expected.encode()):
            return True
        self._write_guarded({"attempts": self.attempts + 1})
        if self.attempts >= MAX_ATTEMPTS:
            self._transition("revoked", reason=self.env._("too many wrong dates of birth"))
        return False

    def _accept(self, user):
        """Let a person in who has proved who they are."""
        self.ensure_one()
        known = self.account_id.portal_access_ids.filtered(
            lambda one: one.state == "active" and one.user_id == user
        )
        known._transition("revoked", reason=self.env._("a new invitation replaces it"))
        self._write_guarded({"user_id": user.id, "token_digest": False})
        self._transition("active", reason=self.env._("proved by date of birth"))

    def _make_user(self):
        """A portal user for the invited e-mail; empty where the e-mail signs in already.

        Contacts are read by every employee: the user is named by the number of the account.
        """
        users_sudo = self.env["res.users"].sudo().with_context(active_test=False)
        if users_sudo.search_count([("login", "=ilike", escape_psql(self.email))], limit=1):
            return users_sudo.browse()
        user = users_sudo.with_context(
            no_reset_password=True, active_test=True
        )._create_user_from_template(
            {
                "name": self.account_id.name,
                "login": self.email,
                "email": self.email,
                "company_id": self.company_id.id,
                "company_ids": [fields.Command.set(self.company_id.ids)],
            }
        )
        user.partner_id.company_id = self.company_id
        return user

    def action_revoke(self):
        """Take the access away: the person sees the account no more."""
        self.check_access("write")
        # Nobody but the system reads or writes the digest.
        access_sudo = self.sudo()
        access_sudo._write_guarded({"token_digest": False})
        access_sudo._transition("revoked", reason=self.env._("withdrawn"))

    @api.model
    def _get_accounts_of(self, user):
        """The accounts that a person may see in the portal, as sudo: the one place that says so."""
        if not user or user._is_public():
            return self.env["hc.collection.account"].sudo().browse()
        accesses = self.sudo().search([("user_id", "=", user.id), ("state", "=", "active")])
        return accesses.account_id.filtered(lambda account: account.company_id.active)


def digest(token):
    """What is kept of a link."""
    return hashlib.sha256(token.encode()).hexdigest()
