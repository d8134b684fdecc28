# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timezone

from odoo import fields, models
from odoo.exceptions import UserError

from ..hc_dunning_core.guardrails.acts import EMAIL
from ..hc_dunning_core.statement_words import words_of


class HcStatement(models.Model):
    """What the post brings back, and the e-mail that says that a statement is in the portal."""

    _inherit = "hc.statement"

    def action_mail_returned(self):
        """The post brought the letters back: nothing more is mailed there, and somebody looks."""
        self.check_access("write")
        moved = self._transition("returned", reason=self.env._("mail returned"))
        moved._follow_delivery()
        accounts = moved.account_id.sudo()
        accounts._write_guarded({"mail_returned_on": fields.Date.context_today(self)})
        contacts = moved.sudo().contact_id
        contacts._write_guarded({"outcome": "returned"})
        contacts.filtered(lambda contact: contact.state == "sent")._transition(
            "failed", reason=self.env._("mail returned")
        )
        self.env["hc.work.item"]._open([one._prepare_returned_item() for one in moved])

    def _prepare_returned_item(self):
        return {
            "kind": "mail_returned",
            "name": self.env._("Mail came back: %(account)s", account=self.account_id.name),
            "dedup_key": f"mail_returned:{self.account_id.id}",
            "queue_code": "patient_access",
            "description": self.env._(
                "Find the right address, correct it on the patient, then press “Address "
                "Corrected” on the account and mail the statement again. Until then statements "
                "go to the portal only, where the guarantor uses it."
            ),
            "company_id": self.company_id.id,
            "res_model": self.account_id._name,
            "res_id": self.account_id.id,
        }

    def action_mail_again(self):
        """The same letters go out again, to the address as it is now on the envelope.

        :raise UserError: a hold stops contact, nothing is owed any more, or the address is none
        """
        self.check_access("write")
        self._check_mail_again()
        self.account_id.action_address_corrected()
        moved = self._transition("sent", reason=self.env._("mailed again"))
        moved._note_delivery()
        contacts = self.env["hc.contact"]._record(
            [
                one._prepare_contact()
                | {
                    "key": f"statement:{one.id}:{fields.Date.context_today(self)}",
                    "channel": "letter",
                }
                for one in moved
            ]
        )
        for statement, contact in zip(moved, contacts.sudo(), strict=True):
            statement._write_guarded({"contact_id": contact.id})
            contact._transition_where_allowed("sent")

    def _check_mail_again(self):
        today = fields.Date.context_today(self)
        stopping = self.env["hc.collection.hold"]._get_stopping(self.account_id, today)
        figures = self._read_open(self.account_id.sudo(), today)
        for statement in self:
            account = statement.account_id
            if account.id in stopping:
                reason = self.env._("a hold stops contact")
            elif account.currency_id.compare_amounts(figures[account.id].due, 0.0) <= 0:
                reason = self.env._("nothing of it is to be paid now")
            elif not account._get_mail_lines():
                reason = self.env._("the patient's address is incomplete")
            else:
                continue
            raise UserError(
                self.env._(
                    "%(name)s is not mailed again: %(reason)s.", name=statement.name, reason=reason
                )
            )

    def _notify_portal(self):
        """An e-mail without patient data: a new statement is in the portal.

        At night it waits for the morning; whoever wants no e-mail gets none.

        :return: the statements of which an e-mail tells
        """
        blocked = self.account_id._get_blocked(EMAIL)
        readers = self.account_id._get_portal_readers()
        vals_list, told = [], self.browse()
        for statement in self.sudo():
            assessment = blocked.get(statement.account_id.id)
            lawful_at = assessment.earliest if assessment else None
            if assessment and not isinstance(lawful_at, datetime):
                continue
            addresses = set(readers[statement.account_id.id].mapped("email"))
            told |= statement if addresses else told.browse()
            words = words_of(statement.language)
            link = f"{statement.company_id.get_base_url()}/my/health-bills"
            vals = {
                "subject": words["mail_subject"],
                "body_html": self.env["ir.qweb"]._render(
                    "hc_collections.plain_mail",
                    {"paragraphs": [words["mail_text"].format(link=link)]},
                    minimal_qcontext=True,
                ),
                "email_from": statement.company_id.email_formatted,
                "auto_delete": True,
                "scheduled_date": lawful_at
                and lawful_at.astimezone(timezone.utc).replace(tzinfo=None),
            }
            # One each: nobody is shown the address of another.
            vals_list += [{**vals, "email_to": address} for address in sorted(addresses)]
        self.env["mail.mail"].sudo().create(vals_list)
        return told.with_env(self.env)

    def _open_untold_items(self):
        """Somebody tells the guarantors of statements of which no e-mail may tell."""
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "statement_failed",
                    "name": self.env._("Nothing tells of %(statement)s", statement=one.name),
                    "dedup_key": f"statement_untold:{one.id}",
                    "queue_code": "billing",
                    "description": self.env._(
                        "The statement is in the portal, and no e-mail may say so. Print it and "
                        "mail it, then press “Mark as Mailed”: periods run from then."
                    ),
                    "company_id": one.company_id.id,
                    "res_model": one._name,
                    "res_id": one.id,
                }
                for one in self
            ]
        )
