# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A program of its own that reads the text of a file, page by page: see ``document_reader``.

It runs apart from Odoo, because a file may be made to break whoever reads it. It sets its own
bounds of memory, time and output before it looks at the file, and knows neither database nor keys.

    python page_reader.py KIND MOST_PAGES MOST_CHARACTERS SECONDS MEGABYTES [OCR LANGUAGES]

reads the file from standard input and writes one JSON object: ``pages`` (``text`` and
``recognised`` of each), ``page_count``, and ``problem`` where there is one.
"""

import io
import json
import resource
import subprocess
import sys

# A page with fewer letters than this is a picture with perhaps a stamp on it.
LEAST_LETTERS = 15
MOST_PIXELS = 40_000_000
MOST_OUTPUT_BYTES = 4_000_000
# What one page may take to recognise, in seconds.
PAGE_SECONDS = 20


class Problem(Exception):
    """Why there is no text, in one word."""


def bound(seconds, megabytes):
    """No more than this from here on, for this program and whatever it starts."""
    memory = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUTPUT_BYTES, MOST_OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def open_pdf(content):
    """The pages of a PDF.

    :raise Problem: ``encrypted`` or ``broken``
    """
    try:
        import pypdf
    except ImportError:
        import PyPDF2 as pypdf  # noqa: N813 - the older name of the same library
    reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
    # A file that opens without a password is only locked against changes.
    if reader.is_encrypted and not reader.decrypt(""):
        raise Problem("encrypted")
    return reader.pages


def page_pictures(page):
    """The pictures of a page as PNG, the largest first."""
    found = []
    for picture in page.images:
        image = picture.image
        if image is not None and image.width * image.height <= MOST_PIXELS:
            found.append(image)
    found.sort(key=lambda image: -image.width * image.height)
    return [as_png(image) for image in found[:1]]


def as_png(image):
    """A picture as PNG, in grey."""
    output = io.BytesIO()
    image.convert("L").save(output, "PNG")
    return output.getvalue()


def picture_pages(content, most_pages):
    """The pages of a picture file, of which a TIFF may have several."""
    from PIL import Image, ImageSequence

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "TIFF")) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Problem("too_large")
        frames = getattr(image, "n_frames", 1)
        pictures = [
            as_png(frame)
            for _number, frame in zip(
                range(most_pages), ImageSequence.Iterator(image), strict=False
            )
        ]
        return pictures, frames


def recognise(picture, ocr):
    """The text on a picture, by Tesseract; empty where it fails."""
    program, languages = ocr
    try:
        done = subprocess.run(  # noqa: S603 - a program of the machine, no shell, no text of the file
            [program, "stdin", "stdout", "-l", languages, "--psm", "6"],
            input=picture,
            capture_output=True,
            timeout=PAGE_SECONDS,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def read_pdf(content, most_pages, ocr):
    """Pages of a PDF: the text in it, or what is recognised on its pictures."""
    pages, is_picture = [], False
    all_pages = open_pdf(content)
    page_count = len(all_pages)
    for number in range(min(page_count, most_pages)):
        text = all_pages[number].extract_text() or ""
        recognised = False
        if sum(map(str.isalnum, text)) < LEAST_LETTERS:
            pictures = page_pictures(all_pages[number])
            is_picture = is_picture or bool(pictures)
            if pictures and ocr:
                text, recognised = recognise(pictures[0], ocr), True
        pages.append({"text": text, "recognised": recognised})
    return pages, page_count, is_picture


def read(kind, content, most_pages, ocr):
    """Read a file.

    :return: pages, their number in the file, and why there is no text; empty where there is
    """
    if kind == "pdf":
        pages, page_count, is_picture = read_pdf(content, most_pages, ocr)
    else:
        if not ocr:
            return [], 1, "no_recognition"
        pictures, page_count = picture_pages(content, most_pages)
        pages = [{"text": recognise(each, ocr), "recognised": True} for each in pictures]
        is_picture = True
    if any(page["text"].strip() for page in pages):
        return pages, page_count, ""
    return pages, page_count, "no_recognition" if is_picture and not ocr else "empty"


def main(arguments):
    """Read standard input and tell what is in it; never a traceback."""
    kind, most_pages, most_characters, seconds, megabytes, *ocr = arguments
    bound(int(seconds), int(megabytes))
    content = sys.stdin.buffer.read()
    try:
        pages, page_count, problem = read(kind, content, int(most_pages), tuple(ocr))
    except Problem as error:
        pages, page_count, problem = [], 0, str(error)
    except MemoryError:
        pages, page_count, problem = [], 0, "too_large"
    except Exception as error:  # noqa: BLE001 - whatever a hostile file makes a library raise
        # Pillow says so of a picture that would not fit into memory.
        is_bomb = type(error).__name__.startswith("DecompressionBomb")
        is_locked = type(error).__name__ in ("DependencyError", "FileNotDecryptedError")
        problem = "too_large" if is_bomb else "encrypted" if is_locked else "broken"
        pages, page_count = [], 0
    left = int(most_characters)
    for page in pages:
        page["text"] = page["text"][:left]
        left -= len(page["text"])
    json.dump({"pages": pages, "page_count": page_count, "problem": problem}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
