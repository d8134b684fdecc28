# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.addons.hc_revenue_base.tests.common import HcCommon

QUEUES = {"stalled": "coding", "manual": "billing"}


class AiCommon(HcCommon):
    """Work items of two kinds that people have sorted into two queues, and a policy for that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_user("ai.lead", "team_lead", facilities=cls.facility)
        cls.clerk = cls._create_user("ai.clerk", "clerk", facilities=cls.facility)
        cls.stranger = cls._create_user("ai.stranger", "clerk", facilities=cls.other_facility)
        cls.administrator = cls._create_user("ai.administrator", "administrator")
        cls.ai_user = cls.env.ref("hc_ai_assist.user_hc_ai")
        cls.env["hc.ai.policy"]._offer_missing()
        cls.policy = cls.env["hc.ai.policy"].search(
            [
                ("company_id", "=", cls.company.id),
                ("res_model", "=", "hc.work.item"),
                ("field_name", "=", "queue_id"),
            ]
        )
        cls.policy.responsible_id = cls.lead
        cls.later = cls.env.cr.now() + timedelta(days=4)

    @classmethod
    def _open_items(cls, count, start=0):
        """Work items of the two kinds in turn, each in the queue where its kind belongs."""
        kinds = sorted(QUEUES)
        cls.env["hc.work.item"]._open(
            [
                {
                    "kind": kinds[number % 2],
                    "queue_code": QUEUES[kinds[number % 2]],
                    "name": f"Item {number}",
                    "dedup_key": f"ai-{number}",
                    "company_id": cls.company.id,
                    "facility_id": cls.facility.id,
                }
                for number in range(start, start + count)
            ]
        )
        keys = [f"ai-{number}" for number in range(start, start + count)]
        return cls.env["hc.work.item"].search([("dedup_key", "in", keys)], order="id")

    @classmethod
    def _run_shadow(cls):
        """Learn from settled items, then advise on others in shadow and see how they settled."""
        cls._open_items(70)
        cls.policy.action_shadow()
        assert cls.policy._learn(cls.later) == []
        items = cls._open_items(60, start=100)
        cls.policy._advise(items.with_user(cls.lead))
        cls.policy._note_outcomes(cls.later)

    @classmethod
    def _go_live(cls):
        cls._run_shadow()
        cls.policy.action_live()

    @classmethod
    def _misplace(cls, number):
        """A new item in the wrong queue, and the queue where its kind belongs."""
        item = cls._open_items(1, start=number)
        right = item.queue_id
        wrong = cls.env["hc.work.queue"].search([("code", "=", "prior_auth")], limit=1)
        item._write_guarded({"queue_id": wrong.id})
        return item, right

    @classmethod
    def _advise_on_misplaced(cls, number=900):
        """A suggestion about an item that lies in the wrong queue.

        :return: (the item, its suggestion)
        """
        item, right = cls._misplace(number)
        suggestion = cls.policy._advise(item.with_user(cls.lead)).with_env(cls.env)
        assert suggestion.value == str(right.id), suggestion.read(["value", "abstained_because"])
        return item, suggestion
