# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hmac
import secrets
from datetime import timedelta

from odoo import api, fields, models

from ..hc_dunning_core.statement_words import LANGUAGES
from .hc_portal_access import INVITATION_DAYS, digest

# What may be opted out of; letters and the portal itself always remain.
OPTIONAL_CHANNELS = ("email", "sms", "call")
# Texts need an agreement, 47 CFR 64.1200(a); e-mails and calls end with a word.
_NEEDS_CONSENT = ("sms",)


class HcPortalAccess(models.Model):
    """How a guarantor wants to be reached: language, channels, paper or none.

    Paper ends only after the person has agreed by a link that was sent to the e-mail to which the
    bills would go, 15 USC 7001(c)(1)(C)(ii): they have shown that they can open them there.
    """

    _inherit = "hc.portal.access"

    paperless_digest = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    paperless_until = fields.Date("Paperless Link Works Until", readonly=True, copy=False)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"paperless_digest", "paperless_until"}

    def _get_channels(self):
        """``{channel: whether it may be used}`` of those that the guarantor has a say in."""
        self.ensure_one()
        account = self.account_id
        verdicts = self.env["hc.contact.consent"]._get_verdicts(account)
        return {
            channel: verdicts.get((account.id, channel))
            in (("granted",) if channel in _NEEDS_CONSENT else ("granted", None))
            for channel in OPTIONAL_CHANNELS
        }

    def _set_preferences(self, language, channels, is_paperless):
        """Take what the person chose; what they left as it was is recorded no second time.

        :param str language: code of a language in which the office writes
        :param channels: codes of the channels that may be used
        :param bool is_paperless: whether bills come by e-mail and portal alone
        :return: whether a link was sent that has to be opened first
        """
        self.ensure_one()
        account = self.account_id
        if language in LANGUAGES and language != account._get_language():
            account.patient_id.write({"language": language})
        current = self._get_channels()
        for verdict, is_wanted in (("granted", True), ("revoked", False)):
            changed = [
                channel
                for channel, may_be_used in current.items()
                if (channel in channels) is is_wanted and may_be_used is not is_wanted
            ]
            self.env["hc.contact.consent"]._record(account, changed, verdict, "portal")
        # Who is told of bills by nothing else gets letters.
        is_paperless = is_paperless and "email" in channels
        if is_paperless and not self.is_paperless:
            return self._send_paperless_link()
        if not is_paperless:
            self._end_paperless()
        return False

    def _send_paperless_link(self):
        if not self.account_id._take_request():
            return False
        token = secrets.token_urlsafe(32)
        until = fields.Date.context_today(self) + timedelta(days=INVITATION_DAYS)
        self._write_guarded({"paperless_digest": digest(token), "paperless_until": until})
        link = f"{self.company_id.get_base_url()}/my/health-bills/paperless/{token}"
        self._send_mail("paperless", link, until)
        return True

    def _end_paperless(self):
        self._write_guarded(
            {"is_paperless": False, "paperless_digest": False, "paperless_until": False}
        )

    @api.model
    def _find_paperless(self, token, user):
        """The access that a person ends paper for by a link, as sudo; empty where there is none."""
        found = self.sudo().browse()
        if not token or len(token) > 128 or user._is_public():
            return found
        for access in self.sudo().search(
            [
                ("user_id", "=", user.id),
                ("state", "=", "active"),
                ("paperless_until", ">=", fields.Date.context_today(self)),
            ]
        ):
            if hmac.compare_digest(access.paperless_digest or "", digest(token)):
                found = access
        return found

    def _confirm_paperless(self):
        self._write_guarded(
            {"is_paperless": True, "paperless_digest": False, "paperless_until": False}
        )
        self._log_decision(reason=self.env._("agreed by the link in the e-mail"))
