# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models

_PURGE_ROWS = 10_000


class HcAiAnswer(models.Model):
    """Answers of providers by the digest of their question, so that nothing is paid twice.

    As the provider gave them: with pseudonyms, never with what these stand for. Nobody has rights
    to them; they are deleted by age.
    """

    _name = "hc.ai.answer"
    _description = "Remembered AI Answer"
    _log_access = False
    _order = "id desc"

    provider_id = fields.Many2one("hc.ai.provider", required=True, ondelete="cascade")
    question_sha256 = fields.Char(required=True, readonly=True)
    answer = fields.Json(readonly=True)
    response_sha256 = fields.Char(readonly=True)
    answered_at = fields.Datetime(required=True, readonly=True, index=True)

    _question_unique = models.UniqueIndex(
        "(provider_id, question_sha256)", "This answer is remembered already."
    )

    @api.model
    def _find(self, provider, question_sha256):
        """The answer to the same question, if it is not too old for the provider; else none."""
        since = self.env.cr.now() - timedelta(days=provider.cache_days)
        return self.sudo().search(
            [
                ("provider_id", "=", provider.id),
                ("question_sha256", "=", question_sha256),
                ("answered_at", ">", since),
            ],
            limit=1,
        )

    @api.model
    def _remember(self, provider, question_sha256, answer, response_sha256):
        if not provider.cache_days:
            return
        key = [("provider_id", "=", provider.id), ("question_sha256", "=", question_sha256)]
        values = {
            "answer": answer,
            "response_sha256": response_sha256,
            "answered_at": self.env.cr.now().replace(microsecond=0),
        }
        known_sudo = self.sudo().search(key, limit=1)
        if known_sudo:
            known_sudo.write(values)
            return
        values |= {"provider_id": provider.id, "question_sha256": question_sha256}
        self.sudo().create(values)

    @api.autovacuum
    def _gc_old_answers(self):
        """Delete what no provider remembers so long."""
        before = self.env.cr.now() - timedelta(days=90)
        old = self.sudo().search([("answered_at", "<", before)], limit=_PURGE_ROWS)
        old.unlink()
        return len(old), int(len(old) == _PURGE_ROWS)
