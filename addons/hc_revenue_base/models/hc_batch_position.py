# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

# Behind every record: a part of the work that is done, while others still wait for their turn.
DONE = 2**31 - 1


class HcBatchPosition(models.Model):
    """How far a Scheduled Action came that has more records than time.

    Odoo calls such an action again at once. Where its records still fit the domain after they were
    worked on, it would begin with the same ones again and never reach the others.
    """

    _name = "hc.batch.position"
    _description = "Position of a Scheduled Action"
    _inherit = ["hc.guarded.mixin"]
    _rec_name = "key"
    _guarded_fields = frozenset({"key", "last_record_id"})

    key = fields.Char(required=True, readonly=True)
    last_record_id = fields.Integer(readonly=True, aggregator=None)

    _key_unique = models.UniqueIndex("(key)", "This position is known already.")

    @api.model
    def _get_key(self, model_name, method_name, part=""):
        """Names the work of the running Scheduled Action; empty where none is running.

        :param part: of work that is done part by part, such as a company
        """
        cron_id = self.env.context.get("cron_id")
        return f"{cron_id}:{model_name}.{method_name}:{part}" if cron_id else ""

    @api.model
    def _read(self, key):
        """The last record that was worked on, 0 at the beginning."""
        if not key:
            return 0
        return self.sudo().search([("key", "=", key)]).last_record_id

    @api.model
    def _keep(self, key, record_id):
        """Keep the position, together with the work that led there."""
        if not key:
            return
        self.env.execute_query(
            SQL(
                """INSERT INTO hc_batch_position (key, last_record_id)
                   VALUES (%(key)s, %(id)s)
                   ON CONFLICT (key) DO UPDATE SET last_record_id = %(id)s
                   RETURNING id""",
                key=key,
                id=record_id,
            )
        )
        self.invalidate_model()

    @api.model
    def _forget(self, keys):
        """All is done: the next run begins with the first record again."""
        if keys := list(filter(None, keys)):
            self.sudo().search([("key", "in", keys)]).unlink()
