# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import http
from odoo.http import request

from ..hc_dunning_core.statement_words import LANGUAGES
from .health_bills import MAX_FORM_BYTES, find_account, prepare_page, render_page


class PortalPreferences(http.Controller):
    """How guarantors want to be reached."""

    @http.route(
        "/my/health-bills/<int:account_id>/preferences",
        type="http", auth="user", website=True, methods=["GET"],
    )  # fmt: skip
    def show_preferences(self, account_id, **_parameters):
        """Show language, ways of contact, and paper or none."""
        return self._render(self._find_access(account_id))

    @http.route(
        "/my/health-bills/<int:account_id>/preferences",
        type="http", auth="user", website=True, methods=["POST"],
        max_content_length=MAX_FORM_BYTES,
    )  # fmt: skip
    def save_preferences(self, account_id, language="", paperless="", **parameters):
        """Take what was chosen; whoever wants no paper opens a link first."""
        access = self._find_access(account_id)
        channels = {name for name in access._get_channels() if parameters.get(name)}
        was_sent = access._set_preferences(language, channels, bool(paperless))
        return self._render(access, "preferences_link" if was_sent else "preferences_saved")

    @http.route(
        "/my/health-bills/paperless/<string:token>",
        type="http", auth="user", website=True, methods=["GET"],
    )  # fmt: skip
    def show_paperless(self, token, **_parameters):
        """Ask once more: opening a link changes nothing."""
        return self._render_paperless(self._find_paperless(token))

    @http.route(
        "/my/health-bills/paperless/<string:token>",
        type="http", auth="user", website=True, methods=["POST"],
        max_content_length=MAX_FORM_BYTES,
    )  # fmt: skip
    def confirm_paperless(self, token, **_parameters):
        """End paper for the account whose e-mail the link went to."""
        access = self._find_paperless(token)
        access._confirm_paperless()
        return self._render(access, "paperless_done")

    def _find_access(self, account_id):
        """The person's own access to an account; 404 for every other id."""
        account = find_account(account_id)
        return account.portal_access_ids.filtered(
            lambda one: one.state == "active" and one.user_id == request.env.user
        )

    def _find_paperless(self, token):
        access_sudo = request.env["hc.portal.access"]._find_paperless(token, request.env.user)
        if not access_sudo:
            raise request.not_found()
        return access_sudo

    def _render(self, access, message=None):
        values = prepare_page(
            access.account_id,
            access=access,
            channels=access._get_channels(),
            languages=LANGUAGES,
            message=message,
        )
        return render_page("hc_collections.portal_preferences", values)

    def _render_paperless(self, access):
        values = prepare_page(access.account_id, access=access)
        return render_page("hc_collections.portal_paperless", values)
