# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The HTML of letters, turned into what Reportlab lays out.

A closed set of elements and classes is understood; everything else counts as its text, and what
could run or fetch something (scripts, styles, frames, links to files) counts as nothing. No
attribute of the letter ever reaches the network or the file system: images are data or refused.
"""

import base64
import binascii
import re
from io import BytesIO

from lxml import etree, html
from PIL import Image as Picture
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    HRFlowable,
    Image,
    KeepInFrame,
    ListFlowable,
    PageBreak,
    Paragraph,
    Spacer,
    Table,
)

from ..hc_core.letter_errors import LetterError

MAX_HTML_CHARACTERS = 2_000_000
MAX_IMAGE_BYTES = 2_000_000
MAX_IMAGE_PIXELS = 25_000_000
WINDOW_HEIGHT = 32 * mm
_PIXEL = 0.75  # a CSS pixel in points

_DROPPED = {
    "script", "style", "head", "template", "iframe", "object", "embed", "link", "meta", "svg",
    "noscript", "audio", "video", "form", "input", "textarea", "select",
}  # fmt: skip
_INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "sup": "super", "sub": "sub"}
_SIZES = {"h1": 16, "h2": 13, "h3": 11, "h4": 10}
_BLOCKS = {
    "div", "p", "ul", "ol", "table", "hr", "img", "section", "article", "main", "address",
    "blockquote", *_SIZES,
}  # fmt: skip
_ALIGNMENTS = {
    "text-end": TA_RIGHT, "text-right": TA_RIGHT, "text-center": TA_CENTER,
}  # fmt: skip
_IMAGE = re.compile(r"data:image/(png|jpeg);base64,([A-Za-z0-9+/=\s]+)")
_WIDTH = re.compile(r"(?:^|;)\s*width:\s*(\d{1,3})%")
_BODY_SIZE, _SMALL_SIZE = 9.5, 8


def parse(text):
    """Return the root element of a letter.

    :raises LetterError: it is empty or too large
    """
    if len(text) > MAX_HTML_CHARACTERS:
        raise LetterError("html_too_large", limit=MAX_HTML_CHARACTERS)
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text, parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise LetterError("html_unreadable") from error


class LetterBuilder:
    """Turns elements into flowables of one width.

    :param fonts: ``LetterFonts``
    :param float width: of the text, in points
    :param tuple page: number of the page and of all pages, for elements of the classes ``page``
        and ``topage``
    """

    def __init__(self, fonts, width, page=("1", "1")):
        self.fonts = fonts
        self.width = width
        self.page = page

    def blocks(self, element, style=None):
        """Return the flowables of an element's content, in order."""
        style = self._style(element, style)
        found, line = [], [self._text(element.text)]

        def end_line():
            text = "".join(line).strip()
            line.clear()
            if text and text != "<br/>":
                found.append(Paragraph(text, style))

        for child in element:
            if child.tag in _BLOCKS:
                end_line()
                found.extend(self._block(child, style))
            else:
                line.append(self._inline(child))
            line.append(self._text(child.tail))
        end_line()
        return found

    def _style(self, element, parent):
        classes = element.get("class", "").split()
        size = parent.fontSize if parent else _BODY_SIZE
        if element.tag in _SIZES:
            size = _SIZES[element.tag]
        elif "small" in classes or element.tag in ("header", "footer"):
            size = _SMALL_SIZE
        alignment = parent.alignment if parent else TA_LEFT
        for name in classes:
            alignment = _ALIGNMENTS.get(name, alignment)
        is_bold = element.tag in _SIZES or element.tag == "th" or "fw-bold" in classes
        return ParagraphStyle(
            element.tag,
            fontName=f"{self.fonts.name.rpartition('-')[0]}-bold" if is_bold else self.fonts.name,
            fontSize=size,
            leading=size * 1.35,
            alignment=alignment,
            # A heading at the foot of a page goes to the next one with what it is about.
            keepWithNext=element.tag in _SIZES,
            spaceBefore=size * 0.6 if element.tag in _SIZES else 0,
            spaceAfter=size * 0.5 if element.tag in ("p", *_SIZES) else 0,
            textColor=colors.HexColor("#555555") if "text-muted" in classes else colors.black,
        )

    def _text(self, text):
        return self.fonts.markup(re.sub(r"[ \t\r\n\f]+", " ", text)) if text else ""

    def _inline(self, element):
        if not isinstance(element.tag, str) or element.tag in _DROPPED:
            return ""
        if element.tag == "br":
            return "<br/>"
        classes = element.get("class", "").split()
        for name, value in zip(("page", "topage"), self.page, strict=True):
            if name in classes:
                return value
        parts = [self._text(element.text)]
        for child in element:
            parts += [self._inline(child), self._text(child.tail)]
        tag = "b" if "fw-bold" in classes else _INLINE.get(element.tag)
        text = "".join(parts)
        return f"<{tag}>{text}</{tag}>" if tag else text

    def _block(self, element, style):
        if element.tag == "hr":
            return [HRFlowable(width="100%", thickness=0.5, color=colors.grey, spaceAfter=4)]
        if element.tag == "img":
            return [self._image(element)]
        if element.tag == "table":
            return self._table(element, style)
        if element.tag in ("ul", "ol"):
            return [self._list(element, style)]
        classes = element.get("class", "").split()
        if "page-break" in classes:
            return [PageBreak()]
        content = self.blocks(element, style)
        if "o_letter_window" in classes:
            window = KeepInFrame(self.width / 2, WINDOW_HEIGHT, content, mode="shrink")
            return [
                Table([[window]], [self.width / 2], [WINDOW_HEIGHT], hAlign="LEFT", style=_BARE)
            ]
        return content

    def _list(self, element, style):
        items = [self.blocks(item, style) for item in element if item.tag == "li"]
        bullets = "1" if element.tag == "ol" else "bullet"
        return ListFlowable(
            items,
            bulletType=bullets,
            bulletFontName=self.fonts.name,
            bulletFontSize=style.fontSize,
            leftIndent=14,
        )

    def _image(self, element):
        match = _IMAGE.fullmatch(element.get("src", "").strip())
        try:
            content = base64.b64decode(match[2]) if match else b""
            if not 0 < len(content) <= MAX_IMAGE_BYTES:
                raise ValueError("size")
            picture = Picture.open(BytesIO(content), formats=("PNG", "JPEG"))
            columns, rows = picture.size
            if columns * rows > MAX_IMAGE_PIXELS:
                raise ValueError("pixels")
            picture.load()
        except (ValueError, OSError, binascii.Error, Picture.DecompressionBombError):
            raise LetterError("image_refused", limit=MAX_IMAGE_BYTES) from None
        asked = element.get("width", "")
        width = min(int(asked) if asked.isdecimal() else columns, 4000) * _PIXEL
        width = max(min(width, self.width), 1)
        return Image(BytesIO(content), width, width * rows / columns, hAlign="LEFT")

    def _table(self, element, style):
        rows = [row for row in element.iter("tr") if _nearest(row, "table") is element]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        columns = max((sum(map(_span, row)) for row in cells), default=0)
        if not columns:
            return []
        content, spans, shades = [], [], []
        for position, row in enumerate(cells):
            line = []
            for cell in row:
                span = _span(cell)
                last = len(line) + span - 1
                if span > 1:
                    spans.append(("SPAN", (len(line), position), (last, position)))
                if _is_shaded(cell) or _is_shaded(rows[position]):
                    shades += _shaded((len(line), position), (last, position))
                line += [self._cell(cell, style), *[""] * (span - 1)]
            content.append(line + [""] * (columns - len(line)))
        heads = sum(1 for row in rows if row.getparent().tag == "thead")
        is_plain = "table-borderless" in element.get("class", "")
        table = Table(
            content,
            self._widths(cells[0], columns),
            repeatRows=heads,
            style=[*_BARE, *([] if is_plain else _ruled(heads)), *spans, *shades],
        )
        return [table, Spacer(0, style.fontSize * 0.6)]

    def _cell(self, cell, style):
        content = self.blocks(cell, style)
        return content or ""

    def _widths(self, cells, columns):
        """Widths that the first row gives in percent; the other columns share the rest."""
        given = []
        for cell in cells:
            match = _WIDTH.search(cell.get("style", ""))
            given += [int(match[1]) if match else None] + [None] * (_span(cell) - 1)
        given += [None] * (columns - len(given))
        open_columns = given.count(None)
        left = max(100 - sum(filter(None, given)), 5 * open_columns)
        shares = [left / open_columns if share is None else share for share in given]
        return [max(share, 1) * self.width / max(sum(shares), 1) for share in shares]


_BARE = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ("TOPPADDING", (0, 0), (-1, -1), 1.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
]


def _ruled(heads):
    lines = [("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.lightgrey)]
    if heads:
        lines.append(("LINEBELOW", (0, heads - 1), (-1, heads - 1), 0.75, colors.black))
    return lines


def _is_shaded(element):
    return "bg-light" in element.get("class", "").split()


def _shaded(first, last):
    """A light ground behind cells, with room around the words."""
    return [
        ("BACKGROUND", first, last, colors.HexColor("#eef2f6")),
        ("LEFTPADDING", first, first, 6),
        ("RIGHTPADDING", last, last, 6),
        ("TOPPADDING", first, last, 4),
        ("BOTTOMPADDING", first, last, 5),
    ]


def _nearest(element, tag):
    return next(element.iterancestors(tag), None)


def _span(cell):
    text = cell.get("colspan", "1")
    return min(max(int(text), 1), 20) if text.isdecimal() and len(text) < 4 else 1
