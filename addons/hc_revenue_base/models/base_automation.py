# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from contextlib import contextmanager
from contextvars import ContextVar

from odoo import models

# Runs of server actions that wait for the rest of their records: ``{action: ids}``, or None.
_gathering: ContextVar[dict | None] = ContextVar("hc_gathering_runs", default=None)


def gather_run(action, record_ids):
    """Put a run off that the engine asks for record by record.

    :return: whether it was put off
    """
    gathered = _gathering.get()
    if gathered is None:
        return False
    gathered.setdefault(action.id, (action, []))[1].extend(record_ids)
    return True


@contextmanager
def _gathered(wanted):
    """Collect the runs of the block, or let them run where none is wanted."""
    gathered = {} if wanted else None
    token = _gathering.set(gathered)
    try:
        yield gathered
    finally:
        _gathering.reset(token)


class BaseAutomation(models.Model):
    _name = "base.automation"
    _inherit = ["base.automation", "hc.suite.config.mixin"]
    _config_fields = (
        "active",
        "name",
        "model_id",
        "trigger",
        "trigger_field_ids",
        "filter_pre_domain",
        "filter_domain",
        "trg_date_range",
        "trg_date_range_type",
    )

    def _process(self, records, domain_post=None):
        """Run the actions of the suite once for all records of a rule.

        The engine runs an action record by record, each in an environment of its own. Those live
        until the garbage collector comes by, and making one looks at all that live: the cost
        grows with the square of the records. The suite's actions take sets.
        """
        actions = self.sudo().action_server_ids
        takes_sets = len(records) > 1 and all(actions.mapped("is_hc_suite"))
        with _gathered(takes_sets) as gathered:
            result = super()._process(records, domain_post)
        for action, record_ids in (gathered or {}).values():
            try:
                with _gathered(wanted=False):
                    action.with_context(active_ids=record_ids, active_id=record_ids[0]).run()
            except Exception as error:
                self._add_postmortem(error)
                raise
        return result
