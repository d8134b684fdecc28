# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What has to be in order before the new models and views are loaded."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, sql

from odoo.addons.hc_collections.hooks import pre_init_hook


def migrate(cr, version):
    """Bring a database of 19.0.1.0.0 to where the module can be loaded.

    :param cr: cursor of the update
    :param str version: installed before
    """
    if not version:
        return
    # Messages in Spanish came with this version; their words are loaded with the module.
    pre_init_hook(api.Environment(cr, SUPERUSER_ID, {}))
    _drop_old_extensions(cr)
    _move_cases_of_holds(cr)
    # One open placement per account: now per case, which the lines see to.
    cr.execute("DROP INDEX IF EXISTS hc_placement_one_open, hc_placement__one_open")


def _drop_old_extensions(cr):
    """Remove the module's own extensions of views: those of gone fields would stop the update.

    They are all loaded again. What others have built on one of them keeps it.
    """
    cr.execute(
        """DELETE FROM ir_ui_view view
            USING ir_model_data data
            WHERE data.model = 'ir.ui.view' AND data.module = 'hc_collections'
              AND data.res_id = view.id AND view.mode = 'extension'
              AND NOT EXISTS (SELECT FROM ir_ui_view child WHERE child.inherit_id = view.id)
        RETURNING view.id"""
    )
    ids = [row[0] for row in cr.fetchall()]
    cr.execute(
        SQL("DELETE FROM ir_model_data WHERE model = 'ir.ui.view' AND res_id = ANY(%s)", ids)
    )


def _move_cases_of_holds(cr):
    """Holds were about one case; they are about any number, and unique by all of them."""
    if not sql.column_exists(cr, "hc_collection_hold", "case_id"):
        return
    if not sql.column_exists(cr, "hc_collection_hold", "case_key"):
        sql.create_column(cr, "hc_collection_hold", "case_key", "varchar")
    cr.execute(
        """CREATE TABLE IF NOT EXISTS hc_collection_hold_case_rel (
               hold_id INTEGER NOT NULL,
               case_id INTEGER NOT NULL,
               PRIMARY KEY (hold_id, case_id)
           );
           CREATE INDEX IF NOT EXISTS hc_collection_hold_case_rel_case_id_hold_id_idx
                  ON hc_collection_hold_case_rel (case_id, hold_id);
           INSERT INTO hc_collection_hold_case_rel (hold_id, case_id)
           SELECT id, case_id FROM hc_collection_hold WHERE case_id IS NOT NULL
               ON CONFLICT DO NOTHING;
           UPDATE hc_collection_hold SET case_key = case_id::varchar
            WHERE case_id IS NOT NULL AND case_key IS NULL"""
    )
