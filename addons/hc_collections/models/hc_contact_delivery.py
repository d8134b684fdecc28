# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import json
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..hc_dunning_core.statement_words import words_of
from .hc_guardrail_facts import ACT_OF_CHANNEL

# An e-mail that the server did not take is tried again by the next runs of the outbox.
MAX_MAIL_ATTEMPTS = 6
# A text message that no gateway has collected by then is old news.
_LONGEST_HANDOVER = timedelta(hours=24)


class HcContact(models.Model):
    """The outbox: how each channel delivers."""

    _inherit = "hc.contact"

    def _deliver(self, party, channel):
        """Deliver contacts of one channel; those that a person makes become work items."""
        ready = self._issue_statements()
        if ready:
            ready._deliver_by(party, channel)

    def _deliver_by(self, party, channel):
        self._write_words()
        if channel == "call" or (party == "payer" and channel == "portal"):
            self._deliver_by_person()
        else:
            getattr(self, f"_deliver_{channel}")()

    def _write_words(self):
        """Fill in what is said, from the words of the level, in the party's language."""
        unwritten = self.filtered(lambda contact: contact.level_id and not contact.body)
        for (level, language), contacts in unwritten.grouped(
            lambda contact: (contact.level_id, contact._get_language())
        ).items():
            template = level.template_id.with_context(lang=language)
            accounts = contacts.account_id.with_context(lang=language)
            subjects = template._render_field("subject", accounts.ids)
            bodies = template._hc_render_bodies(accounts)
            for contact in contacts:
                contact._write_guarded(
                    {
                        "subject": subjects[contact.account_id.id],
                        "body": bodies[contact.account_id.id],
                        "address": contact._get_address(),
                        "language": language,
                    }
                )

    def _get_language(self):
        """The guarantor's language, or the company's; English where it is not installed."""
        account = self.account_id
        wanted = (
            account._get_language() if account.patient_id else account.company_id.partner_id.lang
        )
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        if wanted in installed:
            return wanted
        # Spanish of the United States is written as that of Latin America.
        language = (wanted or "").partition("_")[0]
        return next((code for code in installed if code.partition("_")[0] == language), "en_US")

    def _get_party_record(self):
        """The record that has the party's address: the guarantor, or a payer's partner."""
        account = self.account_id
        return account.patient_id or account.payer_id.partner_id

    def _get_address(self):
        """Where it goes: number or address, as text."""
        party = self._get_party_record()
        if self.channel == "email":
            return party.email
        if self.channel in ("sms", "call"):
            return party.phone
        if self.channel == "letter":
            return ", ".join(
                part for part in (party.street, party.street2, party.city, party.zip) if part
            )
        return False

    def _deliver_by_person(self):
        """Somebody calls, or asks in the payer's portal."""
        self._transition("due")
        self.env["hc.work.item"]._open([contact._prepare_item_vals() for contact in self])

    def _prepare_item_vals(self):
        account = self.account_id
        return {
            "kind": "collection_contact",
            "queue_code": "collections",
            "severity": "warning",
            "dedup_key": f"contact:{self.id}",
            "name": self.env._(
                "%(what)s: account %(account)s", what=self.display_name, account=account.name
            ),
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }

    def _deliver_portal(self):
        """The portal shows what was sent."""
        self._transition("sent")

    def _deliver_email(self):
        """Hand e-mails to Odoo's queue; the outbox looks later what became of them."""
        mails = self.env["mail.mail"].create(
            [
                {
                    "email_to": contact.address,
                    "email_from": contact.company_id.email_formatted,
                    "subject": contact.subject,
                    "body_html": contact.body,
                    "auto_delete": False,
                    "is_notification": False,
                }
                for contact in self
            ]
        )
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                """UPDATE hc_contact contact SET mail_id = found.mail_id
                     FROM unnest(%s::int[], %s::int[]) AS found(id, mail_id)
                    WHERE contact.id = found.id RETURNING contact.id""",
                self.ids,
                mails.ids,
            )
        )
        self.invalidate_recordset(["mail_id"], flush=False)

    def _deliver_sms(self):
        """Hand text messages to the gateway: one outbound document per batch.

        Each says until when it is lawful: a gateway that is down for hours sends none at night.
        """
        ends = self.account_id._get_lawful_until(ACT_OF_CHANNEL["sms"])
        texts = []
        for contact in self:
            text = {"id": contact.id, "to": contact.address, "text": contact.subject}
            if end := ends.get(contact.account_id.id):
                text["not_after"] = f"{end:%Y-%m-%dT%H:%M:%SZ}"
            texts.append(text)
        first, last = min(self.ids), max(self.ids)
        for company, contacts in self.grouped("company_id").items():
            exchange = self.env["hc.exchange"]._send(
                "text_message",
                "text_gateway",
                f"texts:{first}-{last}",
                json.dumps({"messages": texts}, ensure_ascii=False).encode(),
                f"texts-{first}-{last}.json",
                company,
            )
            contacts._write_guarded({"exchange_id": exchange.id})

    def _render_letter(self):
        """The letter as PDF: its words in the frame of all letters."""
        self.ensure_one()
        party = self._get_party_record()
        name = " ".join(
            part
            for part in (
                (party.first_name, party.last_name) if self.account_id.patient_id else (party.name,)
            )
            if part
        )
        place = " ".join(part for part in (party.city, party.state_id.code, party.zip) if part)
        words = words_of(self.language)
        return self.env["hc.pdf"]._render(
            "hc_collections.letter_contact",
            {
                "contact": self,
                "recipient": [line for line in (name, party.street, party.street2, place) if line],
                "company": self.company_id,
                "page_word": words["page"],
                "of_word": words["of"],
            },
        )

    def _keep_file(self, name, content):
        attachment_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                    "res_field": "attachment_id",
                }
            )
        )
        self._write_guarded(
            {
                "attachment_id": attachment_sudo.id,
                "checksum": hashlib.sha256(content).hexdigest(),
            }
        )

    def _fail(self, error):
        """It could not be delivered: a person looks for another way."""
        self._transition("failed", reason=error)
        self._write_guarded({"error": error})
        for contact in self:
            self.env["hc.work.item"]._open(
                [
                    {
                        **contact._prepare_item_vals(),
                        "kind": "collection_undelivered",
                        "dedup_key": f"contact_failed:{contact.id}",
                        "severity": "error",
                    }
                ]
            )

    @api.model
    def _cron_follow_up_mails(self):
        """Scheduled Action: see what became of e-mails in Odoo's queue, and of text messages."""
        waiting = Domain("mail_id.state", "in", ("sent", "exception", "cancel"))
        queued = Domain("state", "=", "queued")
        self._run_at_offices(lambda contacts: queued & waiting, "_follow_up_mails")
        latest = self.env.cr.now() - _LONGEST_HANDOVER
        uncollected = Domain("exchange_id.state", "=", "processing")
        uncollected &= Domain("exchange_id.create_date", "<", latest)
        self._run_at_offices(lambda contacts: queued & uncollected, "_fail_uncollected")

    def _follow_up_mails(self):
        """Sent ones are sent; those that the server did not take are tried again, then failed.

        Before another try all is asked again: holds, opt-outs and hours may have changed.
        """
        sent = self.filtered(lambda contact: contact.mail_id.state == "sent")
        sent._transition("sent")
        mails = sent.mail_id
        sent._write_guarded({"mail_id": False, "error": False})
        mails.unlink()
        again = (self - sent).filtered(
            lambda contact: (
                contact.mail_id.state == "exception" and contact.attempts + 1 < MAX_MAIL_ATTEMPTS
            )
        )
        for contact in self - sent - again:
            reason = contact.mail_id.failure_reason
            contact._fail(reason or self.env._("the e-mail was cancelled"))
        for contact in again._drop_stopped():
            mail = contact.mail_id
            contact._write_guarded({"attempts": contact.attempts + 1, "error": mail.failure_reason})
            mail.mark_outgoing()

    def _fail_uncollected(self):
        """No gateway came for text messages: a person looks for another way."""
        self.exchange_id.sudo()._transition_where_allowed(
            "failed", reason=self.env._("no gateway collected it")
        )
        self._fail(self.env._("no gateway collected the text message"))
