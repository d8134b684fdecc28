# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class HcJobMixin(models.AbstractModel):
    """A model whose methods may be run later, as jobs.

    A model declares which: ``_get_job_methods`` is the allow-list, asked when a job is entered
    and again when it runs. Handlers are private methods of the recordset that take keyword
    arguments, do not commit, and may be run more than once: a killed process leaves behind
    whatever it did outside the database.
    """

    _name = "hc.job.mixin"
    _description = "Deferred Work"

    @api.model
    def _get_job_methods(self):
        """Methods that may run as jobs, ``{name: JobPolicy}``; extend by ``super() | {…}``."""
        return {}

    def _enqueue_job(self, method, arguments=None, **options):
        """Run a method on these records later, as this user; see ``hc.job._enqueue``.

        :param str method: a method that :meth:`_get_job_methods` declares
        :param dict arguments: its keyword arguments, ids and codes only
        :param options: ``key``, ``not_before``, ``priority``, ``name``, ``batch``
        :return: the job
        """
        request = {"records": self, "method": method, "arguments": arguments or {}, **options}
        return self.env["hc.job"]._enqueue([request])
