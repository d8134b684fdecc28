# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A mail server of this machine that keeps what it takes, and fails when it is told to."""

import re
import socketserver
import threading
from contextlib import contextmanager


class MailSink(socketserver.ThreadingTCPServer):
    """Takes mail; `accepts_at_most` messages, then it says that it is down and hangs up.

    Attributes:
        received: recipients of the messages taken, one entry per message.
        accepts_at_most: how many it takes in all; None: every one.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.received = []
        self.accepts_at_most = None

    @property
    def port(self):
        """Port on which it listens."""
        return self.server_address[1]

    @property
    def is_down(self):
        """Whether it takes no more."""
        return self.accepts_at_most is not None and len(self.received) >= self.accepts_at_most


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 sink")
        recipient = ""
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"QUIT":
                self._say("221 bye")
                return
            if word in (b"MAIL", b"DATA") and self.server.is_down:
                self._say("421 down for a while")
                return
            if word == b"RCPT":
                recipient = re.search(rb"<(.*?)>", line)[1].decode()
            if word == b"DATA":
                self._take(recipient)
            else:
                self._say("250 ok")

    def _take(self, recipient):
        self._say("354 go on")
        while (line := self.rfile.readline()) and line != b".\r\n":
            pass
        self.server.received.append(recipient)
        self._say("250 taken")

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def running_sink():
    """Run a sink as long as the block lasts."""
    with MailSink() as sink:
        thread = threading.Thread(target=sink.serve_forever, daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            sink.shutdown()
            thread.join()
