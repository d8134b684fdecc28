# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Figures, days, addresses and codes as patients read them, whatever languages are installed."""

import base64
from functools import lru_cache
from io import BytesIO

from babel.dates import format_date
from babel.numbers import format_currency
from PIL import Image
from reportlab.graphics.barcode import qrencoder

_QUIET_ZONE = 4  # modules of white around the code, ISO/IEC 18004
_PIXELS = 6  # per module


def format_money(currency, language, amount):
    """An amount with its sign, as ``$1,234.50``."""
    return format_currency(amount, currency, locale=language)


def format_day(language, day):
    """A day in words, which no country reads the wrong way round."""
    return format_date(day, "long", locale=language)


def format_address(partner):
    """The address of a partner on one line; empty where none is known."""
    state = partner.state_id.code
    place = " ".join(filter(None, (partner.city, state, partner.zip)))
    return ", ".join(filter(None, (partner.street, partner.street2, place)))


@lru_cache(maxsize=64)
def make_qr_code(text):
    """A QR code as ``data:`` address of a PNG."""
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    count = code.getModuleCount()
    side = count + 2 * _QUIET_ZONE
    picture = Image.new("1", (side, side), 1)
    for row in range(count):
        for column in range(count):
            if code.isDark(row, column):
                picture.putpixel((column + _QUIET_ZONE, row + _QUIET_ZONE), 0)
    output = BytesIO()
    picture.resize((side * _PIXELS, side * _PIXELS), Image.Resampling.NEAREST).save(output, "PNG")
    return f"data:image/png;base64,{base64.b64encode(output.getvalue()).decode()}"
