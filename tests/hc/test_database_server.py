# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import pytest

from hc_tool import database, database_server
from hc_tool.database_server import DatabaseServer
from hc_tool.errors import HcError


def test_a_url_survives_the_way_there_and_back():
    server = DatabaseServer("db.example.org", 6000, "od oo", "p@ss:/wörd", is_embedded=False)
    assert database_server.parse_url(server.url("hc_demo")) == server


def test_a_url_without_details_gets_the_usual_ones():
    assert database_server.parse_url("postgres://h") == DatabaseServer(
        "h", 5432, "odoo", "", is_embedded=False
    )


@pytest.mark.parametrize("url", ["mysql://h", "postgresql://", "h:5432", "postgresql://h:port/"])
def test_what_is_no_url_is_refused(url):
    with pytest.raises(HcError, match="--db-url: "):
        database_server.parse_url(url)


def test_the_environment_names_a_server_only_by_its_host():
    assert database_server.from_environment({"PGUSER": "me"}) is None
    server = database_server.from_environment({"PGHOST": "/run/pg", "PGUSER": "me"})
    assert (server.host, server.port, server.user) == ("/run/pg", 5432, "me")
    assert "PGPASSWORD" not in server.environ()


def test_a_wrong_port_in_the_environment_is_one_line():
    with pytest.raises(HcError, match="PGPORT: 'x' is not a port number"):
        database_server.from_environment({"PGHOST": "h", "PGPORT": "x"})


def test_the_server_is_remembered_where_others_cannot_read_it(home):
    server = DatabaseServer("127.0.0.1", 5432, "odoo", "secret", is_embedded=True)
    assert database_server.remembered(home) is None
    database_server.remember(home, server)
    database_server.update_state(home, port=8069)
    assert database_server.remembered(home) == server
    assert home.state.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ['x"; DROP DATABASE y', "Hc", "", "1a", "a" * 64])
def test_a_database_name_can_never_be_more_than_a_name(home, name):
    server = DatabaseServer("127.0.0.1", 1, "odoo", "", is_embedded=False)
    with pytest.raises(HcError, match="is no database name"):
        database.Databases(home, server).drop(name)


def test_a_dead_server_is_one_line(home, monkeypatch):
    monkeypatch.setattr(database, "postgres_programs", lambda _: None)
    monkeypatch.setenv("PATH", "/nonexistent")
    server = DatabaseServer("127.0.0.1", 1, "odoo", "", is_embedded=False)
    with pytest.raises(HcError, match=r"PostgreSQL: psql is not installed\. Run \./hc up"):
        database.Databases(home, server).exists("x")
