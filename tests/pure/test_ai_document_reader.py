# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files as they come from outside: real PDFs, scans, and those made to break their reader."""

import io
import sys
import time
import zlib
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "addons" / "hc_ai_assist" / "tools"
sys.path.insert(0, str(TOOLS))
from document_reader import (  # noqa: E402
    MOST_BYTES,
    MOST_PAGES,
    find_kind,
    find_tesseract,
    read_file,
)

sys.path.remove(str(TOOLS))
canvas = pytest.importorskip("reportlab.pdfgen.canvas")


def make_pdf(*lines, **options):
    output = io.BytesIO()
    pdf = canvas.Canvas(output, **options)
    for line in lines:
        pdf.drawString(72, 720, line)
        pdf.showPage()
    pdf.save()
    return output.getvalue()


def make_raw_pdf(stream):
    """A PDF of one page with the given, compressed, drawing instructions."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = b"xref\n0 5\n0000000000 65535 f \n" + rows
    end = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)
    return body + table + end


def make_picture(text="", size=(1600, 400)):
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("L", size, 255)
    ImageDraw.Draw(image).text((40, 120), text, fill=0, font=ImageFont.load_default(64))
    output = io.BytesIO()
    image.save(output, "PNG")
    return output.getvalue(), image


def make_scan(text):
    """A PDF whose page is a picture and nothing else."""
    output = io.BytesIO()
    make_picture(text)[1].save(output, "PDF")
    return output.getvalue()


def test_a_pdf_page_by_page():
    read = read_file(make_pdf("Authorization number: A12345678", "Valid through 2026-06-30"))
    assert (read.problem, read.engine, read.page_count) == ("", "pdf", 2)
    assert "A12345678" in read.pages[0].text
    assert "2026-06-30" in read.pages[1].text


def test_only_so_many_pages():
    read = read_file(make_pdf(*(f"Page number {number} here" for number in range(MOST_PAGES + 5))))
    assert (len(read.pages), read.page_count) == (MOST_PAGES, MOST_PAGES + 5)


def test_plain_text():
    read = read_file("Número de autorización: A1".encode())
    assert (read.pages[0].text, read.engine) == ("Número de autorización: A1", "text")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script>", "unknown_kind"),
        (b"PK\x03\x04\x00\x00", "unknown_kind"),
        (b"MZ\x90\x00\x03", "unknown_kind"),
        (b"%PDF-1.7 and no more of it", "broken"),
        (b"%PDF-1.7\n" + b"1 0 obj<</Kids[1 0 R]>>endobj\n" * 2000, "broken"),
        (b"x" * (MOST_BYTES + 1), "too_large"),
    ],
)
def test_files_that_are_none(content, problem):
    read = read_file(content)
    assert (read.problem, read.pages) == (problem, ())


def test_locked_cut_and_empty_files():
    pdf = make_pdf("Authorization number: A12345678")
    assert read_file(make_pdf("secret", encrypt="password")).problem == "encrypted"
    assert read_file(pdf[: len(pdf) // 3]).problem == "broken"
    assert read_file(make_pdf("")).problem == "empty"


def test_bombs_end_within_their_bounds():
    packed = zlib.compress(b" " * 200_000_000, 9)
    slow = zlib.compress(b"q BT (a) Tj ET Q " * 3_000_000)
    for stream in (packed, zlib.compress(packed), slow):
        started = time.monotonic()
        read = read_file(make_raw_pdf(stream), seconds=5)
        assert read.problem in ("broken", "too_large", "too_long", "empty")
        assert time.monotonic() - started < 10


def test_whoever_takes_too_long_is_ended():
    read = read_file(make_pdf(*["Authorization number"] * 30), seconds=0)
    assert read.problem == "too_long"


def test_a_scan_without_recognition_says_so():
    if find_tesseract():
        pytest.skip("Tesseract is installed here: the other tests of scans run")
    assert read_file(make_scan("Claim number: E6898022749")).problem == "no_recognition"
    assert read_file(make_picture("Claim number")[0]).problem == "no_recognition"


def test_a_scan_is_recognised():
    if not find_tesseract():
        pytest.skip("Tesseract is not installed: no scan is recognised here")
    for content in (make_scan("Claim number: E6898022749"), make_picture("Claim E6898022749")[0]):
        read = read_file(content)
        assert (read.problem, read.engine) == ("", "tesseract")
        assert "E6898022749" in read.pages[0].text


def test_the_name_does_not_count():
    assert find_kind(b"{\\rtf1") == ""
    assert find_kind(make_picture()[0]) == "picture"
