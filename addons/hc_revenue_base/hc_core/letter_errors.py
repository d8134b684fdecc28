# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Why a letter cannot be made."""

from .errors import HcError


class LetterError(HcError):
    """A letter's HTML holds what the renderer refuses, or what no page can show."""

    messages = {
        "html_unreadable": "The letter is no HTML: correct its template.",
        "html_too_large": "The letter has more than {limit} characters: shorten it.",
        "image_refused": (
            "The letter has an image that is not embedded as PNG or JPEG of at most {limit} "
            "bytes: letters fetch nothing, from no server and no file. Embed it as data."
        ),
        "characters_without_font": (
            "The letter holds characters that no font of the server has: {characters}. Put a "
            "TrueType font that has them into the folder that HC_PDF_FONT_FOLDER names."
        ),
        "script_unsupported": (
            "The letter holds {characters}, of a script that is written from right to left or "
            "whose letters change with their neighbors: it cannot be printed correctly. Write it "
            "in another script."
        ),
        "content_too_tall": "The letter has a part that fits on no page: shorten or split it.",
        "too_many_pages": "The letter has more than {limit} pages: shorten it.",
        "paper_unknown": "There is no paper {paper}: choose one of {choices}.",
    }
