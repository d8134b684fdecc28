# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a client may send along, write and ask, whoever owns the records."""

REFUSED = (403, 404, 422)
# Whatever a client may send along, in the hope that something looks at it.
FORGED = {
    "su": True,
    "uid": 1,
    "hc_guarded": True,
    "install_mode": True,
    "permit": True,
    "default_state": "closed",
    "default_amount": 1.0,
    "module": "hc_claims",
}
_SAMPLES = {
    "monetary": 0.01,
    "float": 0.01,
    "integer": 7,
    "date": "2020-01-01",
    "datetime": "2020-01-01 00:00:00",
    "many2one": 1,
    "many2many": [[5, 0, 0]],
    "one2many": [[5, 0, 0]],
    "boolean": True,
    "binary": "Zm9yZ2Vk",
    "json": {"forged": True},
}


def forge(env, model, record_id):
    """A change of each guarded field."""
    record = env[model].browse(record_id)
    for name in sorted(record._get_guarded_fields()):
        field = record._fields[name]
        if field.type == "selection":
            codes = [code for code, _label in field._description_selection(env)]
            value = next((code for code in codes if code != record[name]), "forged")
        else:
            value = _SAMPLES.get(field.type, "forged")
        yield name, value


def reads(client, model, ids):
    """Whatever a client can find out about records: what came back, by the way of asking."""
    domain = [["id", "in", ids]]
    yield "search", lambda: client.call(model, "search", domain)
    yield "read", lambda: client.call(model, "read", ids, ["display_name"])
    yield (
        "web_read",
        lambda: client.call(model, "web_read", ids, specification={"display_name": {}}),
    )
    yield "name_search", lambda: client.call(model, "name_search", "", domain, limit=5)
    yield "count", lambda: client.call(model, "search_count", domain)
    yield "export", lambda: client.call(model, "export_data", ids, ["id", "display_name"])["datas"]
    yield (
        "groups",
        lambda: client.call(
            model, "formatted_read_group", domain, groupby=["create_uid"], aggregates=["__count"]
        ),
    )
    yield "old groups", lambda: client.call(model, "read_group", domain, ["id"], ["create_uid"])
    yield "metadata", lambda: client.call(model, "get_metadata", ids)
