# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..hc_webhook_core import ordering


class HcEventPosition(models.Model):
    """How far a connected system has told the story of a subject, field by field.

    What it told before is never undone by what it told earlier and the network brings later.
    """

    _name = "hc.event.position"
    _description = "Last Word of a Connected System"
    _inherit = ["hc.guarded.mixin"]
    _order = "source_id, subject"
    _rec_name = "subject"
    _guarded_fields = frozenset({"source_id", "subject", "told"})

    source_id = fields.Many2one(
        "hc.integration.source", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    subject = fields.Char(required=True, readonly=True)
    # Digests of patients' data can be guessed: as closed as the data.
    told = fields.Json(readonly=True, groups=PHI_GROUP)

    _subject_unique = models.UniqueIndex("(source_id, subject)", "The subject is known already.")

    @api.model
    def _lock(self, source, subject):
        """The row of a subject, locked until the transaction ends; made where there is none.

        :raise psycopg2.errors.SerializationFailure: another event of the subject is at work
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO hc_event_position (source_id, company_id, subject, create_uid,
                                                  create_date, write_uid, write_date)
                        VALUES (%s, %s, %s, %s, %s, %s, %s)
                   ON CONFLICT (source_id, subject) DO NOTHING RETURNING id""",
                source.id,
                source.company_id.id,
                subject,
                self.env.uid,
                self.env.cr.now(),
                self.env.uid,
                self.env.cr.now(),
            )
        )
        if not rows:
            rows = self.env.execute_query(
                SQL(
                    "SELECT id FROM hc_event_position WHERE source_id = %s AND subject = %s"
                    " FOR UPDATE",
                    source.id,
                    subject,
                )
            )
        found = self.sudo().browse(rows[0][0])
        found.invalidate_recordset(flush=False)
        return found

    @api.model
    def _begin(self, source, told_by_subject):
        """Put on record what was told of new subjects, all at once.

        :param dict told_by_subject: ``{subject: {field: Told}}``
        """
        self.flush_model()
        now, uid = self.env.cr.now(), self.env.uid
        rows = [
            (
                source.id,
                source.company_id.id,
                subject,
                Json({name: each.to_json() for name, each in told.items()}),
                uid,
                now,
                uid,
                now,
            )
            for subject, told in told_by_subject.items()
        ]
        self.env.cr.execute(
            SQL(
                """INSERT INTO hc_event_position (source_id, company_id, subject, told, create_uid,
                                                  create_date, write_uid, write_date)
                        VALUES %s
                   ON CONFLICT (source_id, subject) DO UPDATE SET told = EXCLUDED.told""",
                SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )
        self.invalidate_model()

    def _get_told(self):
        """What is on record: ``{field: Told}``."""
        return ordering.read_told(self.told)

    def _keep(self, told):
        """Put on record what was told."""
        self._write_guarded({"told": {name: each.to_json() for name, each in told.items()}})
