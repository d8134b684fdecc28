# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Who acts for themselves: the person who has called, and no code in their name."""

import threading
from contextvars import ContextVar

from odoo import models
from odoo.http import request

# Of this process, out of reach of a client's context and of the code of a server action.
_unattended: ContextVar[bool] = ContextVar("hc_unattended", default=False)


def is_in_person(env):
    """Tell whether the current user is who has called.

    A server action may switch the user, and a Scheduled Action has nobody who called: neither
    decides, lends a right or vouches for somebody.
    """
    if not env.registry.ready:
        return True  # demonstration data is installed: nobody is there to call
    if _unattended.get():
        return False
    if request:
        return bool(request.env) and request.env.uid == env.uid
    # XML-RPC takes the request away and notes who logged in; in a shell nobody did.
    return getattr(threading.current_thread(), "uid", None) in (None, env.uid)


def check_in_person(record, operation):
    """Refuse what only the person themselves does.

    :raise AccessError: code acts in the name of somebody else
    """
    if not is_in_person(record.env):
        raise record.env["hc.refused.attempt"]._refuse(
            record,
            operation,
            record.env._("Nobody but the person themselves does this; log in as yourself."),
            refusal="duty",
            reason="system",
        )


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        token = _unattended.set(True)
        try:
            return super()._callback(cron_name, server_action_id)
        finally:
            _unattended.reset(token)
