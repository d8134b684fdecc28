# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import subprocess
import sys
import time

import pytest

from hc_tool import browser, demo, process, server
from hc_tool.errors import HcError


def test_a_failing_program_is_one_line_with_its_reason_and_the_log(tmp_path):
    log = tmp_path / "log"
    script = "print('E: the mirror is gone'); print('[notice] buy now'); raise SystemExit(3)"
    with pytest.raises(HcError) as caught:
        process.run_logged([sys.executable, "-c", script], log, "download", "Try again")
    assert str(caught.value) == (f"download: E: the mirror is gone. Try again (details: {log}).")
    assert "buy now" in log.read_text()


def test_a_missing_program_is_named(tmp_path):
    with pytest.raises(HcError, match=r"archive: no-such-program is missing\. Install it"):
        process.run_logged(["no-such-program"], tmp_path / "log", "archive", "Install it")


def test_a_full_disk_is_told_as_such_whatever_program_meets_it(tmp_path):
    script = "print('OSError: [Errno 28] No space left on device'); raise SystemExit(1)"
    with pytest.raises(HcError, match="^packages: no space is left on the disk. Free some space"):
        process.run_logged([sys.executable, "-c", script], tmp_path / "log", "packages", "x")


def test_only_the_present_run_is_searched_for_the_reason(tmp_path):
    log = tmp_path / "log"
    log.write_text("fatal: an old run\n")
    with pytest.raises(HcError, match="it gave no message"):
        process.run_logged(["false"], log, "x", "y")


def test_a_foreign_process_is_not_taken_for_our_server(home):
    other = subprocess.Popen(["sleep", "60"])
    try:
        home.pid_file.write_text(f"{other.pid}\n")
        assert server.running_pid(home) is None
        assert server.stop_demo(home) is False
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_process_group_that_ignores_the_polite_request_is_killed(monkeypatch):
    monkeypatch.setattr(server, "STOP_TIMEOUT_SECONDS", 0.3)
    script = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)"
    stubborn = subprocess.Popen(
        [sys.executable, "-c", script + "; time.sleep(60)"],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with stubborn:
        stubborn.stdout.readline()
        server.stop_process(stubborn.pid)
        assert stubborn.wait(timeout=5) == -9


def test_a_zombie_is_not_alive():
    child = subprocess.Popen(["true"])
    deadline = time.monotonic() + 5
    while process.is_alive(child.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not process.is_alive(child.pid)
    assert child.returncode is None
    child.wait()


def test_a_server_that_does_not_listen_is_not_healthy():
    from hc_tool.ports import free_port

    assert server.answers(free_port()) is False


def test_status_of_a_running_demo(home, monkeypatch):
    class Databases:
        def exists(self, name):
            return name == "hc_demo"

        def query(self, database, statement):
            assert database == "hc_demo"
            return [["hc_one", "19.0.1.0.0"]]

    monkeypatch.setattr(demo.templates, "suite_modules", lambda: ["hc_one"])
    monkeypatch.setattr(server, "running_pid", lambda _: 42)
    monkeypatch.setattr(server, "answers", lambda _: True)
    assert demo.status(home, 8100, Databases()) == {
        "url": "http://127.0.0.1:8100",
        "port": 8100,
        "running": True,
        "healthy": True,
        "pid": 42,
        "database": "hc_demo",
        "modules": {"hc_one": "19.0.1.0.0"},
        "home": str(home.root),
    }


def test_a_named_browser_wins_and_a_snap_is_not_taken(home, tmp_path, monkeypatch):
    assert browser.find(home, {"HC_CHROMIUM": "/my/browser"}) == "/my/browser"
    snap = tmp_path / "snap"
    snap.touch()
    monkeypatch.setattr(browser.shutil, "which", lambda name: str(snap))
    assert browser.find(home, {}) is None
