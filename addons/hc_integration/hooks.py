# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the module puts in order before it goes."""

from odoo.tools import SQL

from odoo.addons.hc_revenue_base.tools.uninstall import get_models, release_records

MODULE = "hc_integration"
# Documents of these types go with the module, but for those that others point at.
_OWN_TYPES = ("event", "fhir_bundle", "hl7v2")


def uninstall_hook(env):
    """Leave nothing behind that base would not know what to do with."""
    reason = env._("the integration module is no longer installed")
    env["hc.integration.key"].search([("state", "=", "active")]).action_revoke()
    _end_documents(env, reason)
    _keep_evidence(env)
    release_records(env, MODULE, reason)


def _end_documents(env, reason):
    """Refuse what nobody would process any more, in a state that base knows."""
    unfinished = env["hc.exchange"].search(
        [("document_type", "in", _OWN_TYPES), ("state", "not in", ("done", "rejected"))]
    )
    unfinished._transition_where_allowed("processing")
    unfinished._transition_where_allowed("rejected", reason=reason)


def _keep_evidence(env):
    """Keep the documents by which records of other modules prove what they say, with content."""
    own_tables = {model._table for model in get_models(env, MODULE)}
    keys = env.execute_query(
        SQL(
            """SELECT keys.conrelid::regclass::text, pointing.attname
                 FROM pg_constraint keys
                 JOIN pg_attribute pointing
                   ON pointing.attrelid = keys.conrelid AND pointing.attnum = keys.conkey[1]
                WHERE keys.contype = 'f' AND keys.confdeltype = 'r'
                  AND keys.confrelid = 'hc_exchange'::regclass"""
        )
    )
    ids = set()
    for table, column in keys:
        if table not in own_tables:
            rows = env.execute_query(
                SQL(
                    """SELECT DISTINCT kept.id FROM hc_exchange kept
                         JOIN %(table)s pointing ON pointing.%(column)s = kept.id
                        WHERE kept.document_type IN %(types)s""",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    types=_OWN_TYPES,
                )
            )
            ids.update(row[0] for row in rows)
    kept = env["hc.exchange"].browse(sorted(ids))
    for exchange in kept.filtered(lambda each: not each.payload_attachment_id):
        body = exchange.with_context(bin_size=False).payload_body or b""
        exchange._attach("payload_attachment_id", f"{exchange.id}.json", bytes(body))
    kept._write_guarded({"document_type": "former"})
