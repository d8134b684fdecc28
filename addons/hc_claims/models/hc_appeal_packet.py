# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The letter and its enclosures as one PDF, the same bytes each time, with its hash."""

import base64
import hashlib
import io

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

_PAGES_MAX = 500
_BYTES_MAX = 50 * 1024 * 1024
_IMAGE_TYPES = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg"}


class HcAppeal(models.Model):
    _inherit = "hc.appeal"

    # The letter

    def _draft_letter(self):
        """The body of the letter as the template has it, for people to edit."""
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "hc_claims.hc_appeal_letter_body", self._get_letter_values(), minimal_qcontext=True
        )

    def action_draft_letter(self):
        """Write the letter anew from the template; what was edited is gone."""
        for appeal in self:
            appeal.check_access("write")
            appeal.write({"letter_body": appeal.sudo()._draft_letter()})

    def _has_letter(self):
        return bool(html2plaintext(self.letter_body or "").strip())

    def _get_letter_values(self):
        appeal = self.sudo()
        policies = self.env["hc.denial.policy"]._get_by_category()
        categories = dict.fromkeys(appeal.denial_ids.mapped("category"))
        arguments = (policies.get(category) for category in categories)
        claim = appeal.claim_id
        return {
            "appeal": appeal,
            "claim": claim,
            "patient": claim.patient_id,
            "coverage": claim.coverage_id,
            "denials": appeal.denial_ids.sorted("id"),
            "arguments": [row.argument for row in arguments if row and row.argument],
            "previous": appeal.previous_appeal_id,
            "company": claim.company_id,
            "money": claim.currency_id.format,
        }

    def _render_letter(self):
        self.ensure_one()
        partner = self.payer_id.sudo().partner_id
        address = [partner.street, partner.street2, partner.city and self._format_city(partner)]
        return self.env["hc.pdf"]._render(
            "hc_claims.hc_appeal_letter",
            {
                **self._get_letter_values(),
                "facility": self.facility_id.sudo(),
                "recipient": [self.payer_id.name, *filter(None, address)],
                "body": self.letter_body or "",
                "enclosures": self._get_enclosure_names(),
            },
        )

    def _format_city(self, partner):
        return " ".join(filter(None, (partner.city, partner.state_id.code, partner.zip)))

    def _get_enclosure_names(self):
        return [
            self.env._("Claim %s", self.claim_id.name),
            self.env._("Remittance advice"),
            *self.evidence_ids.filtered("is_provided").mapped("name"),
        ]

    # The packet

    def _store_packet(self):
        """Build the packet and keep it with its hash."""
        self.ensure_one()
        content, page_count = self._build_packet()
        self._write_guarded(
            {
                "packet": base64.b64encode(content),
                "packet_name": f"{self.name.replace('/', '-')}.pdf",
                "packet_sha256": hashlib.sha256(content).hexdigest(),
                "packet_page_count": page_count,
            }
        )

    def _build_packet(self):
        """Letter, claim, the payer's answer and the evidence, merged.

        :return: ``(bytes, number of pages)``
        :raise UserError: a file cannot be read, or the packet is too large
        """
        self.ensure_one()
        writer = PdfFileWriter()
        for name, content in self._get_packet_parts():
            try:
                pages = PdfFileReader(io.BytesIO(content), strict=False).pages
                for page in pages:
                    writer.add_page(page)
                    if len(writer.pages) > _PAGES_MAX:
                        break
            except UserError:
                raise
            except Exception as error:
                # Whatever a damaged or locked file makes of the PDF reader.
                raise UserError(
                    self.env._(
                        "“%(name)s” cannot be read as PDF. Save it anew without password, and "
                        "attach that.",
                        name=name,
                    )
                ) from error
            if len(writer.pages) > _PAGES_MAX:
                raise UserError(
                    self.env._("The packet has more than %(count)s pages.", count=_PAGES_MAX)
                )
        with io.BytesIO() as buffer:
            writer.write(buffer)
            return buffer.getvalue(), len(writer.pages)

    def _get_packet_parts(self):
        """``[(name, PDF)]`` in their order."""
        claim = self.claim_id
        parts = [
            (self.env._("Letter"), self._render_letter()),
            (claim.name, claim._render_pdf()),
            (
                self.env._("Remittance advice"),
                self.env["hc.pdf"]._render(
                    "hc_claims.hc_appeal_answer",
                    {
                        **self._get_letter_values(),
                        "facility": self.facility_id.sudo(),
                        "answers": self.denial_ids.answer_id.sudo().sorted("id"),
                    },
                ),
            ),
        ]
        size = 0
        for name, content in self._get_evidence_files():
            size += len(content)
            if size > _BYTES_MAX:
                raise UserError(
                    self.env._(
                        "The evidence has more than %(size)s MB. Attach what matters.",
                        size=_BYTES_MAX // 1024 // 1024,
                    )
                )
            parts.append((name, self._as_pdf(name, content)))
        return parts

    def _get_evidence_files(self):
        for row in self.evidence_ids.sudo():
            if row.file:
                yield row.file_name or row.name, base64.b64decode(row.file)
            for attachment in row.document_id.attachment_ids.sorted("id"):
                yield attachment.name, attachment.raw or b""

    def _as_pdf(self, name, content):
        """A file as PDF: one as it is, a picture on a page of its own.

        :raise UserError: it is neither
        """
        if content.lstrip()[:5] == b"%PDF-":
            return content
        kind = next((kind for head, kind in _IMAGE_TYPES.items() if content.startswith(head)), None)
        if not kind:
            raise UserError(
                self.env._("“%(name)s” is neither PDF nor PNG nor JPEG. Save it as PDF.", name=name)
            )
        return self.env["hc.pdf"]._render(
            "hc_claims.hc_appeal_picture",
            {
                "title": name,
                "picture": f"data:image/{kind};base64,{base64.b64encode(content).decode()}",
                "company": self.company_id,
                "facility": self.facility_id.sudo(),
            },
        )

    def _is_packet_intact(self):
        """Whether the packet is, to the byte, what was approved."""
        self.ensure_one()
        content = base64.b64decode(self.sudo().packet or b"")
        return hashlib.sha256(content).hexdigest() == self.packet_sha256

    def action_download_packet(self):
        """Download the packet, as it was approved."""
        self.ensure_one()
        self.check_access("read")
        if not self._is_packet_intact():
            raise UserError(
                self.env._("There is no packet, or it is not what was approved. Approve it anew.")
            )
        self._note_phi_read(["packet"])
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/packet/{self.packet_name}?download=true",
            "target": "self",
        }
