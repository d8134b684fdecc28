# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How instalments are paid by link: a page of their own, asked for by e-mail."""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, format_date, hmac

_LINK_DAYS = 5
# The plan's own hold stops dunning, and not the message that the plan is about.
_OWN_HOLD = "plan"


class HcPaymentPlanInstalment(models.Model):
    _inherit = "hc.payment.plan.instalment"

    def _get_link_token(self):
        """What proves that somebody was sent the link of the instalment."""
        self.ensure_one()
        return hmac(self.env(su=True), "hc_payment_plan_instalment", self.id)

    def _get_payment_link(self):
        """The address at which the party pays what is open of the instalment then."""
        path = f"/instalment/{self.id}/{self._get_link_token()}"
        return f"{self.plan_id.sudo().get_base_url()}{path}"

    @api.model
    def _find_by_link(self, part_id, token):
        """The instalment of a link, as sudo; none for any other word."""
        part = self.sudo().browse(part_id).exists()
        return part if part and consteq(part._get_link_token(), token) else part.browse()

    def _get_amount_to_pay(self):
        """What is to be paid of the instalment now, less what is under way or to be posted."""
        self.ensure_one()
        part, transactions = self.sudo(), self.env["payment.transaction"]
        coming = part.transaction_ids.filtered_domain(
            transactions._get_pending_domain() | transactions._get_unposted_domain()
        )
        rest = part.amount_open - sum(coming.mapped("amount"))
        return max(0.0, part.currency_id.round(rest)) if part.plan_id.state == "active" else 0.0

    @api.model
    def _cron_send_links(self):
        """Scheduled Action: send the payment links of what is due soon."""
        self._run_at_offices(lambda parts: parts._get_link_domain(), "_send_link")

    @api.model
    def _get_link_domain(self):
        """Instalments that are due soon and are paid by a link."""
        soon = fields.Date.context_today(self) + timedelta(days=_LINK_DAYS)
        return self._get_unheld_domain((_OWN_HOLD,)) & fields.Domain(
            [
                ("due_on", "<=", soon),
                ("amount_open", ">", 0),
                ("plan_id.state", "=", "active"),
                ("plan_id.pay_by", "=", "link"),
            ]
        )

    def _send_link(self):
        """Send a message with the payment link, once per instalment and open amount.

        Who cannot be written to by e-mail is left to a person.
        """
        accounts = self.plan_id.sudo().account_id
        verdicts = self.env["hc.contact.consent"].sudo()._get_verdicts(accounts)
        vals_list = []
        for part in self:
            account, amount = part.plan_id.sudo().account_id, part._get_amount_to_pay()
            if not amount:
                continue
            if not account.patient_id.email or verdicts.get((account.id, "email")) == "revoked":
                part._open_link_item(amount)
            else:
                vals_list.append(part._prepare_link_contact(account, amount))
        contacts = self.env["hc.contact"]._record(vals_list)
        contacts.sudo()._enqueue_delivery()
        return contacts

    def _prepare_link_contact(self, account, amount):
        # The ledger's partner has no language; the guarantor has one.
        lang = self.env["hc.contact"].new({"account_id": account.id})._get_language()
        words = self.with_context(lang=lang).env
        money = self.currency_id.with_env(words).format(amount)
        return {
            "account_id": account.id,
            "key": f"plan_link:{self.id}:{amount:.2f}",
            "channel": "email",
            "purpose": "plan",
            "language": lang,
            "address": account.patient_id.email,
            "subject": words._("Your payment of %s", money),
            "body": Markup('<p>%s</p><p><a href="%s">%s</a></p><p>%s</p>')
            % (
                words._(
                    "%(amount)s of your payment plan %(plan)s is due on %(day)s.",
                    amount=money,
                    plan=self.plan_id.sudo().name,
                    day=format_date(words, self.due_on, lang_code=lang),
                ),
                self._get_payment_link(),
                words._("Pay online"),
                words._("Have you paid already? Then you need not do anything."),
            ),
        }

    def _open_link_item(self, amount):
        """Ask a person once: what they resolved is not asked again by every run."""
        key = f"payment_link:{self.id}"
        if self.env["hc.work.item"].sudo().search_count([("dedup_key", "=", key)], limit=1):
            return
        account = self.plan_id.sudo().account_id
        account._open_payment_item(
            "payment_link",
            key,
            self.env._("no e-mail for instalment %s", self.display_name),
            self.env._(
                "%(amount)s is due on %(day)s. The party has no e-mail address or opted out: call "
                "them, or send a letter.",
                amount=self.currency_id.format(amount),
                day=fields.Date.to_string(self.due_on),
            ),
        )

    def action_send_link(self):
        """Send the payment link of an open instalment now."""
        self.ensure_one()
        plan = self.plan_id
        plan.account_id.check_access("write")
        if plan.state != "active" or not self._get_amount_to_pay():
            raise UserError(self.env._("Nothing of this instalment is to pay now."))
        if not self._send_link():
            raise UserError(
                self.env._("The party has no e-mail address, or opted out of e-mail: call them.")
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The payment link is on its way."),
            },
        }


class HcContact(models.Model):
    _inherit = "hc.contact"

    def _get_exempt_from_plan_hold(self):
        """Messages about a plan, where nothing but the hold of a plan stops them.

        A dispute stops them while it leaves nothing undisputed on the account.
        """
        about = self.filtered(lambda contact: contact.purpose == "plan")
        accounts, today = about.account_id, fields.Date.context_today(self)
        holds = self.env["hc.collection.hold"]
        stopping = holds._get_stopping(accounts, today)
        disputed = dict.fromkeys(accounts.ids, 0.0)
        for (account_id, _case_id), amount in holds._get_disputed(accounts, today).items():
            disputed[account_id] += amount
        free = accounts.filtered(
            lambda account: (
                account.state != "placed"
                and all(hold.kind == _OWN_HOLD for hold in stopping.get(account.id, ()))
                and account.currency_id.compare_amounts(account.amount_open, disputed[account.id])
                > 0
            )
        )
        return about.filtered(lambda contact: contact.account_id in free)
