# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Odoo's own exports: who may not see patients takes no name, address or word of theirs away."""

import io
import json
import uuid
import zipfile

import pytest
from test_collections_portal import Visitor

# Roles of the office whose work needs no patient's name.
BLIND = ("finance", "director", "cfo", "operations", "administrator", "executive", "integration")
_ONE_BY_ONE = ("finance", "executive")
MODELS = {
    "account": "hc.collection.account",
    "contact": "hc.contact",
    "statement": "hc.statement",
    "plan": "hc.payment.plan",
    "dispute": "hc.billing.dispute",
}
CANARY = f"Canary{uuid.uuid4().hex[:8]}"
# Ways to a person that start from each model, whatever its own fields are.
_LINKS = {
    "account": ("patient_id", "partner_id"),
    "contact": ("account_id/patient_id", "account_id/partner_id"),
    "statement": ("account_id/patient_id", "line_ids"),
    "plan": ("account_id/patient_id", "account_id/partner_id"),
    "dispute": ("account_id/patient_id", "line_ids/case_id/patient_id"),
}
_RENAMED = ("last_name", "first_name", "street", "email")
_TELLTALES = (
    *("display_name", "name", "last_name", "first_name", "birth_date", "street", "email"),
    *("phone", "patient_name"),
)


@pytest.fixture(scope="module")
def named(world, collection_desk):
    """Records of patients with a name that nothing else has; ids by kind."""
    with world.env() as env:
        found = {kind: env[model].browse(collection_desk[kind]) for kind, model in MODELS.items()}
        patients = env["hc.patient"]
        for records in found.values():
            accounts = records if records._name == MODELS["account"] else records.account_id
            patients |= accounts.patient_id
        names = {patient.id: {name: patient[name] for name in _RENAMED} for patient in patients}
        for patient in patients:
            patient.write(
                {
                    "last_name": CANARY,
                    "first_name": CANARY,
                    "street": f"1 {CANARY} Road",
                    "email": f"{CANARY}@example.org",
                }
            )
        account = found["account"][-1]
        found["contact"] |= env["hc.contact"]._record(
            [
                {
                    "account_id": account.id,
                    "key": "export:attack",
                    "channel": "email",
                    "purpose": "reminder",
                    "subject": CANARY,
                    "body": f"<p>Dear {CANARY}</p>",
                    "address": f"{CANARY}@example.org",
                }
            ]
        )
        allowed = env.ref("base.group_allow_export")
        logins = [f"at.{name}" for name in (*BLIND, "supervisor")]
        env["res.users"].search([("login", "in", logins)]).write({"group_ids": [(4, allowed.id)]})
        # A dispute tells in the party's own words who it is about.
        env["hc.billing.dispute"].browse(collection_desk["dispute"])._write_guarded(
            {"description": f"{CANARY} was not there"}
        )
        ids = {kind: records.ids for kind, records in found.items()}
        registry = env.registry
    # The server knows by now who may export, and must hear that this has changed.
    registry.signal_changes()
    yield ids
    # Other attacks know these patients by their own names.
    with world.env() as env:
        for patient_id, values in names.items():
            env["hc.patient"].browse(patient_id).write(values)


def _export(visitor, way, model, ids, names):
    """What a person gets who exports some fields; empty where nothing comes."""
    data = {
        "model": model,
        "ids": ids,
        "domain": [],
        "fields": [{"name": name, "label": name} for name in names],
        "import_compat": False,
        "groupby": [],
        "context": {"su": True, "uid": 1},
    }
    answer = visitor.form(f"/web/export/{way}", visitor.token, data=json.dumps(data))
    if answer.status_code != 200:
        return ""
    if way == "csv":
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def _names(world, client, rpc_error, kind):
    """Fields of a model that a person is offered, and those and the ways to people they are not."""
    try:
        offered = list(client.call(MODELS[kind], "fields_get", [], ["type"]))
    except rpc_error:
        offered = []
    with world.env() as env:
        model = env[MODELS[kind]]
        hidden = set(model._fields) - set(offered)
        links = [
            f"{link}/{name}"
            for link in _LINKS[kind]
            for name in _TELLTALES
            if name in model.mapped(link.replace("/", "."))._fields
        ]
    return offered, [*sorted(hidden), *links]


def _sign_in(world, person):
    visitor = Visitor(world, person)
    visitor.token = visitor.csrf_token()
    return visitor


@pytest.mark.parametrize("kind", MODELS)
def test_who_may_see_patients_exports_them(world, named, kind):
    """What the others are refused would be there."""
    visitor = _sign_in(world, "supervisor")
    link = next(link for link in _LINKS[kind] if link.endswith("patient_id"))
    for way in ("csv", "xlsx"):
        text = _export(visitor, way, MODELS[kind], named[kind], ["id", f"{link}/last_name"])
        assert CANARY in text, way


@pytest.mark.parametrize("person", BLIND)
def test_no_name_leaves_by_an_export(world, rpc_error, named, person):
    visitor, client = _sign_in(world, person), world.login(person)
    exported = 0
    for kind, model in MODELS.items():
        offered, others = _names(world, client, rpc_error, kind)
        for way in ("csv", "xlsx"):
            text = _export(visitor, way, model, named[kind], ["id", *offered])
            assert CANARY not in text, (kind, way)
            exported += bool(text)
        # Each by itself: one that is refused must not stand in for the others.
        for name in others if person in _ONE_BY_ONE else ():
            text = _export(visitor, "csv", model, named[kind], ["id", name])
            assert CANARY not in text, (kind, name)
    assert exported, "nothing was exported: the attack proves nothing"
