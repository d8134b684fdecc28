# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Events of a payment provider: payments, a refund, a dispute that a person looks into."""

from datetime import timedelta, timezone


class PaymentEventStory:
    """A provider, which is not live, as it had reported while it was tried.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office, as_of):
        self.office = office
        self.env = office.company.env(su=True)

    def run(self):
        """Take each event once; hand over what nobody books."""
        provider = self.env.ref("payment.payment_provider_stripe").copy(
            {"name": "Stripe", "company_id": self.office.company.id}
        )
        events = self.env["hc.payment.event"]
        for number, (kind, subject, hours_ago) in enumerate(
            (
                ("payment_intent.succeeded", "pi_3QdemoA", 50),
                ("payment_intent.succeeded", "pi_3QdemoB", 31),
                ("payment_intent.payment_failed", "pi_3QdemoC", 26),
                ("charge.refunded", "ch_3QdemoA", 20),
                ("charge.dispute.created", "du_1QdemoB", 4),
            ),
            start=1,
        ):
            event = self._event(f"evt_1Qdemo{number}", kind, subject, hours_ago)
            if events._take(provider, event) and kind == "charge.dispute.created":
                events._hand_over(provider, event)

    def _event(self, number, kind, subject, hours_ago):
        happened_at = self.env.cr.now().replace(tzinfo=timezone.utc) - timedelta(hours=hours_ago)
        return {
            "id": number,
            "type": kind,
            "created": int(happened_at.timestamp()),
            "data": {"object": {"id": subject}},
        }
