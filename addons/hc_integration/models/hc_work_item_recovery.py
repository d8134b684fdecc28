# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Work that a failure asked for ends with the next success: nobody mends what is well again."""

import logging

from odoo import api, models
from odoo.exceptions import LockError

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS
from odoo.addons.hc_revenue_base.models.hc_exchange_processing import MAX_ATTEMPTS

from ..hc_webhook_core import delivery_policy

_logger = logging.getLogger(__name__)


class HcWorkItem(models.Model):
    """How items are found by what they were opened for."""

    _inherit = "hc.work.item"

    @api.model
    def _close_by_key(self, dedup_keys):
        """Resolve the open items of these keys: their cause is gone.

        An item that somebody is changing right now is left to the next success; what succeeded
        must never fail because of it.
        """
        items_sudo = self.sudo().search(
            [("dedup_key", "in", list(dedup_keys)), ("state", "in", ("open", "in_progress"))]
        )
        if not items_sudo:
            return
        try:
            with self.env.cr.savepoint():
                items_sudo.try_lock_for_update(allow_referencing=True)._resolve("fixed")
        except (*CONCURRENCY_ERRORS, LockError) as error:
            _logger.info("work items are closed the next time: %s", type(error).__name__)


class HcEventDelivery(models.Model):
    """A delivery that succeeds says that its endpoint is well."""

    _inherit = "hc.event.delivery"

    def _settle(self, outcomes):
        result = super()._settle(outcomes)
        well = self.filtered(
            lambda each: each.id in outcomes and each.state == delivery_policy.DELIVERED
        ).subscription_id
        if well:
            self.env["hc.work.item"]._close_by_key(
                f"event_{trouble}:{subscription_id}"
                for subscription_id in well.ids
                for trouble in ("endpoint_down", "outbound_refused")
            )
            well._close_dead_items()
        return result

    def _on_state_cancelled(self, _previous):
        self.subscription_id._close_dead_items()


class HcEventSubscription(models.Model):
    """Without dead letters nobody has to replay any."""

    _inherit = "hc.event.subscription"

    def _close_dead_items(self):
        rows = self.env["hc.event.delivery"].sudo()._read_group(
            [("subscription_id", "in", self.ids), ("state", "=", "dead")], ["subscription_id"]
        )  # fmt: skip
        left = {subscription.id for (subscription,) in rows}
        self.env["hc.work.item"]._close_by_key(
            f"event_dead:{each}" for each in self.ids if each not in left
        )

    def _on_state_active(self, _previous):
        self.env["hc.work.item"]._close_by_key(f"event_gone:{each}" for each in self.ids)


class HcIntegrationSource(models.Model):
    """A question that is answered says that the FHIR server is well."""

    _inherit = "hc.integration.source"

    def _poll_fhir(self, as_of):
        more = super()._poll_fhir(as_of)
        self.env["hc.work.item"]._close_by_key(f"fhir_poll:{each}" for each in self.ids)
        return more


class HcFileDrop(models.Model):
    """A folder that can be read says that it is well."""

    _inherit = "hc.file.drop"

    def _look(self, commit_progress):
        result = super()._look(commit_progress)
        if not self.last_error:
            self.env["hc.work.item"]._close_by_key([f"file_drop:{self.id}:folder"])
        return result


class HcExchange(models.Model):
    """A document that is applied after all needs nobody."""

    _inherit = "hc.exchange"

    def _on_state_done(self, _previous):
        again = self.filtered(lambda each: each.attempts and each.direction == "in")
        if again:
            self.env["hc.work.item"]._close_by_key(
                {f"exchange:{each}:gave_up" for each in again.ids}
                | self._get_ended_event_keys(again)
            )

    @api.model
    def _get_ended_event_keys(self, again):
        """Keys of items about systems of which no event is given up any more."""
        sources = again.filtered(lambda each: each.document_type == "event").source_id
        if not sources:
            return set()
        given_up = self.sudo()._read_group(
            [
                ("source_id", "in", sources.ids),
                ("document_type", "=", "event"),
                ("state", "=", "failed"),
                ("attempts", ">=", MAX_ATTEMPTS),
            ],
            ["source_id"],
        )
        ended = sources - self.env["hc.integration.source"].union(*(row[0] for row in given_up))
        return {f"event_source:{source_id}:gave_up" for source_id in ended.ids}
