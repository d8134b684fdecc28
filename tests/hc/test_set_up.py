# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A whole set-up from nothing: minutes and a network, so only on request."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from hc_tool.paths import REPOSITORY
from hc_tool.ports import free_port

pytestmark = pytest.mark.skipif(
    not os.environ.get("HC_TEST_SETUP"), reason="set HC_TEST_SETUP=1 to run a whole set-up"
)


def test_up_from_nothing_interrupted_resumed_and_repeated(tmp_path):
    environ = {**os.environ, "HC_HOME": str(tmp_path / "home"), "HC_PORT": str(free_port())}
    tool = [sys.executable, str(REPOSITORY / "hc")]

    def run(*words):
        start = time.monotonic()
        result = subprocess.run(
            [*tool, *words], env=environ, capture_output=True, text=True, check=False
        )
        return result, time.monotonic() - start

    tmp_path.chmod(0o755)
    first = subprocess.Popen([*tool, "up"], env=environ, stderr=subprocess.PIPE, text=True)
    time.sleep(10)
    first.send_signal(signal.SIGTERM)
    _, message = first.communicate(timeout=60)
    assert first.returncode == 130
    assert message.startswith("hc: interrupted")
    try:
        resumed, seconds = run("up")
        assert resumed.returncode == 0, resumed.stderr
        assert seconds < 360
        again, seconds = run("up")
        assert again.returncode == 0
        assert seconds < 15
        status = json.loads(run("status", "--json")[0].stdout)
        assert status["healthy"] is True
        assert status["modules"]
    finally:
        run("down")
    assert json.loads(run("status", "--json")[0].stdout)["running"] is False
