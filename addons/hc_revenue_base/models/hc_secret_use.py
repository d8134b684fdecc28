# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL


class HcSecretUse(models.Model):
    """Who used which secret, when and how often; never the value.

    One row a use, without waiting for anybody; rows of past days are then added up to one for
    each secret, user and day.
    """

    _name = "hc.secret.use"
    _description = "Use of a Secret"
    _inherit = ["hc.usage.log.mixin"]
    _rec_name = "code"

    secret_number = fields.Integer("Secret No.", readonly=True, index=True, aggregator=None)
    code = fields.Char("Secret", readonly=True, required=True)
    use_count = fields.Integer("Uses", readonly=True, required=True, default=1)

    @api.autovacuum
    def _gc_add_up_past_days(self):
        self.env.cr.execute(
            SQL(
                """
                WITH past AS (
                    DELETE FROM hc_secret_use
                     WHERE occurred_at >= %(today)s - interval '7 days' AND occurred_at < %(today)s
                    RETURNING secret_number, code, user_number, occurred_at, use_count)
                INSERT INTO hc_secret_use
                       (secret_number, code, user_number, occurred_at, use_count)
                SELECT secret_number, code, user_number, max(occurred_at), sum(use_count)
                  FROM past
              GROUP BY secret_number, code, user_number, occurred_at::date
                """,
                today=self.env.cr.now().replace(hour=0, minute=0, second=0, microsecond=0),
            )
        )
        self.invalidate_model()
