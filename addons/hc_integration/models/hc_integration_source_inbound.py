# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, ormcache

from ..hc_webhook_core.signatures import read_key

PATH = "/hc/v1/inbound"
# States in which a source is known at all; in any other it looks as if it did not exist.
_KNOWN_STATES = ("active", "paused")
_CURL_STANDARD = """\
body='{"specversion":"1.0","id":"test-1","source":"SENDER","type":"encounter.completed.v1",'\\
'"time":"'$(date -u +%FT%TZ)'","data":{}}'
id=test-1; now=$(date +%s)
key=$(printf %s "${SECRET#whsec_}" | base64 -d | xxd -p -c 256)
sig=$(printf %s "$id.$now.$body" |
  openssl dgst -sha256 -mac hmac -macopt hexkey:$key -binary | base64)
curl -sS URL -H 'Content-Type: application/cloudevents+json' \\
  -H "webhook-id: $id" -H "webhook-timestamp: $now" -H "webhook-signature: v1,$sig" -d "$body"
"""
_CURL_HEADERS = {
    "stripe": """\
sig=$(printf %s "$now.$body" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -d' ' -f1)
curl -sS URL -H 'Content-Type: application/json' -H "Stripe-Signature: t=$now,v1=$sig" -d "$body"
""",
    "hmac": """\
sig=$(printf %s "$body" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -d' ' -f1)
curl -sS URL -H 'Content-Type: application/cloudevents+json' -H "HEADER: $sig" -d "$body"
""",
    "bearer": """\
curl -sS URL -H 'Content-Type: application/cloudevents+json' \\
  -H "Authorization: Bearer $SECRET" -d "$body"
""",
}


@dataclass(frozen=True)
class Border:
    """What the border has to know of a source, without asking the database for each message.

    :param tuple allowed: patterns of the types that it may send
    """

    source_id: int
    code: str
    state: str
    company_id: int
    user_id: int
    secret_id: int
    scheme: str
    signature_header: str
    max_body_bytes: int
    max_depth: int
    rate_per_minute: int
    allowed: tuple[str, ...]


class HcIntegrationSource(models.Model):
    """What a source needs to send: an address, a secret that is a key, the types it may send."""

    _inherit = "hc.integration.source"

    secret_id = fields.Many2one(check_company=True)
    allowed_event_types = fields.Char(
        "May Send",
        default="*",
        tracking=True,
        help="Types of events, separated by spaces; * stands for any part: payment.* "
        "claim.status. A * alone: every type that is known. Empty: none.",
    )
    inbound_url = fields.Char("Address", compute="_compute_inbound_url")
    curl_example = fields.Text("Example", compute="_compute_inbound_url")

    @api.constrains("allowed_event_types")
    def _check_allowed_event_types(self):
        for source in self:
            for pattern in source._get_allowed_patterns():
                if not all(char.isalnum() or char in "._*" for char in pattern):
                    raise ValidationError(
                        self.env._(
                            "“%(pattern)s” is no type of event. Write small letters, dots and *, "
                            "like payment.* or claim.status.",
                            pattern=pattern,
                        )
                    )

    @api.depends("code", "scheme", "signature_header")
    def _compute_inbound_url(self):
        root = self.get_base_url()
        for source in self:
            source.inbound_url = f"{root}{PATH}/{source.code}" if source.code else False
            source.curl_example = source._get_curl_example()

    def _get_curl_example(self):
        """Commands that send a test message; the secret is a variable of the reader's shell."""
        text = _CURL_STANDARD
        if self.scheme in _CURL_HEADERS:
            body, _id, *_rest = text.partition("id=test-1; ")
            text = f"{body}now=$(date +%s)\n{_CURL_HEADERS[self.scheme]}"
        return (
            text.replace("URL", f"'{self.inbound_url or ''}'")
            .replace("HEADER", self.signature_header or "X-Signature")
            .replace("SENDER", self.code or "sender")
        )

    def _get_allowed_patterns(self):
        return tuple((self.allowed_event_types or "").split())

    def _guard_state_active(self):
        """A secret that is no key of the scheme would refuse every message."""
        reasons = super()._guard_state_active()
        for source in self:
            values = source.secret_id.sudo()._reveal_valid()
            if values and not any(read_key(source.scheme, value) for value in values):
                reasons.setdefault(source.id, []).append(
                    self.env._(
                        "The secret is too short or malformed for this proof of identity: it has "
                        "at least 16 characters, or whsec_ and base64."
                    )
                )
        return reasons

    @api.model
    @ormcache()
    def _get_borders(self):
        """Sources that may send, or are paused: ``{code: Border}``, for all companies.

        One entry of the cache for all: made-up codes push nothing out of it.
        """
        self.flush_model()
        sources = self.sudo().search([("state", "in", _KNOWN_STATES)])
        return {
            source.code: Border(
                source_id=source.id,
                code=source.code,
                state=source.state,
                company_id=source.company_id.id,
                user_id=source.user_id.id,
                secret_id=source.secret_id.id,
                scheme=source.scheme,
                signature_header=source.signature_header or "",
                max_body_bytes=source.max_body_kilobytes * 1024,
                max_depth=source.max_depth,
                rate_per_minute=source.rate_per_minute,
                allowed=source._get_allowed_patterns(),
            )
            for source in sources
            if source.user_id.active and source.company_id.active
        }

    @api.model
    def _get_valid_value_numbers(self, secret_id):
        """Ids of the values of a secret that are accepted right now."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM hc_secret_value WHERE secret_id = %s
                      AND (valid_until IS NULL OR valid_until > now() AT TIME ZONE 'UTC')
                 ORDER BY id""",
                secret_id,
            )
        )
        return tuple(row[0] for row in rows)
