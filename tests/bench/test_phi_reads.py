# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the record of who saw which patient costs beside the reading itself."""

import statistics
import time
from unittest.mock import patch

import population

ORIGIN = {"remote_address": "192.0.2.7", "route": "/web/dataset/call_kw"}


def _form_specification(env, model_name):
    """Fields that the model's form asks for, those of its lines too, as the web client does."""
    views = env[model_name].get_views([(False, "form")])

    def of(model_name, arch_fields):
        model = env[model_name]
        specification = {}
        for name in arch_fields:
            field = model._fields[name]
            specification[name] = {}
            if field.type == "many2one":
                specification[name] = {"fields": {"display_name": {}}}
            elif field.type in ("one2many", "many2many"):
                specification[name] = {"fields": {"display_name": {}}, "limit": 40}
        return specification

    return of(model_name, views["models"][model_name]["fields"])


def _clerk(env):
    groups = env.ref("hc_revenue_base.group_hc_clerk") | env.ref("base.group_user")
    login = f"bench-{time.time_ns()}"
    facility = population.group(env)
    return env["res.users"].create(
        {
            "name": "Bench Clerk",
            "login": login,
            "group_ids": [(6, 0, groups.ids)],
            "hc_facility_ids": [(6, 0, facility.ids)],
        }
    )


def _open_form(registry, user_id, model_name, record_id, specification, origin):
    """Seconds of one form that a user opens: a request with a transaction of its own."""
    import odoo

    start = time.perf_counter()
    with (
        patch.object(registry["hc.trail.mixin"], "_get_origin", lambda model: origin),
        registry.cursor() as cursor,
    ):
        env = odoo.api.Environment(cursor, user_id, {})
        env[model_name].browse(record_id).web_read(specification)
    return time.perf_counter() - start


def test_form_reads(odoo_env, size, figures):
    """A form read with the record of it, first and again, against one without; aim: 5 %."""
    with odoo_env() as env:
        encounters = population.encounters(env, min(size, 200), f"phi{time.time_ns()}-")
        clerk = _clerk(env)
        registry, user_id = env.registry, clerk.id
        screens = {"hc.patient": encounters.patient_id.ids, "hc.encounter": encounters.ids}
        specifications = {name: _form_specification(env(user=clerk), name) for name in screens}
    with patch.object(registry["hc.phi.read"], "_get_source", lambda model: "form"):
        for name, ids in screens.items():
            arguments = (name, ids, specifications[name])
            seconds = _measure(registry, user_id, *arguments)
            without = statistics.median(seconds["without"])
            figures.add_median(f"{name} form", [s * 1e3 for s in seconds["without"]], "ms")
            for label in ("first", "again"):
                pairs = zip(seconds[label], seconds["without"], strict=True)
                on_top = statistics.median(one - other for one, other in pairs) / without * 100
                figures.add(f"{name} form, record of reading it {label}", on_top, "% on top")
    with odoo_env() as env:
        rows = env["hc.phi.read"].search_count([("user_id", "=", user_id)])
        assert rows == sum(len(ids) for ids in screens.values())


def _measure(registry, user_id, model_name, ids, specification):
    """Seconds per form, the three ways in turn, so that a busy machine slows all alike.

    Reading for the first time comes before and after reading without a record equally often.
    """
    seconds = {"warm": [], "without": [], "first": [], "again": []}
    orders = (("first", "without", "again"), ("without", "first", "again"))
    for position, record_id in enumerate(ids):
        for label in ("warm", *orders[position % 2]):
            origin = ORIGIN if label in ("first", "again") else None
            spent = _open_form(registry, user_id, model_name, record_id, specification, origin)
            seconds[label].append(spent)
    return seconds
