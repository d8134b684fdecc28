# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The text of a file, page by page: PDF, plain text, and pictures where Tesseract is installed.

What kind of file it is, its first bytes tell, never its name. Anything but plain text is read by a
program of its own (``page_reader``) with bounds of memory, time, pages and output: a hostile file
costs that program its life and this one a word about it.
"""

import contextlib
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 30
# As many as ``hc_ai_core.untrusted`` looks at.
MOST_CHARACTERS = 200_000
MOST_SECONDS = 90
MOST_MEGABYTES = 1024
LANGUAGES = ("eng", "spa")
_PROGRAM = Path(__file__).with_name("page_reader.py")
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "PYTHONPATH", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class ReadPage:
    """Text of one page.

    :ivar is_recognised: recognised on a picture, so that letters may be mistaken for others
    """

    text: str
    is_recognised: bool = False


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What was read of a file.

    :ivar pages: at most ``MOST_PAGES``
    :ivar page_count: of the file
    :ivar problem: why there is no text: ``too_large``, ``too_long`` (time), ``encrypted``,
        ``broken``, ``unknown_kind``, ``no_recognition`` (pictures, and no Tesseract), ``empty``
    :ivar engine: ``text``, ``pdf`` or ``tesseract``
    :ivar seconds: that it took
    """

    pages: tuple[ReadPage, ...] = ()
    page_count: int = 0
    problem: str = ""
    engine: str = ""
    seconds: float = 0.0


def find_kind(content: bytes) -> str:
    """``pdf``, ``picture``, ``text``, or empty where it is none of these.

    >>> find_kind(b"%PDF-1.7"), find_kind(b"<html>"), find_kind(b"Dear provider")
    ('pdf', '', 'text')
    """
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(_PICTURES):
        return "picture"
    try:
        start = content[:4096].decode("utf-8", "strict" if len(content) <= 4096 else "ignore")
    except UnicodeDecodeError:
        return ""
    is_markup = start.lstrip("\ufeff \t\r\n").startswith(("<", "{\\rtf"))
    return "" if "\0" in start or is_markup or not start.strip() else "text"


@functools.cache
def find_tesseract() -> tuple[str, str] | None:
    """``(program, languages)`` of Tesseract, or None where it is not installed."""
    program = shutil.which("tesseract")
    if not program:
        return None
    try:
        listed = subprocess.run(  # noqa: S603 - found on the path of the machine, no shell
            [program, "--list-langs"], capture_output=True, timeout=10, check=False, text=True
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    installed = set(listed.stdout.split())
    languages = [language for language in LANGUAGES if language in installed]
    return (program, "+".join(languages)) if languages else None


def read_file(content: bytes, seconds: int = MOST_SECONDS) -> ReadFile:
    """Read the text of a file; never raises for what is in it.

    :param seconds: what it may take
    """
    started = time.monotonic()
    if len(content) > MOST_BYTES:
        return ReadFile(problem="too_large")
    kind = find_kind(content)
    if not kind:
        return ReadFile(problem="empty" if not content.strip() else "unknown_kind")
    if kind == "text":
        text = content.decode("utf-8", "replace")[:MOST_CHARACTERS].replace("\0", "")
        return ReadFile((ReadPage(text),), 1, "", "text", time.monotonic() - started)
    answer = _run_program(kind, content, seconds)
    pages = tuple(
        # NUL is no character that a database stores.
        ReadPage(page["text"].replace("\0", ""), page["recognised"])
        for page in answer.get("pages", ())
    )
    is_recognised = any(page.is_recognised for page in pages)
    return ReadFile(
        () if answer["problem"] else pages,
        answer.get("page_count", 0),
        answer["problem"],
        "tesseract" if is_recognised else "pdf" if kind == "pdf" else "",
        time.monotonic() - started,
    )


def _run_program(kind: str, content: bytes, seconds: int) -> dict:
    """The answer of the reading program; ``problem`` where it died or took too long."""
    bounds = (MOST_PAGES, MOST_CHARACTERS, seconds, MOST_MEGABYTES)
    arguments = [kind, *map(str, bounds), *(find_tesseract() or ())]
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"OMP_THREAD_LIMIT": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [sys.executable, str(_PROGRAM), *arguments],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        try:
            process.communicate(content, timeout=seconds)
        except subprocess.TimeoutExpired:
            return {"problem": "too_long"}
        finally:
            _end(process)
        if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return {"problem": "too_long"}
        output.seek(0)
        return _take_answer(output.read(), process.returncode)


def _end(process: subprocess.Popen) -> None:
    """End the program and what it has started, such as Tesseract."""
    # Mostly nothing of it is left.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _take_answer(output: bytes, code: int) -> dict:
    try:
        answer = json.loads(output)
    except ValueError:
        answer = None
    # Death without an answer is what a lack of memory looks like from outside.
    return answer if code == 0 and isinstance(answer, dict) else {"problem": "broken"}
