# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What every message has to be, whoever sends it: JSON in UTF-8, as it is, of a bounded size."""

from collections.abc import Mapping

from .errors import BorderError

# What any source may send at most, and what is told to those that are none.
MAX_BODY_BYTES = 50 * 1024 * 1024
USUAL_BODY_BYTES = 1024 * 1024
MEDIA_TYPES = ("application/json", "application/cloudevents+json")


def check_transport(headers: Mapping[str, str]) -> None:
    """Refuse what cannot be read, before anything is known of the sender.

    >>> check_transport({"content-type": 'application/json; charset="UTF-8"'})

    :param headers: names in small letters
    :raises BorderError: status 415; ``media_type_unsupported``, ``charset_unsupported``,
        ``content_encoding_unsupported``
    """
    media_type, *parameters = headers.get("content-type", "").lower().split(";")
    if media_type.strip() not in MEDIA_TYPES:
        raise BorderError(
            "media_type_unsupported", 415, f"Content-Type must be one of {', '.join(MEDIA_TYPES)}."
        )
    for parameter in parameters:
        name, _equals, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "utf8"):
            raise BorderError("charset_unsupported", 415, "The charset must be UTF-8.")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise BorderError(
            "content_encoding_unsupported", 415, "Send the body as it is, without compression."
        )


def check_length(length: int | None, limit: int) -> None:
    """Refuse a body that says that it is too large.

    :param length: bytes announced by the sender; None where it announced none
    :raises BorderError: ``body_too_large``
    """
    if length is not None and length > limit:
        raise too_large(limit)


def too_large(limit: int) -> BorderError:
    """The refusal of a body of more bytes than its source may send."""
    return BorderError("body_too_large", 413, f"The body has more than {limit // 1024} kB.")
