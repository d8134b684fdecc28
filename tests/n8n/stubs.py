# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The other systems, on loopback: clearinghouse, payer, messenger, each with what it was asked."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Stub:
    """A system that answers as it is told and keeps what it was asked.

    :ivar answers: ``{(method, path): callable}``; a callable takes the input and returns a status
        and a body
    """

    def __init__(self):
        self.answers = {}
        self.asked = []
        self.url = ""

    def on(self, method, path, answer):
        """Answer a path; ``answer(body)`` gives status and body (a text, or JSON)."""
        self.answers[method, path] = answer

    def asked_for(self, path):
        """Inputs of the calls of a path, in order."""
        return [body for asked, body, _headers in self.asked if asked == path]


def _handler(stub):
    class Handler(BaseHTTPRequestHandler):
        def _answer(self):
            size = int(self.headers.get("Content-Length") or 0)
            text = self.rfile.read(size).decode()
            path, _mark, _query = self.path.partition("?")
            body = json.loads(text) if text else None
            headers = {name.lower(): value for name, value in self.headers.items()}
            stub.asked.append((path, body, headers))
            answer = stub.answers.get((self.command, path))
            status, content = answer(body) if answer else (404, {"error": "unknown"})
            is_text = isinstance(content, str)
            sent = (content if is_text else json.dumps(content)).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain" if is_text else "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = _answer  # noqa: N815 - the names are the server's

        def log_message(self, *_arguments):
            """Say nothing."""

    return Handler


@contextmanager
def serving():
    """A stub that listens while the block runs."""
    stub = Stub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stub))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stub.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
