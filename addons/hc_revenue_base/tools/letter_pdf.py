# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Letters as PDF: header and footer on every page, page x of y, the same bytes each time."""

from io import BytesIO

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate
from reportlab.platypus.doctemplate import LayoutError

from ..hc_core.letter_errors import LetterError
from .letter_html import LetterBuilder, parse

PAPERS = {"letter": LETTER, "a4": A4}
MAX_PAGES = 200
SIDE_MARGIN = 20 * mm
EDGE_MARGIN = 12 * mm
GAP = 4 * mm


def render(text, fonts, paper="letter"):
    """Return a letter as PDF.

    The body's elements ``header`` and ``footer`` stand on every page; in them, elements of the
    classes ``page`` and ``topage`` show the number of the page and of all pages.

    :param str text: HTML
    :param fonts: ``letter_fonts.LetterFonts``
    :param str paper: one of ``PAPERS``
    :raises LetterError: the letter holds what is refused or what fits on no page
    """
    if paper not in PAPERS:
        raise LetterError("paper_unknown", paper=paper, choices=sorted(PAPERS))
    root = parse(text)
    sheet = _Sheet(root, fonts, PAPERS[paper])
    body = root.find("body")
    story = LetterBuilder(fonts, sheet.width).blocks(body) if body is not None else []
    output = BytesIO()
    document = BaseDocTemplate(
        output,
        pagesize=sheet.size,
        invariant=1,
        title=(root.findtext("head/title") or "").strip(),
        author="",
        creator="",
        allowSplitting=1,
    )
    document.addPageTemplates(PageTemplate(frames=[sheet.frame()], onPage=_limit_pages))
    try:
        document.build(story, canvasmaker=sheet.canvas)
    except LayoutError as error:
        raise LetterError("content_too_tall") from error
    return output.getvalue()


def _limit_pages(_canvas, document):
    if document.page > MAX_PAGES:
        raise LetterError("too_many_pages", limit=MAX_PAGES)


class _Sheet:
    """The paper with the room that header and footer leave."""

    def __init__(self, root, fonts, size):
        self.size = size
        self.width = size[0] - 2 * SIDE_MARGIN
        self._fonts = fonts
        self._edges = {}
        for name in ("header", "footer"):
            element = next(root.iter(name), None)
            if element is not None:
                element.getparent().remove(element)
                self._edges[name] = element

    def frame(self):
        top, bottom = (self._height(name) for name in ("header", "footer"))
        return Frame(
            SIDE_MARGIN,
            EDGE_MARGIN + bottom,
            self.width,
            self.size[1] - 2 * EDGE_MARGIN - top - bottom,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )

    def _height(self, name):
        height = sum(height for _flowable, height in self._measured(name, ("1", "1")))
        if height > self.size[1] / 3:
            raise LetterError("content_too_tall")
        return height + GAP if height else 0

    def _measured(self, name, page):
        """The flowables of an edge for one page, each with its height."""
        if name not in self._edges:
            return []
        builder = LetterBuilder(self._fonts, self.width, page)
        return [
            (flowable, flowable.wrap(self.width, self.size[1])[1])
            for flowable in builder.blocks(self._edges[name])
        ]

    def draw_edges(self, canvas, number, count):
        page = (str(number), str(count))
        self._draw(canvas, self._measured("header", page), self.size[1] - EDGE_MARGIN)
        footer = self._measured("footer", page)
        self._draw(canvas, footer, EDGE_MARGIN + sum(height for _flowable, height in footer))

    def _draw(self, canvas, measured, top):
        for flowable, height in measured:
            top -= height
            flowable.drawOn(canvas, SIDE_MARGIN, top)

    def canvas(self, *arguments, **keywords):
        """A canvas that draws the edges last, once the number of pages is known."""
        return _EdgeCanvas(self, *arguments, **keywords)


class _EdgeCanvas(Canvas):
    def __init__(self, sheet, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self._sheet = sheet
        self._kept = []

    def showPage(self):  # noqa: N802 - the name that Reportlab calls
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self):
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            self._sheet.draw_edges(self, number, len(self._kept))
            Canvas.showPage(self)
        return super().save()
