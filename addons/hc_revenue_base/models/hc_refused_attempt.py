# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

# A user's further refusals within the same minute are counted, not described.
DETAILED_ATTEMPTS_PER_MINUTE = 30
_COLUMNS = (
    "occurred_at",
    "user_id",
    "company_id",
    "remote_address",
    "route",
    "res_model",
    "res_id",
    "record_count",
    "operation",
    "refusal",
    "reason",
)
_REASON_LENGTH = 300


class HcRefusedAttempt(models.Model):
    """Something that a control refused: who tried what, on which record, from where.

    The refusal rolls back whatever the request did; the row does not go with it. Rows hold ids,
    codes and names of fields, never values.
    """

    _name = "hc.refused.attempt"
    _inherit = ["hc.trail.mixin"]
    _description = "Refused Attempt"
    _trail_steps = ("_write_entries", "_alert")
    _order = "id desc"
    _log_access = False
    _allow_sudo_commands = False

    occurred_at = fields.Datetime("When", required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="restrict")
    remote_address = fields.Char(readonly=True)
    route = fields.Char(readonly=True, help="Address of the screen or interface, without values.")
    res_model = fields.Char("Model", required=True, readonly=True, index=True)
    model_label = fields.Char("Record Type", compute="_compute_model_label")
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    record_count = fields.Integer("Records", readonly=True)
    operation = fields.Char(required=True, readonly=True, help="What was tried.")
    refusal = fields.Selection(
        [
            ("guarded_field", "Guarded Field"),
            ("append_only", "Append-Only Row"),
            ("access_right", "No Right"),
            ("record_rule", "Other Company or Facility"),
            ("field_access", "Patient Data"),
            ("control", "Control"),
        ],
        "Refused By",
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Char(readonly=True)

    @api.depends("res_model")
    def _compute_model_label(self):
        for attempt in self:
            model = self.env.get(attempt.res_model)
            attempt.model_label = attempt.res_model if model is None else model._description

    @api.depends("model_label", "operation")
    def _compute_display_name(self):
        for attempt in self:
            attempt.display_name = f"{attempt.model_label}: {attempt.operation}"

    @api.model
    def _refuse(self, records, operation, message, *, refusal="control", reason=None):
        """Put a refusal on record and return the error to raise.

        A sibling's control says no by ``raise self.env["hc.refused.attempt"]._refuse(…)``.

        :param records: what the attempt was about; may be empty, its model counts
        :param str operation: what was tried, as a code: ``write``, ``withdraw``, ``approve``
        :param str message: what the user is told
        :param str refusal: which kind of control refused, a key of the ``refusal`` field
        :param str reason: codes and field names for the record; no values
        :return: an AccessError that carries ``message``
        """
        self._note_refusal(records, operation, refusal=refusal, reason=reason)
        return AccessError(message)

    @api.model
    def _note_refusal(self, records, operation, *, refusal, reason=None):
        """Put a refusal on record that somebody else raises."""
        ids = [record_id for record_id in records._ids if isinstance(record_id, int)]
        self._note(
            {
                "company_id": self.env.company.id,
                "res_model": records._name,
                "res_id": ids[0] if ids else None,
                "record_count": len(ids),
                "operation": operation,
                "refusal": refusal,
                "reason": (reason or "")[:_REASON_LENGTH] or None,
            },
            survives_rollback=True,
        )

    @api.model
    def _write_entries(self, entries):
        now = self.env.cr.now().replace(microsecond=0)
        detailed = self.env["hc.refused.attempt.count"]._count(entries, now)
        if detailed:
            rows = [
                SQL(
                    "(%s)",
                    SQL(", ").join(SQL("%s", {**e, "occurred_at": now}[c]) for c in _COLUMNS),
                )
                for e in detailed
            ]
            self.env.cr.execute(
                SQL(
                    "INSERT INTO hc_refused_attempt (%s) VALUES %s",
                    SQL(", ").join(map(SQL.identifier, _COLUMNS)),
                    SQL(", ").join(rows),
                )
            )

    @api.model
    def _alert(self, entries):
        """Open one work item for a user who is refused again and again."""
        parameters = self.env["ir.config_parameter"]
        threshold = int(parameters.get_param("hc_revenue_base.refused_attempt_alert_count", 10))
        minutes = int(parameters.get_param("hc_revenue_base.refused_attempt_alert_minutes", 15))
        since = self.env.cr.now() - timedelta(minutes=minutes)
        rows = self.env["hc.refused.attempt.count"]._read_group(
            [("user_id", "in", [entry["user_id"] for entry in entries]), ("minute", ">=", since)],
            ["user_id"],
            ["attempt_count:sum"],
        )
        companies = {entry["user_id"]: entry["company_id"] for entry in entries}
        self.env["hc.work.item"]._open(
            [
                self._prepare_alert_vals(user, companies[user.id], minutes)
                for user, count in rows
                if count >= threshold
            ]
        )

    @api.model
    def _prepare_alert_vals(self, user, company_id, minutes):
        return {
            "kind": "refused_attempts",
            "severity": "critical",
            "queue_code": "compliance",
            "dedup_key": f"refused_attempts:{user.id}",
            "name": self.env._("%(login)s is refused again and again", login=user.login),
            "description": self.env._(
                "Many attempts were refused within %(minutes)s minutes. See Control → Refused "
                "Attempts for what was tried, and ask the user or their lead.",
                minutes=minutes,
            ),
            "company_id": company_id,
            "res_model": "res.users",
            "res_id": user.id,
        }


class HcRefusedAttemptCount(models.Model):
    """How many attempts of a user were refused within a minute, also those not described."""

    _name = "hc.refused.attempt.count"
    _inherit = ["hc.append.only.mixin"]
    _description = "Refused Attempts per Minute"
    _order = "minute desc, id desc"
    _log_access = False
    _allow_sudo_commands = False

    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", readonly=True, ondelete="restrict")
    minute = fields.Datetime(required=True, readonly=True)
    attempt_count = fields.Integer("Refused Attempts", required=True, readonly=True)

    _user_minute_unique = models.UniqueIndex("(user_id, minute)", "This minute is counted already.")

    def init(self):
        """A count may grow; nothing else about a row may change."""
        result = super().init()
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION hc_refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'UPDATE' AND NEW.attempt_count > OLD.attempt_count
                   AND (NEW.id, NEW.user_id, NEW.minute) = (OLD.id, OLD.user_id, OLD.minute) THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION '% only grows: % refused', TG_TABLE_NAME, TG_OP
                      USING ERRCODE = 'insufficient_privilege';
            END $$;
            CREATE OR REPLACE TRIGGER hc_refused_attempt_count_append_only
                BEFORE UPDATE OR DELETE ON hc_refused_attempt_count
                FOR EACH ROW EXECUTE FUNCTION hc_refuse_shrinking();
            """
        )
        return result

    @api.model
    def _count(self, entries, now):
        """Add the entries to the count of their user's minute.

        :return: the entries that are still to be described
        """
        by_user = {}
        for entry in entries:
            by_user.setdefault(entry["user_id"], []).append(entry)
        detailed = []
        for user_id, own in by_user.items():
            [(total,)] = self.env.execute_query(
                SQL(
                    """INSERT INTO hc_refused_attempt_count AS counted
                                   (user_id, company_id, minute, attempt_count)
                            VALUES (%(user)s, %(company)s, %(minute)s, %(count)s)
                       ON CONFLICT (user_id, minute) DO UPDATE
                               SET attempt_count = counted.attempt_count + excluded.attempt_count
                         RETURNING attempt_count""",
                    user=user_id,
                    company=own[0]["company_id"],
                    minute=now.replace(second=0),
                    count=len(own),
                )
            )
            counted_before = total - len(own)
            detailed += own[: max(0, DETAILED_ATTEMPTS_PER_MINUTE - counted_before)]
        return detailed
