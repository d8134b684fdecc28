# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""DocumentReference: a file inside the resource, or the place where one lies."""

import base64
import binascii
import re
from hashlib import sha1

from . import datatypes as types
from .records import Document
from .value_sets import DOCUMENT_STATUS

# People follow the link: nothing but the web, no script.
_WEB_ADDRESS = re.compile(r"https?://[!-~]+")
MAX_CONTENT_BYTES = 20 * 1024 * 1024


def read_document_reference(element, key):
    """A DocumentReference with its first attachment."""
    status = element.code(
        "status", DOCUMENT_STATUS, required=True, value_set="document-reference-status"
    )
    contents = element.children("content", required=True)
    attachments = [item.child("attachment", required=True) for item in contents]
    attachment = next(iter(attachments), None)
    if len(attachments) > 1:
        element.report.warn(
            f"{element.path}.content", "many_files", "only the first file is taken in"
        )
    context = element.child("context")
    visits = types.references(context, "encounter") if context else ()
    dated = element.moment("date") or (attachment and attachment.moment("creation"))
    return Document(
        key=key,
        path=element.path,
        resource_id=element.text("id", limit=64),
        version=types.read_version(element),
        identifiers=types.pairs(types.read_identifiers(element)),
        patient=types.reference(element, "subject", required=True),
        encounter=next(iter(visits), None),
        title=(attachment.text("title") if attachment else "") or element.text("description"),
        type_code=types.first_code(element, "type"),
        dated=dated.date() if dated else None,
        content_type=attachment.text("contentType", limit=100) if attachment else "",
        content=_content(attachment),
        url=attachment.text("url", limit=2048) if attachment else "",
        is_withdrawn=status == "entered-in-error",
    )


def _content(attachment):
    """The bytes of an attachment, whose hash is checked where one is given."""
    if not attachment:
        return b""
    data = attachment.value.get("data")
    if data is None:
        url = attachment.text("url", limit=2048)
        if not url:
            attachment.wrong("data", "missing: a file or its address", "missing")
        elif not _WEB_ADDRESS.fullmatch(url):
            attachment.wrong("url", "is no whole web address: send the file itself", "bad_link")
        return b""
    if not isinstance(data, str) or len(data) > MAX_CONTENT_BYTES * 4 // 3:
        attachment.wrong("data", "is no Base64 text of at most 20 MB", "too_large")
        return b""
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        attachment.wrong("data", "is no Base64 text", "wrong_type")
        return b""
    told = attachment.text("hash", limit=64)
    # R4 (Attachment.hash) prescribes SHA-1; it proves the transfer, not the sender.
    digest = base64.b64encode(sha1(content, usedforsecurity=False).digest()).decode()
    if told and told != digest:
        attachment.wrong("hash", "is not that of the data", "hash_differs")
        return b""
    return content
