# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from functools import partial

from odoo import api, models
from odoo.fields import Domain

from ..hc_dunning_core.statement_words import LANGUAGES, language_of, words_of
from ..tools.patient_format import format_money

_ASKED = ("dispute", "assistance")


class HcContact(models.Model):
    """Letters that answer what a party asked: in their language, and whatever else is stopped."""

    _inherit = "hc.contact"

    @api.model
    def _answer(self, record, purpose, *told, **amounts):
        """Write to a party what was decided, and put the letter into the next print run.

        What the decider wrote is quoted as it is; all around it is in the language of the party,
        not in that of whoever decides or prints.

        :param record: the dispute or application, with ``account_id`` and ``decision_reason``
        :param str purpose: of the contact
        :param told: sentences, as keys of the words of patients after ``answer_``
        :param amounts: which the sentences name; unformatted, in the account's currency
        :return: the contact
        """
        account = record.account_id
        language = account._get_answer_language()
        words = words_of(language)
        money = partial(format_money, account.currency_id.name, language)
        shown = {name: money(amount) for name, amount in amounts.items()}
        paragraphs = [
            *(words[f"answer_{sentence}"].format(**shown) for sentence in told),
            words["answer_reason"],
            *(line for line in (record.decision_reason or "").splitlines() if line.strip()),
            words["answer_again"],
        ]
        contact = self._record(
            [
                {
                    "account_id": account.id,
                    "key": f"{purpose}:{record.id}:answer:{record.transition_count}",
                    "channel": "letter",
                    "purpose": purpose,
                    "subject": words[f"answer_{purpose}_subject"].format(name=record.name),
                    "body": self.env["ir.qweb"]._render(
                        "hc_collections.plain_mail",
                        {"paragraphs": paragraphs},
                        minimal_qcontext=True,
                    ),
                    "language": language,
                    "user_id": record.owner_id.id,
                }
            ]
        ).sudo()
        contact._mail_answer()
        return contact

    def _mail_answer(self):
        """Into the print run; a person looks for another way where mail does not arrive."""
        self._write_guarded({"address": self._get_address()})
        account = self.account_id
        if account.mail_returned_on:
            self._fail(self.env._("mail from this address came back"))
        elif account.patient_id and not account._get_mail_lines():
            self._fail(self.env._("the patient's address is incomplete"))
        else:
            self._deliver_letter()

    @api.model
    def _withdraw_answers(self, record, purpose):
        """What was decided is looked at again: an answer that was not mailed yet is none."""
        waiting = self.sudo().search(
            Domain("account_id", "=", record.account_id.id)
            & Domain("key", "=like", f"{purpose}:{record.id}:answer:%")
            & Domain("state", "=", "queued")
        )
        if waiting:
            waiting._transition("cancelled", reason=self.env._("the decision is looked at again"))

    def _drop_stopped(self):
        """An answer that somebody asked for goes out under a hold, and where nothing is open."""
        answers = self.filtered(
            lambda one: one.purpose in _ASKED and one.direction == "out" and not one.level_id
        )
        return answers | super(HcContact, self - answers)._drop_stopped()


class HcCollectionAccount(models.Model):
    """The language of answers, said to whoever decides in another one."""

    _inherit = "hc.collection.account"

    def _get_answer_language(self):
        return (
            self._get_language()
            if self.sudo().patient_id
            else language_of(self.company_id.partner_id.lang)
        )

    def _get_other_language(self):
        """The name of the language in which the party is answered, if it is not the user's."""
        language = self._get_answer_language() if self else None
        is_other = language and language != language_of(self.env.lang)
        return is_other and LANGUAGES[language]
