# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A real n8n on loopback, with the shipped workflows published."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests

from hc_tool import n8n

FOLDER = Path(__file__).resolve().parents[2] / "n8n"
_START_SECONDS = 180
_OWNER = {
    "email": "owner@example.com",
    "firstName": "Test",
    "lastName": "Owner",
    "password": "Of-this-test-run-1",
}
# Nothing that n8n would like to look up on the Internet.
_QUIET = {
    "N8N_DIAGNOSTICS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
    "N8N_TEMPLATES_ENABLED": "false",
    "N8N_PERSONALIZATION_ENABLED": "false",
    "N8N_HIRING_BANNER_ENABLED": "false",
    "N8N_COMMUNITY_PACKAGES_ENABLED": "false",
    "N8N_AI_ENABLED": "false",
    "N8N_DISABLED_MODULES": "mcp-registry",
}


def free_port():
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Service:
    """n8n and the way to call its workflows."""

    def __init__(self, folder, database_url):
        self.installation = n8n.locate()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.log = folder / "n8n.log"
        self.environ = self._environ(urlsplit(database_url))
        self.process = None

    def _environ(self, database):
        node = self.installation.node.parent
        return {
            "PATH": f"{node}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "N8N_USER_FOLDER": str(self.folder),
            "N8N_LISTEN_ADDRESS": "127.0.0.1",
            "N8N_HOST": "127.0.0.1",
            "N8N_PORT": str(self.port),
            "N8N_PROTOCOL": "http",
            "WEBHOOK_URL": self.url,
            "N8N_RUNNERS_BROKER_PORT": str(free_port()),
            "N8N_RUNNERS_BROKER_LISTEN_ADDRESS": "127.0.0.1",
            "N8N_ENCRYPTION_KEY": "of-this-test-run-only-0123456789",
            "N8N_SECURE_COOKIE": "false",
            "N8N_BLOCK_ENV_ACCESS_IN_NODE": "false",
            "NODE_FUNCTION_ALLOW_BUILTIN": "crypto",
            "DB_TYPE": "postgresdb",
            "DB_POSTGRESDB_HOST": database.hostname,
            "DB_POSTGRESDB_PORT": str(database.port or 5432),
            "DB_POSTGRESDB_DATABASE": database.path.lstrip("/"),
            "DB_POSTGRESDB_USER": database.username,
            "DB_POSTGRESDB_PASSWORD": database.password or "",
            **_QUIET,
        }

    def command(self, *arguments):
        """Run a command of n8n to its end; its output goes to the log."""
        with self.log.open("ab") as stream:
            subprocess.run(
                [self.installation.node, self.installation.script, *arguments],
                env=self.environ,
                stdout=stream,
                stderr=stream,
                check=True,
                timeout=_START_SECONDS,
            )

    def load(self, workflows):
        """Import workflows, start n8n and publish them, as its owner does.

        Its commands take seconds each, so only the first step is one.

        :param workflows: ids by code
        """
        files = self.folder / "workflows"
        files.mkdir()
        for code in workflows:
            shutil.copy(FOLDER / code / "workflow.json", files / f"{code}.json")
        self.command("import:workflow", "--separate", f"--input={files}")
        self.start()
        with requests.Session() as owner:
            self._ask(owner, "POST", "owner/setup", **_OWNER)
            for workflow_id in workflows.values():
                version = self._ask(owner, "GET", f"workflows/{workflow_id}")["versionId"]
                path = f"workflows/{workflow_id}/activate"
                assert self._ask(owner, "POST", path, versionId=version)["active"]

    def _ask(self, owner, method, path, **body):
        answer = owner.request(method, f"{self.url}/rest/{path}", json=body or None, timeout=60)
        assert answer.ok, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()["data"]

    def start(self):
        """Run n8n; ready when it answers, and has begun what was published before."""
        with self.log.open("ab") as stream:
            self.process = subprocess.Popen(
                [self.installation.node, self.installation.script, "start"],
                env=self.environ,
                stdout=stream,
                stderr=stream,
            )
        self._await()

    def stop(self):
        """End n8n as its administrator does."""
        process, self.process = self.process, None
        if not process:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _await(self):
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                if requests.get(f"{self.url}/healthz/readiness", timeout=10).ok:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.2)
        raise AssertionError(f"n8n did not start:\n{self.log.read_text()[-3000:]}")

    def await_webhook(self, code):
        """Wait until a workflow answers; a start takes them up one after the other."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            answer = requests.post(f"{self.url}/webhook/hc-{code}", data=b"{}", timeout=10)
            if answer.status_code == 401:
                return
            time.sleep(0.2)
        raise AssertionError(f"{code} does not answer:\n{self.log.read_text()[-3000:]}")
