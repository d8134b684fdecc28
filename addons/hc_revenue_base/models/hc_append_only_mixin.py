# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL


class HcAppendOnlyMixin(models.AbstractModel):
    """A table whose rows are written once, by the model's own SQL, and never change.

    ORM create, write and unlink are refused for everyone, sudo included; a database trigger
    refuses UPDATE, DELETE and TRUNCATE besides, for every database user who keeps its triggers.
    A model that inherits this declares ``_log_access = False`` and ``_allow_sudo_commands =
    False``, and inserts its rows itself.
    """

    _name = "hc.append.only.mixin"
    _description = "Append-Only Rows"

    def init(self):
        """Let the database itself refuse what the ORM refuses."""
        result = super().init()
        if self._auto:
            self.env.cr.execute(_refusal_trigger_sql(self._table))
        return result

    # pylint: disable=method-required-super,no-raise-unlink
    @api.model_create_multi
    def create(self, vals_list):
        raise self._get_refusal("create")

    def write(self, vals):
        raise self._get_refusal("write")

    def unlink(self):
        raise self._get_refusal("unlink")

    # pylint: enable=method-required-super,no-raise-unlink
    def _get_refusal(self, operation):
        """The error that answers every attempt to change a row."""
        message = self.env._(
            "%(model)s: rows are written by the system and cannot be changed, by anyone. "
            "Correct a mistake by a new step on the record itself.",
            model=self._description,
        )
        return self.env["hc.refused.attempt"]._refuse(
            self, operation, message, refusal="append_only"
        )


def _refusal_trigger_sql(table):
    """SQL that makes a table append-only for every database user who keeps its triggers."""
    name = SQL.identifier(f"{table}_append_only")
    return SQL(
        """
        CREATE OR REPLACE FUNCTION hc_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '%% is append-only: %% refused', TG_TABLE_NAME, TG_OP
                  USING ERRCODE = 'insufficient_privilege';
        END $$;
        DROP TRIGGER IF EXISTS %(name)s ON %(table)s;
        CREATE TRIGGER %(name)s BEFORE UPDATE OR DELETE ON %(table)s
            FOR EACH ROW EXECUTE FUNCTION hc_refuse_change();
        DROP TRIGGER IF EXISTS %(truncate)s ON %(table)s;
        CREATE TRIGGER %(truncate)s BEFORE TRUNCATE ON %(table)s
            FOR EACH STATEMENT EXECUTE FUNCTION hc_refuse_change();
        """,
        name=name,
        table=SQL.identifier(table),
        truncate=SQL.identifier(f"{table}_no_truncate"),
    )
