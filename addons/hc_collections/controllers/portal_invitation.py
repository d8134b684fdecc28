# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import http
from odoo.http import request

from .health_bills import MAX_FORM_BYTES, prepare_page, render_page


class PortalInvitation(http.Controller):
    """The way into the portal: the link of the invitation, and the guarantor's date of birth."""

    @http.route(
        "/my/health-bills/join/<string:token>",
        type="http", auth="public", website=True, methods=["GET"],
    )  # fmt: skip
    def show_invitation(self, token, **_parameters):
        """Ask who opens the link."""
        return self._render(self._find(token))

    @http.route(
        "/my/health-bills/join/<string:token>",
        type="http", auth="public", website=True, methods=["POST"],
        max_content_length=MAX_FORM_BYTES,
    )  # fmt: skip
    def accept_invitation(self, token, birth_date="", **_parameters):
        """Let in who knows the date of birth: as signed in, or with a sign-in of their own."""
        access = self._find(token)
        if not access._prove(birth_date):
            if access.state != "invited":
                # An error would undo that the link ended.
                return self._render_gone(access)
            return self._render(access, "join_wrong")
        if not request.env.user._is_public():
            access._accept(request.env.user)
            return request.redirect("/my/health-bills")
        user = access._make_user()
        if not user:
            return self._render(access, "join_known")
        access._accept(user)
        partner_sudo = user.partner_id.sudo()
        partner_sudo.signup_prepare(signup_type="reset")
        address = partner_sudo.with_context(relative_url=True)._get_signup_url_for_action(
            url="/my/health-bills"
        )[partner_sudo.id]
        return request.redirect(address)

    def _find(self, token):
        access_sudo = request.env["hc.portal.access"]._find_invitation(token)
        if not access_sudo:
            raise request.not_found()
        return access_sudo

    def _render_gone(self, access):
        response = self._render(access, "join_gone")
        response.status_code = 404
        return response

    def _render(self, access, message=None):
        values = prepare_page(access.account_id, message=message, access=access)
        return render_page("hc_collections.portal_join", values)
