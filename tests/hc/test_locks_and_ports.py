# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import socket
import subprocess
import sys

import pytest

from hc_tool import locks, ports
from hc_tool.errors import HcError
from hc_tool.paths import REPOSITORY, Home, home_from, port_from

HOLD = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from hc_tool import locks
from hc_tool.paths import Home
with locks.exclusive(Home(Path(sys.argv[2]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_command_is_refused_and_the_lock_ends_with_its_holder(home):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(REPOSITORY), str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(HcError, match=rf"^busy: .*process {holder.pid}.*HC_HOME"),
            locks.exclusive(home),
        ):
            pytest.fail("the lock was given twice")
        with locks.exclusive(home, "test"):
            pass
    finally:
        holder.kill()
        holder.communicate()
    with locks.exclusive(home):
        pass


def test_a_taken_port_is_named_with_the_way_out():
    with socket.socket() as taken:
        taken.bind((ports.LOCALHOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not ports.is_free(port)
        with pytest.raises(HcError, match=rf"port {port}: another program uses it.*HC_PORT="):
            ports.require_free(port)
    ports.require_free(ports.free_port())


@pytest.mark.parametrize("text", ["abc", "0", "65536", "-1", "80.5", "٣"])
def test_a_wrong_port_number_is_refused(text):
    with pytest.raises(HcError, match="is not a port number"):
        port_from({"HC_PORT": text})


def test_the_environment_moves_port_and_home(tmp_path):
    assert port_from({}) == 8069
    assert port_from({"HC_PORT": "9001"}) == 9001
    assert home_from({}) == Home(REPOSITORY / ".hc")
    assert home_from({"HC_HOME": str(tmp_path)}) == Home(tmp_path)
