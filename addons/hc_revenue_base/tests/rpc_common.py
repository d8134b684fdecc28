# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json

from odoo import fields
from odoo.tests import HttpCase, mute_logger


class RpcCase(HttpCase):
    """Calls over the wire, with real sessions and keys of real users."""

    @mute_logger("odoo.http")
    def _call_kw(self, user, model, method, args=(), context=None, **kwargs):
        """Call a method as the web client does; the answer's error name, or its result."""
        self.authenticate(user.login, user.login)
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": list(args),
                        "kwargs": {**kwargs, "context": context or {}},
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        ).json()
        return answer["error"]["data"]["name"] if "error" in answer else answer.get("result")

    @mute_logger("odoo.http")
    def _call_json2(self, user, model, method, **body):
        """Call a method of the external interface; its status and content."""
        key = (
            self.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate("rpc", f"test {user.login}", fields.Datetime.add(self.env.cr.now(), days=1))
        )
        response = self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(body),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
        )
        return response.status_code, response.text

    def _assert_refused(self, answer):
        self.assertIn(
            answer,
            (
                "odoo.exceptions.AccessError",
                "odoo.exceptions.UserError",
                "odoo.exceptions.AccessDenied",
            ),
        )
