# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from .hc_billing_case_flow import PRE_BILL_STAGES
from .hc_work_item import OPEN_STATES

_MODULE = "hc_revenue_base"
# Stages that the start page shows, in the order in which a case passes them.
_SHOWN_STAGES = (*PRE_BILL_STAGES, "reopened", "invoiced")


class HcHome(models.AbstractModel):
    """What the start page shows: what needs the user, and how the cases stand.

    Everything is read as the user, so record rules and access rights decide what is counted.
    Every figure leads to the list it counts: ``action`` is its XML id, ``context`` its filters.
    """

    _name = "hc.home"
    _description = "Revenue Start Page"

    @api.model
    def get_home_data(self):
        """Figures of the start page for the calling user.

        :return: dict with ``facilities``, ``currency_id``, ``tiles``, ``exceptions``, ``stages``,
            ``balances`` and ``queues`` (None where the user does not lead work)
        :raise AccessError: the user has no role in the suite
        """
        self.env["hc.work.item"].check_access("read")
        return {
            "user_name": self.env.user.name,
            "facilities": self.env["hc.facility"]._get_mine().mapped("name"),
            "currency_id": self.env.company.currency_id.id,
            "tiles": self._get_tiles(),
            "exceptions": self._get_exceptions(),
            "stages": self._get_stages(),
            "balances": self._get_balances(),
            "queues": self._get_queues() if self._leads_work() else None,
        }

    @api.model
    def _leads_work(self):
        return self.env.user.has_groups(
            f"{_MODULE}.group_hc_team_lead,{_MODULE}.group_hc_compliance"
        )

    @api.model
    def _get_tiles(self):
        """What needs the user: own work, what is free in own queues, what waits for the role."""
        tiles = []
        if self.env["hc.work.item"].has_access("write"):
            tiles += self._get_work_tiles()
        if self.env.user.has_group(f"{_MODULE}.group_hc_coder"):
            tiles.append(self._get_coding_tile())
        return tiles

    @api.model
    def _get_work_tiles(self):
        items = self.env["hc.work.item"]
        open_items = [("state", "in", OPEN_STATES)]
        mine = [*open_items, ("assignee_id", "=", self.env.uid)]
        action = f"{_MODULE}.hc_work_item_action"
        mine_context = {"search_default_open": 0, "search_default_my_work": 1}
        return [
            {
                "key": "mine",
                "label": self.env._("My open items"),
                "icon": "fa-inbox",
                "count": items.search_count(mine),
                "action": f"{_MODULE}.hc_work_item_action_mine",
                "context": {},
            },
            {
                "key": "due_today",
                "label": self.env._("Due today"),
                "icon": "fa-calendar-check-o",
                "count": items.search_count(
                    [*mine, ("due_at", ">=", "today"), ("due_at", "<", "today +1d")]
                ),
                "action": action,
                "context": {**mine_context, "search_default_due_today": 1},
            },
            {
                "key": "overdue",
                "label": self.env._("Overdue"),
                "icon": "fa-clock-o",
                "count": items.search_count([*mine, ("due_at", "<", "now")]),
                "action": action,
                "context": {**mine_context, "search_default_overdue": 1},
            },
            {
                "key": "unassigned",
                "label": self.env._("Unassigned in my queues"),
                "icon": "fa-users",
                "count": items.search_count(
                    [
                        *open_items,
                        ("assignee_id", "=", False),
                        ("queue_id.member_ids", "in", [self.env.uid]),
                    ]
                ),
                "action": action,
                "context": {"search_default_unassigned": 1, "search_default_my_queues": 1},
            },
        ]

    @api.model
    def _get_coding_tile(self):
        return {
            "key": "to_code",
            "label": self.env._("Encounters to code"),
            "icon": "fa-stethoscope",
            "count": self.env["hc.encounter"].search_count(
                [("state", "=", "completed"), ("coding_state", "=", "open")]
            ),
            "action": f"{_MODULE}.hc_encounter_action",
            "context": {"search_default_to_code": 1},
        }

    @api.model
    def _get_exceptions(self):
        """Open work items by kind, readiness findings by their category; most frequent first."""
        items = self.env["hc.work.item"]
        labels = {
            name: dict(items._fields[name]._description_selection(self.env))
            for name in ("kind", "finding_category")
        }
        rows = items._read_group(
            [("state", "in", OPEN_STATES)], ["kind", "finding_category"], ["__count"]
        )
        exceptions = []
        for kind, category, count in sorted(rows, key=lambda row: -row[2]):
            name, value = ("finding_category", category) if category else ("kind", kind)
            exceptions.append(
                {
                    "key": value,
                    "label": labels[name][value],
                    "count": count,
                    "action": f"{_MODULE}.hc_work_item_action",
                    "context": {"search_default_open": 1, f"search_default_{name}": value},
                }
            )
        return exceptions

    @api.model
    def _get_stages(self):
        """Cases under way by stage, with what is charged in them."""
        cases = self.env["hc.billing.case"]
        lifecycle = cases._get_lifecycle("stage")
        rows = cases._read_group(
            [("stage", "in", _SHOWN_STAGES)],
            ["stage"],
            ["__count", "amount_charged:sum_currency", "stage_entered_at:min"],
        )
        figures = {row[0]: row[1:] for row in rows}
        now = self.env.cr.now()
        stages = []
        for code in _SHOWN_STAGES:
            count, amount, oldest = figures.get(code, (0, 0.0, None))
            stages.append(
                {
                    "key": code,
                    "label": lifecycle.label(code),
                    "count": count,
                    "amount": amount,
                    "oldest_days": (now - oldest).days if oldest else 0,
                    "action": f"{_MODULE}.hc_billing_case_action",
                    "context": {"search_default_stage": code},
                }
            )
        return stages

    @api.model
    def _get_balances(self):
        """Open amounts by who answers for them."""
        balances = self.env["hc.balance"]
        labels = dict(balances._fields["responsibility"]._description_selection(self.env))
        rows = balances._read_group(
            [("amount_open", "!=", 0)],
            ["responsibility"],
            ["__count", "amount_open:sum_currency"],
        )
        return [
            {
                "key": responsibility,
                "label": labels[responsibility],
                "count": count,
                "amount": amount,
                "action": f"{_MODULE}.hc_balance_action",
                "context": {
                    "search_default_open": 1,
                    "search_default_responsibility": responsibility,
                },
            }
            for responsibility, count, amount in rows
        ]

    @api.model
    def _get_queues(self):
        """Workload per queue, the latest first; empty queues are left out."""
        queues = self.env["hc.work.queue"].search(
            [("item_ids", "any", [("state", "in", OPEN_STATES)])]
        )
        return [
            {
                "id": queue.id,
                "name": queue.name,
                "open_count": queue.open_count,
                "unassigned_count": queue.unassigned_count,
                "overdue_count": queue.overdue_count,
                "oldest_age_days": queue.oldest_age_days,
                "owners": [{"id": user.id, "name": user.name} for user in queue.assignee_ids],
                "action": f"{_MODULE}.hc_work_item_action",
                "context": {"search_default_open": 1, "search_default_queue_id": queue.id},
            }
            for queue in queues.sorted(
                lambda queue: (queue.overdue_count, queue.open_count), reverse=True
            )
        ]
