# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""CSV into the system: a stream of bounded records, hostile until checked.

Memory holds one record and one chunk, whatever the file holds: a longer record is an
error and its bytes are passed over. A fault inside a record is a value with its line;
only a fault of the whole file (binary, wrong encoding, too many rows) raises.

A quote counts only at the start of a cell, where it opens a quoted cell (RFC 4180). A
record with a quote that is never closed gives up its first line only: reading goes on
at the next line, so that one bad row does not swallow those behind it.
"""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from .errors import HcError

CHUNK_BYTES = 64 * 1024
MAX_RECORD_BYTES = 64 * 1024
MAX_RECORD_LINES = 1_000
MAX_CELL_LENGTH = 4_000
MAX_COLUMNS = 100
DEFAULT_MAX_ROWS = 1_000_000

ENCODINGS = ("utf-8", "cp1252")

_CONTROL_CHARACTERS = dict.fromkeys([*range(32), 127])
for _allowed in "\t\r\n":
    del _CONTROL_CHARACTERS[ord(_allowed)]


class CsvFileError(HcError):
    """The file as a whole cannot be read."""

    messages = {
        "file_empty": "The file is empty: export it again with its header line.",
        "file_binary": (
            "The file is not text: there is a zero byte at byte {byte_offset}. "
            "Save the sheet as CSV (UTF-8) and send that file."
        ),
        "file_utf16": ("The file is encoded as UTF-16 (byte 0). Save it as CSV UTF-8."),
        "encoding_unknown": "There is no encoding {encoding}: use one of {choices}.",
        "encoding_invalid": (
            "Byte {byte_offset} (line {line_number}) is not {encoding} text. Save the "
            "file as CSV UTF-8, or state its encoding (cp1252 for older Windows files)."
        ),
        "too_many_rows": ("The file has more than {max_rows} rows: split it into smaller files."),
        "header_unreadable": "Line {line_number}, the header: {reason}",
        "header_unknown": (
            "Line {line_number} names no known column, so it is no header. The first "
            "line must name the columns, such as {examples}."
        ),
        "column_missing": (
            "The header (line {line_number}) lacks the columns {columns}: add them."
        ),
        "column_repeated": (
            "The header (line {line_number}) names {columns} more than once: keep one."
        ),
        "column_unknown": (
            "The header (line {line_number}) has unknown columns: {columns}. Rename or remove them."
        ),
    }


@dataclass(frozen=True, slots=True)
class Record:
    """One record: where it starts, and its cells or the fault that hides them."""

    line_number: int
    cells: tuple[str, ...]
    fault_code: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A physical line without its end; ``content`` is None when it is too long."""

    number: int
    byte_offset: int
    content: bytes | None


class _Fault(Exception):
    """A record cannot be split; arguments: code and text."""


class RecordReader:
    """Yields the records of a binary file or of an iterable of bytes.

    Lines that are blank or hold nothing but delimiters are passed over.
    :meth:`first_line` may be looked at before, to choose the delimiter.
    """

    def __init__(self, source: BinaryIO | Iterable[bytes], encoding: str = "utf-8"):
        if encoding not in ENCODINGS:
            raise CsvFileError("encoding_unknown", encoding=encoding, choices=ENCODINGS)
        self.delimiter = ","
        self._encoding = encoding
        self._lines = _physical_lines(chunks(source))
        self._returned: deque[_Line] = deque()

    def first_line(self) -> str:
        """Return the text of the first line that is not blank, without consuming it.

        :raises CsvFileError: ``file_empty``, ``header_unreadable`` and the file faults
        """
        while (line := self._next_line()) is not None:
            if line.content is None:
                raise CsvFileError(
                    "header_unreadable",
                    line_number=line.number,
                    reason=f"it is longer than {MAX_RECORD_BYTES} bytes.",
                )
            text = self._decode(line)
            if text.strip():
                self._returned.appendleft(line)
                return text
        raise CsvFileError("file_empty")

    def __iter__(self) -> Iterator[Record]:
        while (line := self._next_line()) is not None:
            if line.content is None:
                yield _too_long(line)
                continue
            text = self._decode(line)
            if not text.strip().strip(self.delimiter):
                continue
            if '"' not in text:
                yield _checked(line.number, text.split(self.delimiter))
                continue
            yield self._quoted_record(line, text)

    def _quoted_record(self, first: _Line, text: str) -> Record:
        """Read a record with quotes, over as many lines as it takes."""
        splitter = _Splitter(self.delimiter)
        following: list[_Line] = []
        size = len(text)
        try:
            while not splitter.feed(text):
                line = self._next_line()
                if line is None:
                    raise _Fault("quote_open", "a quote is opened and never closed")
                following.append(line)
                size += len(line.content or b"")
                if (
                    line.content is None
                    or size > MAX_RECORD_BYTES
                    or len(following) >= MAX_RECORD_LINES
                ):
                    raise _Fault(
                        "quote_open",
                        f"a quote is not closed within {MAX_RECORD_LINES} lines and "
                        f"{MAX_RECORD_BYTES} bytes",
                    )
                text = self._decode(line)
        except _Fault as fault:
            code, reason = fault.args
            self._returned.extendleft(reversed(following))
            return Record(first.number, (), code, reason)
        return _checked(first.number, splitter.cells)

    def _next_line(self) -> _Line | None:
        if self._returned:
            return self._returned.popleft()
        return next(self._lines, None)

    def _decode(self, line: _Line) -> str:
        try:
            return (line.content or b"").decode(self._encoding)
        except UnicodeDecodeError as error:
            raise CsvFileError(
                "encoding_invalid",
                byte_offset=line.byte_offset + error.start,
                line_number=line.number,
                encoding=self._encoding.upper(),
            ) from None


class _Splitter:
    """Splits one record, fed line by line, into cells."""

    def __init__(self, delimiter: str):
        self.cells: list[str] = []
        self._delimiter = delimiter
        self._parts: list[str] | None = None

    def feed(self, text: str) -> bool:
        """Take one line; return whether the record is complete."""
        position = 0
        while True:
            if self._parts is None:
                if text.startswith('"', position):
                    self._parts = []
                    position += 1
                    continue
                end = text.find(self._delimiter, position)
                if end < 0:
                    self.cells.append(text[position:])
                    return True
                self.cells.append(text[position:end])
                position = end + 1
                continue
            end = text.find('"', position)
            if end < 0:
                self._parts += (text[position:], "\n")
                return False
            self._parts.append(text[position:end])
            after = text[end + 1 : end + 2]
            position = end + 2
            if after == '"':
                self._parts.append('"')
                continue
            if after not in ("", self._delimiter):
                raise _Fault(
                    "quote_misplaced",
                    "text follows a closing quote: double the quotes inside a cell",
                )
            self.cells.append("".join(self._parts))
            self._parts = None
            if not after:
                return True


def _checked(line_number: int, cells: list[str]) -> Record:
    """Return the record, or its fault: over a limit or with control characters."""
    if len(cells) > MAX_COLUMNS:
        reason = f"the row has {len(cells)} cells, more than {MAX_COLUMNS}"
        return Record(line_number, (), "too_many_cells", reason)
    for position, cell in enumerate(cells, start=1):
        if len(cell) > MAX_CELL_LENGTH:
            reason = f"cell {position} has {len(cell)} characters, over {MAX_CELL_LENGTH}"
            return Record(line_number, (), "cell_too_long", reason)
        if not cell.isprintable() and cell.translate(_CONTROL_CHARACTERS) != cell:
            reason = f"cell {position} holds control characters: is it a text file?"
            return Record(line_number, (), "control_character", reason)
    return Record(line_number, tuple(cells))


def _too_long(line: _Line) -> Record:
    reason = f"the line is longer than {MAX_RECORD_BYTES} bytes"
    return Record(line.number, (), "row_too_long", reason)


def chunks(source: BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a binary file or an iterable in pieces of bounded size."""
    read = getattr(source, "read", None)
    blocks = iter(lambda: read(CHUNK_BYTES), b"") if read else iter(source)
    for block in blocks:
        for start in range(0, len(block), CHUNK_BYTES):
            yield bytes(block[start : start + CHUNK_BYTES])


def _physical_lines(chunks: Iterator[bytes]) -> Iterator[_Line]:
    r"""Split at \n, \r\n and \r; a line over the limit has no content."""
    number, offset, pending, passed_over, received = 1, 0, b"", 0, 0
    for position, data in enumerate(_joined_start(chunks)):
        if position == 0:
            if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
                raise CsvFileError("file_utf16")
            if data.startswith(BOM_UTF8):
                offset = received = len(BOM_UTF8)
                data = data[len(BOM_UTF8) :]
        zero = data.find(b"\0")
        if zero >= 0:
            raise CsvFileError("file_binary", byte_offset=received + zero)
        received += len(data)
        pieces = (pending + data).splitlines(keepends=True)
        # A return at the end may be half of a return and line feed.
        complete = bool(pieces) and pieces[-1].endswith(b"\n")
        pending = b"" if complete or not pieces else pieces.pop()
        for piece in pieces:
            content = piece.rstrip(b"\r\n")
            too_long = passed_over or len(content) > MAX_RECORD_BYTES
            yield _Line(number, offset, None if too_long else content)
            offset += passed_over + len(piece)
            number, passed_over = number + 1, 0
        if len(pending) > MAX_RECORD_BYTES + 1:
            # Keep the last byte: it may be the return of a line end.
            passed_over += len(pending) - 1
            pending = pending[-1:]
    if pending or passed_over:
        too_long = passed_over or len(pending) > MAX_RECORD_BYTES
        yield _Line(number, offset, None if too_long else pending.rstrip(b"\r"))


def _joined_start(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Make the first chunk long enough to show a byte order mark."""
    start = b""
    for chunk in chunks:
        start += chunk
        if len(start) >= len(BOM_UTF8):
            break
    if start:
        yield start
    yield from chunks
