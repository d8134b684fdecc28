# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.exceptions import AccessError, LockError, UserError

_NAMES_SHOWN = 3


class HcAiSuggestion(models.Model):
    """Deciding on many at once: each for itself, and the reader is told how it went."""

    _inherit = "hc.ai.suggestion"

    def action_accept(self):
        if len(self) < 2:
            return super().action_accept()
        return self._decide_each("action_accept", self.env._("accepted"))

    def action_reject(self, reason=False):
        if len(self) < 2:
            return super().action_reject(reason)
        return self._decide_each("action_reject", self.env._("rejected"), reason)

    def _decide_each(self, method, done_text, *arguments):
        """Decide one by one; what cannot be decided stays as it is and stops no other.

        :return: a notification that reloads the list
        """
        done, refused = 0, []
        for suggestion in self:
            try:
                with self.env.cr.savepoint():
                    getattr(suggestion, method)(*arguments)
                done += 1
            except LockError:
                refused.append((suggestion, self.env._("somebody else works on it right now")))
            except (AccessError, UserError) as error:
                refused.append((suggestion, str(error)))
        return self._tell_result(done, done_text, refused)

    @api.model
    def _tell_result(self, done, done_text, refused):
        lines = [
            self.env._("%(record)s: %(why)s", record=each.sudo(False).record_name, why=why)
            for each, why in refused[:_NAMES_SHOWN]
        ]
        title = self.env._("%(count)s %(done)s", count=done, done=done_text)
        if refused:
            title = self.env._(
                "%(title)s, %(refused)s left as they are", title=title, refused=len(refused)
            )
        if len(refused) > _NAMES_SHOWN:
            lines.append(self.env._("and %(more)s more", more=len(refused) - _NAMES_SHOWN))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": title,
                "message": "\n".join(lines),
                "type": "warning" if refused else "success",
                "sticky": bool(refused),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
