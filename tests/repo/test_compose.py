# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

import containers
import pytest
from tree import assert_none, read, sample_tree, this_tree


@pytest.mark.parametrize("check", containers.CHECKS)
def test_containers(tree, check):
    assert_none(check(tree))


def test_configuration_is_fit_for_production(tree):
    options = containers.options(tree)
    assert options.getboolean("list_db") is False
    assert options.getboolean("proxy_mode") is True
    assert options.getboolean("with_demo") is False
    assert options["admin_passwd"] == ""
    # Only this database is served, and no request has to list them all to find it.
    assert options["db_name"] and not options["dbfilter"]
    assert options["addons_path"] == containers.ADDONS_MOUNT
    assert options.getint("workers") > 0
    assert options.getint("limit_memory_soft") < options.getint("limit_memory_hard")
    assert options.getint("limit_time_cpu") < options.getint("limit_time_real")
    assert "db_password" not in options


def test_proxy_waits_longer_than_a_request_may_take(tree):
    text = read(tree.root / containers.NGINX)
    timeouts = [int(value) for value in re.findall(r"proxy_read_timeout (\d+)s;", text)]
    assert min(timeouts) > containers.options(tree).getint("limit_time_real")


def odoo_option_source():
    """The source of Odoo's option parser, or a visible skip where Odoo is not installed."""
    homes = [os.environ["HC_ODOO_HOME"]] if os.environ.get("HC_ODOO_HOME") else []
    homes += [str(path) for path in (this_tree().root / ".hc").glob("odoo-import")]
    spec = importlib.util.find_spec("odoo")
    if spec and spec.submodule_search_locations:
        homes += [str(Path(folder).parent) for folder in spec.submodule_search_locations]
    found = [Path(home) / "odoo/tools/config.py" for home in homes]
    found = [path for path in found if path.is_file()]
    if not found:
        pytest.skip("Odoo is not installed: its options cannot be compared")
    return read(found[0])


def test_odoo_knows_every_option(tree):
    source = odoo_option_source()
    destinations = set(re.findall(r"dest=['\"](\w+)['\"]", source))
    flags = set(re.findall(r"['\"](--[\w-]+)['\"]", source))
    assert set(containers.options(tree)) - {"addons_path"} <= destinations
    assert containers.command_options(tree) <= flags


@pytest.mark.parametrize("profile", [[], ["--profile", "scale"]])
def test_compose_accepts_the_file(tree, profile):
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]):
            version = subprocess.run([*command, "version"], check=False, capture_output=True)
            if version.returncode == 0:
                break
    else:
        pytest.skip("neither `docker compose` nor docker-compose is installed")
    command += ["--file", str(tree.root / containers.COMPOSE), *profile, "config", "--quiet"]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_secrets_are_created_once_and_kept(tree, tmp_path):
    script = shutil.copy(tree.root / containers.SECRETS_SCRIPT, tmp_path)
    subprocess.run(["sh", script], check=True, capture_output=True)
    created = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(created) == set(containers.load(tree)["secrets"])
    assert len(set(created.values())) == len(created)
    assert all(re.fullmatch(r"[0-9a-f]{64}", value) for value in created.values())
    subprocess.run(["sh", script], check=True, capture_output=True)
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == created


@pytest.fixture
def start(tree, tmp_path):
    """Run the container's start script with a stand-in for the image's own."""
    script = tmp_path / "entrypoint.sh"
    image_script = tmp_path / "image.sh"
    image_script.write_text('#!/bin/sh\necho "key=$HC_SAMPLE args=$*"\n')
    image_script.chmod(0o755)
    text = read(tree.root / "docker/entrypoint.sh")
    script.write_text(text.replace("/entrypoint.sh", str(image_script)))

    def run(**environment):
        environment = {"PATH": os.environ["PATH"], **environment}
        command = ["bash", str(script), "odoo", "--workers=0"]
        return subprocess.run(command, check=False, env=environment, capture_output=True, text=True)

    return run


def test_start_script_hands_secrets_over(start, tmp_path):
    secret = tmp_path / "sample"
    secret.write_text("abc")
    assert start(HC_SAMPLE_FILE=str(secret)).stdout == "key=abc args=odoo --workers=0\n"


def test_start_script_refuses_a_missing_secret(start, tmp_path):
    result = start(HC_SAMPLE_FILE=str(tmp_path / "absent"))
    assert result.returncode == 78
    assert "make-secrets.sh" in result.stderr
    assert not result.stdout


# Each change of a good file, and the words of the finding that must follow.
BAD_CHANGES = [
    ("check_mounts", "docker-compose.yml", "./addons:", "./add-ons:", "does not exist"),
    ("check_mounts", "docker-compose.yml", "addons:ro", "addons", "not mounted read-only"),
    ("check_mounts", "docker-compose.yml", "- db-data:", "- dbdata:", "is not declared"),
    ("check_builds", "docker-compose.yml", "docker/Dockerfile", "Dockerfile", "does not exist"),
    ("check_builds", "docker/Dockerfile", "docker/req", "req", "does not exist"),
    ("check_variables", "docker-compose.yml", ":-8069}", "}", "no default"),
    ("check_variables", "docker-compose.yml", "    HOST:", "    DB_HOST:", "nobody reads"),
    ("check_variables", "docker-compose.yml", "HC_AUDIT_KEY_", "HC_KEY_", "nobody reads"),
    ("check_ports", "docker-compose.yml", "}:8069", "}:8070", "nothing listens on 8070"),
    ("check_ports", "docker-compose.yml", '"127.0.0.1:', '"', "open to the network"),
    ("check_ports", "docker-compose.yml", "localhost:8069", "localhost:1", "nothing listens"),
    ("check_commands", "docker-compose.yml", "[CMD, curl", "[CMD, wget", "has no wget"),
    ("check_commands", "docker-compose.yml", "--init=hc", "--init=hx", "no module hx"),
    ("check_order", "docker-compose.yml", "      web1:\n", "      web9:\n", "is no service"),
    ("check_order", "docker-compose.yml", "      disable: true\n", "", "has no health check"),
    ("check_secrets", "docker/make-secrets.sh", "password audit_key", "password", "not create"),
    ("check_secrets", "docker/secrets/README.md", "`audit_key`", "", "not explain"),
    (
        "check_secrets",
        "docker-compose.yml",
        "[postgres_password, audit_key, secret_key]",
        "[]",
        "not given",
    ),
    ("check_proxy", "docker/nginx.conf", "web2:8069", "web3:8069", "web3 offers no"),
    ("check_proxy", "docker/nginx.conf", "//odoo_evented", "//odoo_http", "does not reach"),
    ("check_proxy", "docker/nginx.conf", "expires 1d", "proxy_set_header A b", "loses the"),
    ("check_builds", "docker/Dockerfile", "AS queue", "AS other", "has no stage queue"),
    ("check_proxy", "docker/nginx.conf", "location /queue_job", "location /q", "from outside"),
    (
        "check_scale",
        "docker-compose.yml",
        "--workers=3, --max-cron-threads=2",
        "--max-cron-threads=0",
        "scale is not",
    ),
    ("check_scale", "docker-compose.yml", "web,queue_job", "web", "does not load queue_job"),
    ("check_requirements", "docker/requirements.txt", "# Python", "sample==1\n#", "no manifest"),
]


@pytest.mark.parametrize(("check", "name", "old", "new", "words"), BAD_CHANGES)
def test_bad_change_is_found(tree, tmp_path, check, name, old, new, words):
    names = ("docker-compose.yml", "odoo.conf", "docs/docker.md")
    paths = [tree.root / name for name in names] + list((tree.root / "docker").iterdir())
    files = {tree.relative(path): read(path) for path in paths if path.is_file()}
    files["docker/secrets/README.md"] = read(tree.root / containers.SECRETS_GUIDE)
    files["addons/hc_revenue_base/__manifest__.py"] = "{'name': 'Revenue'}"
    files["addons/hc_queue_job/__manifest__.py"] = "{'name': 'Queue'}"
    files["n8n/builder/a.py"] = "KEYS = 'HC_ODOO_URL'\n"
    files["addons/hc_revenue_base/models/a.py"] = "KEYS = 'HC_AUDIT_KEY HC_SECRET_KEY'\n"
    checker = getattr(containers, check)
    assert_none(checker(sample_tree(tmp_path, files)))
    assert old in files[name]
    changed = sample_tree(tmp_path, {name: files[name].replace(old, new)})
    assert any(words in finding.message for finding in checker(changed))


def test_tracked_secret_is_found(tree, tmp_path):
    names = ("docker-compose.yml", "docker/make-secrets.sh", "docker/secrets/README.md")
    files = {name: read(tree.root / name) for name in names}
    sample = sample_tree(tmp_path, files | {"docker/secrets/audit_key": "abc"})
    assert any("not ignored" in finding.message for finding in containers.check_secrets(sample))
