# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo.fields import Command

from .test_payment_plan import PaymentPlanCase


class PaymentCase(PaymentPlanCase):
    """A payment provider without any system behind it, and a source of reports."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "bank")], limit=1
        )
        cls.source = cls.env["hc.payment.source"].create(
            {"name": "Lockbox", "code": "lockbox", "journal_id": cls.bank.id}
        )
        cls.integration = cls._create_user("pay.integration", "integration")
        cls.method = cls.env.ref("payment.payment_method_unknown")
        cls.provider = cls._create_provider(cls.company, cls.bank)
        cls.method.write({"active": True, "support_tokenization": True})

    @classmethod
    def _create_provider(cls, company, journal):
        """A provider of Odoo's generic kind, with a way into the journal."""
        methods = type(cls.env["account.payment.method"])
        known = cls.env["account.payment.method"]._get_payment_method_information()
        information = {**known, "none": {"mode": "electronic", "type": ("bank",)}}
        with patch.object(methods, "_get_payment_method_information", lambda _self: information):
            cls.env["account.payment.method"].sudo().search(
                [("code", "=", "none"), ("payment_type", "=", "inbound")]
            ) or cls.env["account.payment.method"].sudo().create(
                {"name": "Provider", "code": "none", "payment_type": "inbound"}
            )
            provider = cls.env["payment.provider"].create(
                {
                    "name": "Provider",
                    "code": "none",
                    "state": "test",
                    "company_id": company.id,
                    "payment_method_ids": [Command.set(cls.method.ids)],
                    "allow_tokenization": True,
                }
            )
            provider.journal_id = journal
        return provider

    def _token(self, account, provider=None):
        return self.env["payment.token"].create(
            {
                "provider_id": (provider or self.provider).id,
                "payment_method_id": self.method.id,
                "payment_details": "4242",
                "partner_id": account.partner_id.id,
                "provider_ref": "saved",
            }
        )

    def _transaction(self, account, amount, **values):
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.method.id,
                    "reference": f"TX-{account.id}-{amount}-{len(account.contact_ids)}",
                    "amount": amount,
                    "currency_id": account.currency_id.id,
                    "partner_id": account.partner_id.id,
                    "operation": "online_direct",
                    **values,
                }
            )
        )

    def _finish(self, transaction):
        transaction._set_done()
        transaction._post_process()

    def _report(self, event, reference, amount, **values):
        values.setdefault("happened_on", self.today)
        report, _is_new = (
            self.env["hc.payment.report"]
            .with_user(self.integration)
            ._take(
                "lockbox",
                event,
                reference,
                amount,
                values.pop("currency", self.company.currency_id.name),
                values.pop("happened_on"),
                **values,
            )
        )
        return report.sudo()

    def _item(self, kind, record):
        return self.env["hc.work.item"].search(
            [
                ("kind", "=", kind),
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("state", "in", ("open", "in_progress")),
            ]
        )
