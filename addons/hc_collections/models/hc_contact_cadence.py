# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.job_policy import JobPolicy

# Letters take a tenth of a second each; other contacts a few milliseconds.
_BATCH_CONTACTS = {"letter": 25}
_BATCH_DEFAULT = 100


class HcContact(models.Model):
    """Contacts of a cadence: looked at once more, then delivered by their channel."""

    _name = "hc.contact"
    _inherit = ["hc.contact", "hc.job.mixin"]

    run_id = fields.Many2one(
        "hc.cadence.run", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    level_id = fields.Many2one(
        "hc.cadence.level", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    previous_level_id = fields.Many2one("hc.cadence.level", readonly=True, ondelete="restrict")
    previous_level_on = fields.Date(readonly=True)
    proposal_ids = fields.One2many("hc.cadence.proposal", "contact_id", readonly=True)
    told_ids = fields.One2many("hc.cadence.told", "contact_id", "Told Of", readonly=True)
    mail_id = fields.Many2one(
        "mail.mail", "E-mail", readonly=True, index="btree_not_null", ondelete="set null"
    )
    exchange_id = fields.Many2one(
        "hc.exchange",
        "Handed Over In",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "run_id",
            "level_id",
            "previous_level_id",
            "previous_level_on",
            "mail_id",
            "exchange_id",
        }

    @api.model
    def _get_job_methods(self):
        return super()._get_job_methods() | {"_job_deliver": JobPolicy(max_attempts=25)}

    def _enqueue_delivery(self, again=""):
        """Deliver queued contacts soon, in batches of one channel.

        :param str again: tells another delivery of the same contacts from the first
        """
        queued = self.filtered(lambda contact: contact.state == "queued")
        requests = []
        for channel, contacts in queued.grouped("channel").items():
            size = _BATCH_CONTACTS.get(channel, _BATCH_DEFAULT)
            for start in range(0, len(contacts), size):
                batch = contacts[start : start + size]
                requests.append(
                    {
                        "records": batch,
                        "method": "_job_deliver",
                        "key": f"contact_delivery:{batch[0].id}:{batch[-1].id}{again}",
                        "name": self.env._("Delivery of contacts"),
                    }
                )
        return self.env["hc.job"]._enqueue(requests)

    def _job_deliver(self):
        """Deliver what is still queued and still may go out."""
        # The log of life cycles says what happened; a chatter line per field would say it again.
        contacts = self.with_context(tracking_disable=True)
        contacts._lock_for_transition(["state", "mail_id", "exchange_id"])
        queued = contacts.filtered(
            lambda contact: (
                contact.state == "queued"
                and not contact.mail_id
                and not contact.exchange_id
                and not contact.letter_run_id
            )
        )
        # One that cannot be delivered keeps no other from going out.
        queued._run_isolated("_deliver_queued")

    def _on_batch_error(self, method_name, message):
        result = super()._on_batch_error(method_name, message)
        if method_name == "_deliver_queued":
            self._fail(message)
        return result

    def _deliver_queued(self):
        for (company, party), batch in self.grouped(
            lambda contact: (contact.company_id, contact.account_id.party)
        ).items():
            allowed = batch._withdraw_stopped(company, party)._withdraw_unlawful()
            for channel, ready in allowed.grouped("channel").items():
                ready._deliver(party, channel)

    def _withdraw_stopped(self, company, party):
        """Withdraw what a hold, an opt-out or a payment has stopped since; return the rest."""
        stops = self._get_stops(company, party)
        stopped = self.filtered(lambda contact: contact.id in stops)
        for contact in stopped:
            contact._withdraw(*stops[contact.id])
        return self - stopped

    def _get_stops(self, company, party):
        """``{contact id: (code of the reason, words)}`` where it must not go out now."""
        self.env.flush_all()
        self.env.cr.execute(
            self.env["hc.cadence.facts"]._get_facts_query(
                company, party, fields.Date.context_today(self), self.account_id
            )
        )
        facts = {row["account_id"]: row for row in self.env.cr.dictfetchall()}
        exempt, stops = self._get_exempt_from_plan_hold(), {}
        for contact in self:
            known = facts.get(contact.account_id.id)
            held_amount = known["held_amount"] if known and contact not in exempt else 0
            if not known or known["open_amount"] <= held_amount:
                stops[contact.id] = (
                    "nothing_open",
                    self.env._("nothing is open any more, or it is disputed"),
                )
            elif contact not in exempt and (
                known["is_held"] or (contact.channel == "call" and known["calls_held"])
            ):
                stops[contact.id] = ("held", self.env._("a hold stops it"))
            elif contact.channel in known["opted_out"] and not contact._is_required_letter():
                stops[contact.id] = (
                    "no_consent",
                    self.env._("the party opted out of this channel"),
                )
            elif contact.level_id and contact.channel not in known["reachable"]:
                stops[contact.id] = (
                    "unreachable",
                    self.env._("the address does not work any more"),
                )
        return stops

    def _is_required_letter(self, channel=None):
        """Whether the law asks for it on paper, so that an opt-out of letters does not stop it.

        :param str channel: by which it would go; its own by default
        """
        return self.level_id.is_required_notice and (channel or self.channel) == "letter"

    def _withdraw(self, code, words, **values):
        """Cancel a contact that has not gone out; its level counts as not reached.

        The key is given up with it, so that the step can come again when the cause is gone.

        :param str code: a reason of proposals
        :param str words: why, for people
        :param values: what else the proposal shows: ``blocked_by``, ``earliest_on``
        """
        self.ensure_one()
        account = self.account_id
        self.sudo().told_ids.unlink()
        self._transition("cancelled", reason=words)
        self._write_guarded({"error": words, "key": f"{self.key}:cancelled:{self.id}"})
        if self.level_id and account.cadence_level_id == self.level_id:
            account._write_guarded(
                {
                    "cadence_level_id": self.previous_level_id.id,
                    "last_level_on": self.previous_level_on,
                }
            )
        self.proposal_ids._write_guarded({"state": "withdrawn", "reason": code, **values})

    def _on_state_sent(self, previous):
        self._note_final_notice()

    def _note_final_notice(self):
        """Guarantors who got the last notice have been told what follows."""
        told = self.filtered(
            lambda contact: contact.level_id.is_precollection or contact.level_id.is_final
        ).account_id.filtered(
            lambda account: account.party == "patient" and account.state in ("active", "placed")
        )
        if told:
            told._transition("pre_collections", reason=self.env._("final notice sent"))

    def _on_state_done(self, previous):
        self._note_final_notice()
        self._close_items()

    def _on_state_cancelled(self, previous):
        self._cancel_mails()
        self._close_items()

    def _close_items(self):
        items = self.env["hc.work.item"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("kind", "in", ("collection_contact", "collection_undelivered")),
                ("state", "in", ("open", "in_progress")),
            ]
        )
        if items:
            items._resolve("fixed")
