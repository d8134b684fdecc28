# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A receiver of events on this machine, in a process of its own, that writes down what arrives."""

import asyncio
import contextlib
import json
import multiprocessing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Arrival:
    """One request: id of the message, what it is about, its place in that record's history."""

    message: str
    subject: str
    sequence: int


@dataclass
class Receiver:
    """A running receiver.

    Attributes:
        port: on the loopback interface.
        arrivals_file: a line for each request.
    """

    port: int
    arrivals_file: Path

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/events"

    def arrivals(self):
        """What has arrived by now, in order."""
        lines = self.arrivals_file.read_text().splitlines()
        return [Arrival(*line.split()[:2], int(line.split()[2])) for line in lines]


@contextlib.contextmanager
def receiving(folder, *, answer_seconds=0.0, fails_every=0):
    """Run a receiver.

    Args:
        folder: where it writes what arrives.
        answer_seconds: how long it takes for an answer.
        fails_every: every so many requests it answers 500; 0: never.
    """
    arrivals_file = folder / f"arrivals-{answer_seconds}-{fails_every}"
    arrivals_file.touch()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(
        target=_serve, args=(theirs, arrivals_file, answer_seconds, fails_every), daemon=True
    )
    server.start()
    try:
        yield Receiver(ours.recv(), arrivals_file)
    finally:
        server.kill()
        server.join()


def _serve(pipe, arrivals_file, answer_seconds, fails_every):
    asyncio.run(_run(pipe, arrivals_file, answer_seconds, fails_every))


async def _run(pipe, arrivals_file, answer_seconds, fails_every):
    count = 0
    with arrivals_file.open("a", buffering=1) as arrivals:

        async def handle(reader, writer):
            nonlocal count
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                    length = int(head.partition("content-length:")[2].partition("\r\n")[0])
                    content = json.loads(await reader.readexactly(length))
                    count += 1
                    failing = fails_every and count % fails_every == 0
                    if not failing:
                        arrivals.write(
                            f"{content['id']} {content['subject']} {content['sequence']}\n"
                        )
                    if answer_seconds:
                        await asyncio.sleep(answer_seconds)
                    status = "500 Failing" if failing else "200 OK"
                    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok".encode())
                    await writer.drain()
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()
