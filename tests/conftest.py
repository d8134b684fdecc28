# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What `./hc test` hands to the tests outside the add-ons.

Nothing here imports Odoo before a test asks for it: the layers without Odoo load this
file too.
"""

import os
from contextlib import contextmanager
from pathlib import Path

import pytest


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        pytest.fail(f"{name} is not set: run these tests with ./hc test")
    return value


@pytest.fixture(scope="session")
def base_url() -> str:
    """URL of the Odoo server that runs for this layer."""
    return _required("HC_TEST_URL")


@pytest.fixture(scope="session")
def database_name() -> str:
    """Name of the database that was cloned for this layer."""
    return _required("HC_TEST_DATABASE")


@pytest.fixture(scope="session")
def template_name() -> str:
    """Name of the untouched database that the layer's own is a copy of."""
    return _required("HC_TEST_TEMPLATE")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Folder of sample documents; the test is skipped where it is missing."""
    folder = Path(os.environ.get("HC_CORPUS") or "../shared/corpus")
    if not folder.is_dir():
        pytest.skip(f"no sample documents in {folder} (HC_CORPUS)")
    return folder


@pytest.fixture(scope="session")
def odoo_env(database_name):
    """Open an environment of the superuser on the layer's database.

    Use it as `with odoo_env() as env:`; the work is committed at the end and rolled
    back on an error, in a transaction apart from the server's.
    """
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config([f"--config={_required('HC_TEST_CONFIG')}", "--max-cron-threads=0"])

    @contextmanager
    def open_environment():
        with Registry(database_name).cursor() as cursor:
            yield odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})

    yield open_environment
    odoo.sql_db.close_all()


class RpcError(Exception):
    """The server answered a call with an error.

    Attributes:
        name: class of the server's exception, such as
            `odoo.exceptions.AccessError`.
    """

    def __init__(self, error: dict):
        data = error.get("data") or {}
        self.name = data.get("name", "")
        super().__init__(data.get("message") or error.get("message"))


class RpcClient:
    """A logged-in user who talks to the server as the web client does."""

    def __init__(self, base_url: str, database: str, login: str, password: str):
        import requests

        self.session = requests.Session()
        self._base_url = base_url
        answer = self.post("/web/session/authenticate", db=database, login=login, password=password)
        self.user_id = answer["uid"]

    def post(self, path: str, **parameters):
        """Send a JSON-RPC request and return its result, or raise `RpcError`."""
        response = self.session.post(
            self._base_url + path,
            json={"jsonrpc": "2.0", "method": "call", "params": parameters},
            timeout=60,
        )
        response.raise_for_status()
        content = response.json()
        if "error" in content:
            raise RpcError(content["error"])
        return content.get("result")  # Odoo leaves out a result of None

    def call(self, model: str, method: str, *arguments, **keywords):
        """Call a public method of a model; `context` is a keyword like any other."""
        return self.post(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=list(arguments),
            kwargs=keywords,
        )


@pytest.fixture(scope="session")
def rpc_error():
    """Exception class that a refused call raises."""
    return RpcError


@pytest.fixture(scope="session")
def connect(base_url, database_name):
    """Log in as a user of the demo; the password is the login unless given."""

    def log_in(login: str, password: str | None = None) -> RpcClient:
        return RpcClient(base_url, database_name, login, password or login)

    return log_in
