# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Fonts of letters: one family for most scripts, others for what it lacks."""

import unicodedata
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from ..hc_core.letter_errors import LetterError

FAMILY = "HcLetter"
_STYLES = {
    "normal": "Open_Sans-Regular.ttf",
    "bold": "Open_Sans-Bold.ttf",
    "italic": "Open_Sans-Italic.ttf",
    "boldItalic": "Open_Sans-BoldItalic.ttf",
}
_RIGHT_TO_LEFT = ("R", "AL", "AN")
_MAX_NAMED_CHARACTERS = 10


class LetterFonts:
    """The registered fonts, and the markup that chooses among them.

    :param folder: holds the family's four styles
    :param other_folder: TrueType fonts for other scripts, in order of their file names; or empty
    """

    def __init__(self, folder, other_folder=""):
        for style, name in _STYLES.items():
            pdfmetrics.registerFont(TTFont(f"{FAMILY}-{style}", str(Path(folder, name))))
        pdfmetrics.registerFontFamily(FAMILY, **{style: f"{FAMILY}-{style}" for style in _STYLES})
        self.name = f"{FAMILY}-normal"
        self._glyphs = pdfmetrics.getFont(self.name).face.charToGlyph
        self._others = list(self._register_others(other_folder)) if other_folder else []

    def _register_others(self, folder):
        for position, path in enumerate(sorted(Path(folder).glob("*.ttf"))):
            name = f"{FAMILY}-other-{position}"
            try:
                pdfmetrics.registerFont(TTFont(name, str(path)))
            except (TTFError, OSError):
                continue  # one unusable font must not stop the letters that others can print
            yield name, pdfmetrics.getFont(name).face.charToGlyph

    def markup(self, text):
        """Return text as Reportlab's markup: escaped, and with a font for every character.

        :raises LetterError: a character has no font, or its script cannot be printed
        """
        text = unicodedata.normalize("NFC", text)
        if all(ord(character) in self._glyphs for character in text):
            return escape(text)
        runs, missing = [], []
        for character in text:
            name = self._font_of(character)
            if name is None:
                missing.append(character)
            elif runs and runs[-1][0] == name:
                runs[-1][1].append(character)
            else:
                runs.append((name, [character]))
        if missing:
            characters = ", ".join(
                f"{character} (U+{ord(character):04X})"
                for character in list(dict.fromkeys(missing))[:_MAX_NAMED_CHARACTERS]
            )
            raise LetterError("characters_without_font", characters=characters)
        return "".join(
            f'<font name="{name}">{escape("".join(run))}</font>' if name else escape("".join(run))
            for name, run in runs
        )

    def _font_of(self, character):
        """Name of another font, empty for the family itself, None where there is none."""
        if unicodedata.bidirectional(character) in _RIGHT_TO_LEFT:
            raise LetterError("script_unsupported", characters=character)
        code = ord(character)
        if code in self._glyphs:
            return ""
        if unicodedata.category(character) in ("Cc", "Cf"):
            return ""  # invisible: line breaks within a text, joiners, soft hyphens
        for name, glyphs in self._others:
            if code in glyphs:
                if unicodedata.category(character) in ("Mn", "Mc"):
                    raise LetterError("script_unsupported", characters=character)
                return name
        return None


@lru_cache(maxsize=2)
def load_fonts(folder, other_folder=""):
    """Return the fonts, registered once for each process."""
    return LetterFonts(folder, other_folder)
