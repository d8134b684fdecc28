# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import mute_logger, tagged

from ..hc_core.job_policy import JobPolicy
from .common import HcCommon

DRAIN_LOGGER = "odoo.addons.hc_revenue_base.models.hc_job_drain"


def keep_going(_done=0, **_options):
    """Stands in for a commit: the tests have one transaction."""
    return 60.0


@tagged("post_install", "-at_install")
class JobCase(HcCommon):
    """Jobs with the handler ``_job_try``, which exists in tests only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jobs = cls.env["hc.job"]
        cls.runs = []
        cls.behaviour = {}
        cls.operator = cls._create_user("job.operator", "operations")
        cls.clerk = cls._create_user("job.clerk", "clerk")
        job_class = cls.env.registry["hc.job"]
        own_methods = job_class._get_job_methods

        def get_job_methods(model):
            return own_methods(model) | {"_job_try": cls.policy}

        def job_try(records, **arguments):
            cls.runs.append((records.env.user, records.env.su, arguments))
            act = cls.behaviour.get(arguments.get("act"))
            if act:
                act(records)

        cls.policy = JobPolicy(max_attempts=3)
        cls.startClassPatcher(patch.object(job_class, "_get_job_methods", get_job_methods))
        cls.startClassPatcher(patch.object(job_class, "_job_try", job_try, create=True))

    def setUp(self):
        super().setUp()
        self.runs.clear()
        self.behaviour.clear()
        self.jobs.search([("state", "=", "pending")])._transition("cancelled")

    def _enter(self, act=None, user=None, **options):
        jobs = self.jobs.with_user(user) if user else self.jobs
        options.setdefault("key", f"try {act} {self.jobs.search_count([])}")
        return jobs._enqueue_job("_job_try", {"act": act} if act else {}, **options).sudo()

    def _fail(self, act, error):
        def fail(_records):
            raise error

        self.behaviour[act] = fail

    def _drain(self, **options):
        with mute_logger(DRAIN_LOGGER):
            self.jobs._drain(keep_going, **options)

    def _make_due(self, job):
        job._write_guarded({"not_before": self.env.cr.now().replace(microsecond=0)})

    def _crash(self, jobs):
        """Leave jobs as a process does that is killed at work, its lease over."""
        jobs._lease("a process that is gone")
        jobs._write_guarded({"leased_until": self.env.cr.now() - timedelta(seconds=1)})
