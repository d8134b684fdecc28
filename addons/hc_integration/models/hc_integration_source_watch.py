# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class HcIntegrationSource(models.Model):
    """The watch over connected systems: trouble becomes work of its owner, and ends by itself."""

    _inherit = "hc.integration.source"

    @api.model
    def _cron_watch_health(self):
        """Scheduled Action: tell the owner of a system that is in trouble; take it back after."""
        sources = self.search([("state", "in", ("active", "paused", "retired"))])
        red = sources.filtered(lambda each: each.health == "red")
        (sources - red)._end_trouble()
        red._begin_trouble()
        self.env["ir.cron"]._commit_progress(len(sources))

    def _begin_trouble(self):
        """Open a work item for each system, and put it on its owner's list, once."""
        now = self.env.cr.now().replace(microsecond=0)
        self.filtered(lambda each: not each.red_since)._write_guarded({"red_since": now})
        known = self._get_trouble_items()
        items = self.env["hc.work.item"]._open([each._prepare_trouble_item() for each in self])
        for source, item_sudo in zip(self, items.sudo(), strict=True):
            if item_sudo in known:
                item_sudo.description = source._get_trouble_text()
            elif source._get_reachable_owner():
                item_sudo.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=item_sudo.name,
                    user_id=source.owner_id.id,
                )

    def _end_trouble(self):
        """Systems that are well again need nobody."""
        self.filtered("red_since")._write_guarded({"red_since": False})
        items_sudo = self._get_trouble_items()
        items_sudo.activity_unlink(["mail.mail_activity_data_todo"])
        items_sudo._resolve("fixed")

    def _get_trouble_items(self):
        return (
            self.env["hc.work.item"]
            .sudo()
            .search(
                [
                    ("kind", "=", "source_down"),
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "in", ("open", "in_progress")),
                ]
            )
        )

    def _get_reachable_owner(self):
        """The owner, where this person works and may see the work item."""
        owner_sudo = self.owner_id.sudo()
        may_see = owner_sudo.has_group("hc_revenue_base.group_hc_user")
        return owner_sudo if owner_sudo.active and may_see else owner_sudo.browse()

    def _get_trouble_text(self):
        return "\n".join(
            [
                self.health_reasons or "",
                self.env._("What to do stands on the page of the connected system."),
            ]
        )

    def _prepare_trouble_item(self):
        return {
            "kind": "source_down",
            "queue_code": "operations",
            "severity": "critical",
            "dedup_key": f"source_down:{self.id}",
            "name": self.env._("%(sender)s is in trouble", sender=self.name),
            "description": self._get_trouble_text(),
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }
