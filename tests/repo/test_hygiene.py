# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hygiene
import pytest
from tree import assert_none, sample_tree

GOOD = {
    "name": "Sample",
    "summary": "One line",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "HC Revenue",
    "category": "Accounting",
    "depends": ["account"],
}


@pytest.mark.parametrize(
    "check",
    [
        hygiene.check_manifests,
        hygiene.check_listed_files,
        hygiene.check_dead_data,
        hygiene.check_description,
        hygiene.check_well_formed,
        hygiene.check_records,
        hygiene.check_repeated_ids,
    ],
)
def test_modules(tree, check):
    assert_none(check(tree))


def module(tmp_path, files=None, **keys):
    manifest = {"addons/hc_sample/__manifest__.py": repr(GOOD | keys)}
    named = {f"addons/hc_sample/{name}": text for name, text in (files or {}).items()}
    return sample_tree(tmp_path, manifest | named)


def messages(findings):
    return [finding.message for finding in findings]


def test_a_repeated_id_is_found(tmp_path):
    rows = {"security/ir.model.access.csv": "id,name\na,A\nb,B\na,A\n"}
    [finding] = hygiene.check_repeated_ids(module(tmp_path, rows))
    assert (finding.line, finding.message) == (4, "repeats the id a")


def test_good_manifest_passes(tmp_path):
    assert not messages(hygiene.check_manifests(module(tmp_path)))


@pytest.mark.parametrize("key", hygiene.REQUIRED_KEYS)
def test_missing_key_is_found(tmp_path, key):
    assert f"says no {key}" in messages(hygiene.check_manifests(module(tmp_path, **{key: ""})))


@pytest.mark.parametrize(
    "keys",
    [
        {"license": "AGPL-3"},
        {"author": "Somebody"},
        {"version": "1.0"},
        {"version": "18.0.1.0.0"},
        {"description": "old"},
    ],
)
def test_wrong_value_is_found(tmp_path, keys):
    assert messages(hygiene.check_manifests(module(tmp_path, **keys)))


def test_unreadable_manifest_is_found(tmp_path):
    sample = sample_tree(tmp_path, {"addons/hc_sample/__manifest__.py": "{'name': open('x')}"})
    assert "says no name" in messages(hygiene.check_manifests(sample))


def test_missing_and_doubled_files_are_found(tmp_path):
    sample = module(
        tmp_path,
        {"views/a.xml": "<odoo/>"},
        data=["views/a.xml", "views/a.xml", "views/b.xml"],
        assets={"web.assets_backend": ["hc_sample/static/src/**/*.js", "web/static/x.js"]},
    )
    assert messages(hygiene.check_listed_files(sample)) == [
        "names views/a.xml twice",
        "names views/b.xml, which does not exist",
        "the asset hc_sample/static/src/**/*.js matches no file",
    ]


def test_dead_data_is_found(tmp_path):
    files = {
        "views/listed.xml": "<odoo/>",
        "views/dead.xml": "<odoo/>",
        "data/opened.csv": "a\n",
        "data/dead.csv": "a\n",
        "models/a.py": "PATH = 'data/opened.csv'\n",
        "static/src/templates.xml": "<templates/>",
    }
    findings = hygiene.check_dead_data(module(tmp_path, files, data=["views/listed.xml"]))
    assert [finding.path.rpartition("/")[2] for finding in findings] == ["dead.csv", "dead.xml"]


def test_incomplete_description_is_found(tmp_path):
    files = {"readme/DESCRIPTION.md": "Text", "static/description/index.html": ""}
    assert messages(hygiene.check_description(module(tmp_path, files, application=True))) == [
        "has no static/description/icon.png",
        "has no static/description/index.html",
    ]
    assert messages(hygiene.check_description(module(tmp_path / "b"))) == [
        "has no readme/DESCRIPTION.md"
    ]


def test_broken_xml_is_found(tmp_path):
    sample = module(tmp_path, {"views/a.xml": "<odoo><record></odoo>", "views/b.xml": "<odoo/>"})
    assert [finding.path.rpartition("/")[2] for finding in hygiene.check_well_formed(sample)] == [
        "a.xml"
    ]


def record_messages(tmp_path, record, noupdate=1):
    text = f'<odoo><data noupdate="{noupdate}">{record}</data></odoo>'
    return messages(hygiene.check_records(module(tmp_path, {"data/a.xml": text})))


def cron(name, code):
    return f'<record id="{name}" model="ir.cron"><field name="code">{code}</field></record>'


@pytest.mark.parametrize(
    "record",
    [
        '<record id="clerk_group" model="res.groups"/>',
        '<record id="view_case_form" model="ir.ui.view"/>',
        '<record id="action_case" model="ir.actions.act_window"/>',
        '<record id="case_company" model="ir.rule"/>',
        cron("cron_sweep", "model._cron_sweep()"),
        cron("ir_cron_sweep", "model.search([]).write({})"),
        cron("ir_cron_sweep", "model._cron_sweep()\nmodel._cron_other()"),
    ],
)
def test_bad_record_is_found(tmp_path, record):
    assert len(record_messages(tmp_path, record)) == 1


@pytest.mark.parametrize(
    "record",
    [
        '<record id="group_hc_billing_clerk" model="res.groups"/>',
        '<record id="hc_case_view_form" model="ir.ui.view"/>',
        '<record id="hc_case_action" model="ir.actions.act_window"/>',
        '<record id="account.view_move_form" model="ir.ui.view"/>',
        cron("ir_cron_sweep", "model._cron_sweep()"),
    ],
)
def test_good_record_passes(tmp_path, record):
    assert record_messages(tmp_path, record) == []


def test_what_admins_tune_survives_updates(tmp_path):
    assert record_messages(tmp_path, cron("ir_cron_sweep", "model._cron_sweep()"), noupdate=0)
