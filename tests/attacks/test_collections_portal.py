# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The patients' portal: other ids, other tokens, hostile files, sizes, and names that bite."""

import csv
import io
import re
from pathlib import Path

import office
import pytest
import requests
from collection_desk import HOSTILE_NAME

CONTROLLERS = Path("addons/hc_collections/controllers")
MEGABYTE = 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
TOKENS = ("not-a-token", "%", "_" * 22, "x" * 500, "..%2f..%2fweb", "' OR 1=1--", "0", "null")
# Every route of the portal: how it is asked, and whether without signing in.
ROUTES = {
    "/my/health-bills": "own",
    "/my/health-bills/<int:account_id>/pay": "get",
    "/my/health-bills/<int:account_id>/transaction": "json",
    "/my/health-bills/<int:account_id>/statements/<int:statement_id>": "get",
    "/my/health-bills/<int:account_id>/statements/<int:statement_id>.pdf": "get",
    "/my/health-bills/<int:account_id>/ask/<string:kind>": "form",
    "/my/health-bills/<int:account_id>/documents": "form",
    "/my/health-bills/<int:account_id>/preferences": "form",
    "/my/health-bills/paperless/<string:token>": "token",
    "/my/health-bills/join/<string:token>": "public token",
    "/bill/<string:token>": "public token",
    "/bill/<string:token>/transaction": "public json",
    "/instalment/<int:part_id>/<string:token>": "public token",
    "/instalment/<int:part_id>/<string:token>/transaction": "public json",
    "/revenue/statements/<int:statement_id>.pdf": "office",
    "/revenue/statement-runs/<int:run_id>.pdf": "office",
    "/revenue/print-runs/<int:run_id>.pdf": "office",
}


# Pages of links that a letter or an e-mail holds: nothing is posted to them.
_READ_ONLY = ("/bill", "/instalment")


class Visitor:
    """Somebody with a browser of their own, signed in or not."""

    def __init__(self, world, name=None):
        self.base_url = world.base_url
        self.session = requests.Session()
        self.session.max_redirects = 5
        with world.env() as env:
            database = env.cr.dbname
        if name:
            login = office.login_of(name)
            answer = self.call(
                "/web/session/authenticate", db=database, login=login, password=login
            )
            assert answer["result"]["uid"]
        else:
            self.session.get(f"{self.base_url}/web/login?db={database}")

    def get(self, path):
        return self.session.get(self.base_url + path, timeout=60)

    def call(self, path, **parameters):
        body = {"jsonrpc": "2.0", "method": "call", "params": parameters}
        return self.session.post(self.base_url + path, json=body, timeout=60).json()

    def form(self, path, token=None, files=None, **data):
        """Send a form, with the token of the page that the person really sees."""
        token = self.csrf_token() if token is None else token
        return self.session.post(
            self.base_url + path, data={"csrf_token": token, **data}, files=files, timeout=60
        )

    def csrf_token(self):
        page = self.get("/web/login?redirect=/my" if not self._is_in() else "/my").text
        return re.search(r"csrf_token: \"(\w+)\"", page)[1]

    def _is_in(self):
        return bool(self.call("/web/session/get_session_info").get("result", {}).get("uid"))


@pytest.fixture(scope="module")
def guarantor(world, collection_desk):
    return Visitor(world, "guarantor")


@pytest.fixture(scope="module")
def nobody(world, collection_desk):
    return Visitor(world)


@pytest.fixture(scope="module")
def own_account(world, collection_desk):
    with world.env() as env:
        return env["hc.portal.access"].browse(collection_desk["access"]).account_id.id


def _paths(collection_desk):
    """Every route with the ids of others, as ``(path, how)``."""
    ids = {
        "<int:account_id>": collection_desk["account"][0],
        "<int:statement_id>": collection_desk["statement"][1],
        "<int:run_id>": collection_desk["run"][0],
        "<int:part_id>": 1,
        "<string:kind>": "plan",
        "<string:token>": "not-a-token",
    }
    for route, how in ROUTES.items():
        path = route
        for name, value in ids.items():
            path = path.replace(name, str(value))
        yield path, how


def test_every_route_is_probed():
    sources = "".join(path.read_text() for path in sorted(CONTROLLERS.glob("*.py")))
    assert set(re.findall(r"@http\.route\(\s*\"([^\"]+)\"", sources)) == set(ROUTES)


def test_nothing_of_others_is_there(collection_desk, guarantor, own_account):
    token = guarantor.csrf_token()
    for path, how in _paths(collection_desk):
        if how == "own":
            continue
        if "json" in how:
            answer = guarantor.call(path, amount=1.0, access_token="x", flow="redirect")
            assert "404" in str(answer["error"]), path
            continue
        assert guarantor.get(path).status_code == 404, path
        if how in ("form", "token", "public token") and not path.startswith(_READ_ONLY):
            assert guarantor.form(path, token, amount="5").status_code == 404, path
    theirs = collection_desk["statement"][1]
    for path in (f"{theirs}", f"{theirs}.pdf", "0.pdf", "999999999999999999999.pdf", "-1"):
        page = f"/my/health-bills/{own_account}/statements/{path}"
        assert guarantor.get(page).status_code in (404, 400), path
    for path in ("/my/health-bills/999999999999999999999/pay", "/my/health-bills/-1/pay"):
        assert guarantor.get(path).status_code == 404, path


def test_who_is_not_signed_in_gets_no_further(collection_desk, nobody):
    token = nobody.csrf_token()
    for path, how in _paths(collection_desk):
        if "json" in how:
            assert "error" in nobody.call(path, amount=1.0, access_token="x"), path
            continue
        answer = nobody.get(path)
        assert answer.status_code == 404 or "/web/login" in answer.url, path
        if how in ("form", "token", "public token") and not path.startswith(_READ_ONLY):
            answer = nobody.form(path, token, amount="5")
            assert answer.status_code == 404 or "/web/login" in answer.url, path


def test_tokens_are_neither_guessed_nor_exchanged(world, collection_desk, nobody, guarantor):
    with world.env() as env:
        statements = env["hc.statement"].browse(collection_desk["statement"])
        bill = statements[1].access_token
        account = env["hc.collection.account"].browse(collection_desk["account"][1])
        account.patient_id.email = "invited@example.org"
        access = env["hc.portal.access"]._invite(account)
        access._write_guarded({"expires_on": "2020-01-01"})
        invitation = access.token_digest
    for token in (*TOKENS, invitation):
        for path in (f"/bill/{token}", f"/my/health-bills/join/{token}"):
            answer = nobody.get(path)
            assert answer.status_code in (404, 400), (path, answer.status_code)
        assert guarantor.get(f"/my/health-bills/paperless/{token}").status_code in (404, 400)
    assert nobody.get(f"/my/health-bills/join/{bill}").status_code == 404
    assert guarantor.get(f"/my/health-bills/paperless/{bill}").status_code == 404
    page = nobody.get(f"/bill/{bill}")
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Bench" not in page.text, "a link tells an amount, and no person"
    answer = nobody.call(f"/bill/{bill}/transaction", amount=0.01, access_token="forged")
    assert "error" in answer


def test_forms_need_the_token_of_the_page(own_account, guarantor):
    for path in ("ask/plan", "preferences", "documents"):
        answer = guarantor.form(f"/my/health-bills/{own_account}/{path}", "forged", amount="5")
        assert answer.status_code == 400, path


def test_sizes_are_bounded(world, collection_desk, own_account, guarantor, nobody):
    with world.env() as env:
        bill = env["hc.statement"].browse(collection_desk["statement"][1]).access_token
        before = env["ir.attachment"].search_count([])
    text = "x" * (2 * MEGABYTE)
    for path in ("ask/plan", "preferences"):
        answer = guarantor.form(f"/my/health-bills/{own_account}/{path}", message=text)
        assert answer.status_code == 413, path
    big = ("pay.png", PNG + b"0" * (12 * MEGABYTE), "image/png")
    answer = guarantor.form(f"/my/health-bills/{own_account}/documents", files={"upload": big})
    assert answer.status_code == 413
    answer = nobody.session.post(
        f"{nobody.base_url}/bill/{bill}/transaction", json={"params": {"amount": text}}, timeout=60
    )
    assert answer.status_code == 413 or "error" in answer.json()
    answer = nobody.form("/my/health-bills/join/x", birth_date=text)
    assert answer.status_code in (404, 413)
    with world.env() as env:
        assert env["ir.attachment"].search_count([]) == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\x00",
        b"PK\x03\x04",
        b" %PDF-1.7",
    ],
)
def test_other_files_are_not_kept(world, own_account, guarantor, content):
    with world.env() as env:
        before = env["hc.document"].search_count([])
    upload = {"upload": ("pay.pdf", content, "application/pdf")}
    page = guarantor.form(f"/my/health-bills/{own_account}/documents", files=upload)
    assert "could not take this file" in page.text
    with world.env() as env:
        assert env["hc.document"].search_count([]) == before


def test_papers_are_for_the_office_alone(world, own_account, guarantor):
    """A file keeps no name of the sender's, and its sender cannot fetch it by number."""
    upload = {"upload": ("../../<script>.png", PNG, "text/html")}
    page = guarantor.form(f"/my/health-bills/{own_account}/documents", files=upload)
    assert "We got it" in page.text
    with world.env() as env:
        attachment = env["hc.document"].search([], order="id desc", limit=1).attachment_ids
        assert attachment.mimetype == "image/png"
        assert "script" not in attachment.name
    assert guarantor.get(f"/web/content/{attachment.id}").status_code == 404


def test_names_do_not_bite(world, collection_desk, guarantor, own_account):
    """In the portal, the letter, an export and an agency's file a name is a name."""
    page = guarantor.get("/my/health-bills").text
    assert "<script>alert(1)" not in page
    statement_id = collection_desk["statement"][0]
    base = f"/my/health-bills/{own_account}/statements/{statement_id}"
    page = guarantor.get(base).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert guarantor.get(f"{base}.pdf").content.startswith(b"%PDF-")
    with world.env() as env:
        placement = env["hc.placement"].browse(collection_desk["placement"])
        patient = env["hc.portal.access"].browse(collection_desk["access"]).account_id.patient_id
        assert patient.first_name == HOSTILE_NAME
        placement.account_id.patient_id.write({"first_name": HOSTILE_NAME})
        placement._write_guarded({"state": "placed"})
        case = placement.account_id.item_ids.hc_case_id[:1]
        env["hc.placement.line"]._create_guarded(
            [{"placement_id": placement.id, "case_id": case.id, "amount_placed": 10.0}]
        )
        row = placement.agency_id._prepare_rows(placement)[0]
        from odoo.addons.hc_revenue_base.hc_core.csv_safe import csv_lines

        lines = "".join(csv_lines(["name"] * len(row), [row]))
    cells = [cell for line in csv.reader(io.StringIO(lines)) for cell in line]
    hostile = [cell for cell in cells if "HYPERLINK" in cell]
    assert hostile
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in hostile)
