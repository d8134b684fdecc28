# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The acknowledgement of an HL7 v2 message: taken (AA), refused (AE), not read at all (AR)."""

from .v2_reader import Separators

_ERROR_LIMIT = 10


def build_ack(message, code, control_id, made_at, findings=()):
    """The text of an ACK.

    :param message: the message that is answered, or None where it could not be read
    :param str code: AA, AE or AR
    :param str control_id: MSH-10 of the answer
    :param made_at: moment of the answer, with zone
    :param findings: why, without content; the first ten are told
    :return: segments that end with a carriage return
    """
    marks = Separators()
    header = message.header if message else None
    get = header.get if header else lambda _field, _component=1: ""
    trigger = f"ACK{marks.component}{get(9, 2)}" if get(9, 2) else "ACK"
    lines = [
        marks.field.join(
            [
                "MSH",
                "^~\\&",
                _escape(get(5)),
                _escape(get(6)),
                _escape(get(3)),
                _escape(get(4)),
                made_at.strftime("%Y%m%d%H%M%S%z"),
                "",
                _keep(trigger),
                _escape(control_id),
                _escape(get(11)) or "P",
                _escape(get(12)) or "2.5.1",
            ]
        ),
        marks.field.join(["MSA", code, _escape(get(10))]),
    ]
    lines += [
        f"ERR||{_location(finding.path)}|207|E||||{_escape(str(finding))}"
        for finding in findings[:_ERROR_LIMIT]
    ]
    return "".join(f"{line}\r" for line in lines)


def _location(path):
    """ERR-2 (ERL) of a path such as ``FT1[2]-25``."""
    segment, _dash, field = path.partition("-")
    name, _bracket, number = segment.partition("[")
    parts = [name, number.rstrip("]") or "1", field.partition(".")[0]]
    return "^".join(_escape(part) for part in parts).rstrip("^")


def _keep(text):
    return "^".join(_escape(part) for part in text.split("^"))


def _escape(text):
    """Escape what would be read as a separator; a line end would begin a new segment."""
    for mark, sequence in (
        ("\\", "\\E\\"),
        ("|", "\\F\\"),
        ("^", "\\S\\"),
        ("~", "\\R\\"),
        ("&", "\\T\\"),
    ):
        text = text.replace(mark, sequence)
    return text.replace("\r", " ").replace("\n", " ")
