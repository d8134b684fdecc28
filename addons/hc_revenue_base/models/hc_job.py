# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import json

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from ..hc_core import lifecycles
from ..hc_core.job_policy import GiveUp, JobPolicy
from .hc_patient import PHI_GROUP

# While a job is in one of these states its key stands for it. A dead letter keeps its key, so
# that whoever enters the same work every hour does not get around the person who must look.
KEYED_STATES = ("pending", "running", "dead")
# What a job is to do; a key stands for these.
WORK_FIELDS = ("res_model", "method", "res_ids", "arguments")
MAX_ARGUMENTS_BYTES = 4096
MAX_RECORDS = 1000
MAX_KEY_LENGTH = 128


def _describe_method(name):
    """``_job_issue_part`` as people read it."""
    return name.removeprefix("_job_").strip("_").replace("_", " ")


class HcJob(models.Model):
    """Deferred work as a row: a method, its records and arguments, a key, attempts, a lease.

    Entered only by :meth:`_enqueue`; run by whichever engine drains the rows (see
    ``hc_job_drain``), as the user who entered it and in the companies that were active then.
    What a job changes in the database is committed together with its being done; what it does
    outside may happen more than once.

    A job moves through the life cycle like every other record, but its ordinary moves leave no
    log row: that would cost more than the job, and what a job does is logged by the records it
    does it to. Logged is what people decide or must answer for: dead letter, replay, cancel.

    Rows hold no patient data. Arguments are ids and codes; of an error the row keeps its class
    and place, and the message only where the suite raised it with codes. Messages that were
    written for people are kept in ``error_detail``, for those who may see patient data.
    """

    _name = "hc.job"
    _description = "Job"
    _inherit = ["hc.lease.mixin", "hc.job.mixin"]
    _order = "id desc"
    _lifecycles = {"state": lifecycles.JOB}

    name = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="pending",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    method = fields.Char(required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_ids = fields.Json("Record IDs", readonly=True)
    arguments = fields.Json("Arguments (JSON)", readonly=True)
    key = fields.Char(required=True, readonly=True)
    batch = fields.Char(readonly=True, index="btree_not_null")
    priority = fields.Integer(required=True, readonly=True, default=10, aggregator=None)
    not_before = fields.Datetime("Due", required=True, readonly=True)
    alone = fields.Boolean("Runs Alone", readonly=True)
    attempts = fields.Integer(required=True, readonly=True, default=0)
    max_attempts = fields.Integer(required=True, readonly=True, aggregator=None)
    conflicts = fields.Integer(required=True, readonly=True, default=0)
    lease_owner = fields.Char("Run By", readonly=True)
    leased_until = fields.Datetime(readonly=True)
    started_at = fields.Datetime("Last Started", readonly=True)
    finished_at = fields.Datetime("Finished", readonly=True, index="btree_not_null")
    error = fields.Char("Last Error", readonly=True)
    error_place = fields.Char("Where", readonly=True)
    error_detail = fields.Text("What It Said", readonly=True, groups=PHI_GROUP)
    user_id = fields.Many2one(
        "res.users", "Runs As", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    active_company_ids = fields.Json("Active Company IDs", readonly=True)

    _key_unique = models.UniqueIndex(
        "(company_id, key) WHERE state IN ('pending', 'running', 'dead')",
        "This job is waiting already.",
    )
    _pending_index = models.Index("(priority, id, not_before) WHERE state = 'pending'")
    _running_index = models.Index("(leased_until) WHERE state = 'running'")

    @api.model
    def _get_guarded_fields(self):
        """Every field: nobody writes a job but the methods of this model."""
        stored = {name for name, field in self._fields.items() if field.store}
        return super()._get_guarded_fields() | stored - set(models.MAGIC_COLUMNS)

    def _is_logged_move(self, field_name, from_state, to_state):
        return from_state == "dead" or to_state in ("dead", "cancelled")

    @api.model
    def _get_job_methods(self):
        return super()._get_job_methods() | {"_job_ping": JobPolicy()}

    def _job_ping(self):
        """Do nothing: a job that is done proves that jobs are run."""

    @api.model
    def _get_policy(self, model_name, method):
        """The policy of a method that may run as a job.

        :raise GiveUp: ``job_method_not_allowed``
        """
        model = self.env.get(model_name)
        declared = isinstance(model, self.pool["hc.job.mixin"]) and method.startswith("_")
        policy = model._get_job_methods().get(method) if declared else None
        if policy is None:
            raise GiveUp("job_method_not_allowed", model=model_name, method=method)
        return policy

    @api.model
    def _enqueue(self, requests):
        """Enter jobs: the one way in.

        :param list requests: dicts with ``records`` (a recordset, empty for a method of the
            model), ``method``, and optionally ``arguments`` (keyword arguments: ids and codes,
            never patient data), ``key`` (names this piece of work; by default method, records
            and arguments), ``not_before``, ``priority`` (lower comes first), ``name``, ``batch``
            (a word that jobs of one undertaking share, to watch them together)
        :return: one job per request, in order; the waiting, running or dead job of the same key
            where there is one. Work that must see later changes, or that goes on where it
            stopped, therefore says in its key which change or which part it is about
        :raise GiveUp: the method is not declared as a job
        :raise UserError: the key stands for other work, or there is too much of something
        :raise ConcurrencyError: somebody entered the same key meanwhile; Odoo tries again
        """
        prepared = [self._prepare_job_vals(**request) for request in requests]
        jobs_sudo = self.sudo()
        found = jobs_sudo.search(
            [
                ("key", "in", list({vals["key"] for vals in prepared})),
                ("state", "in", KEYED_STATES),
            ]
        )
        ids = {}
        known = {(job.company_id.id, job.key): job._read_work() for job in found}
        ids.update({(job.company_id.id, job.key): job.id for job in found})
        new = {}
        for vals in prepared:
            place = (vals["company_id"], vals["key"])
            if place not in known:
                new[place] = vals
                known[place] = {name: vals[name] for name in WORK_FIELDS}
            self._check_same_work(vals, known[place])
        ids.update(zip(new, jobs_sudo._create_jobs(list(new.values())).ids, strict=True))
        if new:
            self._wake_drains_on_commit()
        return self.browse([ids[vals["company_id"], vals["key"]] for vals in prepared])

    @api.model
    def _create_jobs(self, vals_list):
        try:
            # No flush: it would run the hooks that wait for the commit, the wake-up among them.
            with self.env.cr.savepoint(flush=False):
                return self._create_guarded(vals_list)
        except psycopg2.errors.UniqueViolation:
            raise ConcurrencyError(self.env._("This job was entered by somebody else.")) from None

    @api.model
    def _prepare_job_vals(
        self,
        records,
        method,
        arguments=None,
        key=None,
        not_before=None,
        priority=10,
        name=None,
        batch=None,
    ):
        policy = self._get_policy(records._name, method)
        text = json.dumps(arguments or {}, sort_keys=True, allow_nan=False)
        self._check_size(len(text), MAX_ARGUMENTS_BYTES, self.env._("bytes of arguments"))
        self._check_size(len(records.ids), MAX_RECORDS, self.env._("records"))
        digest = hashlib.sha256(f"{records.ids} {text}".encode()).hexdigest()[:32]
        key = key or f"{records._name}.{method}:{digest}"
        self._check_size(len(key), MAX_KEY_LENGTH, self.env._("characters of a key"))
        company = self._get_company_of(records)
        return {
            "name": name or f"{records._description}: {_describe_method(method)}",
            "method": method,
            "res_model": records._name,
            "res_ids": records.ids,
            "arguments": json.loads(text),
            "key": key,
            "batch": batch,
            "priority": priority,
            "not_before": (not_before or self.env.cr.now()).replace(microsecond=0),
            "alone": policy.alone,
            "max_attempts": policy.max_attempts,
            "user_id": self.env.uid,
            "company_id": company.id,
            "active_company_ids": (company | self.env.companies).ids,
        }

    @api.model
    def _get_company_of(self, records):
        """The company of the records where they have one in common, else the active one."""
        if "company_id" not in records._fields:
            return self.env.company
        companies = records.sudo().exists().company_id
        return companies if len(companies) == 1 else self.env.company

    @api.model
    def _check_size(self, size, limit, unit):
        if size > limit:
            raise UserError(
                self.env._(
                    "A job takes at most %(limit)s %(unit)s, not %(size)s: split the work.",
                    limit=limit,
                    unit=unit,
                    size=size,
                )
            )

    def _read_work(self):
        """What the job is to do, in the shape of its values."""
        self.ensure_one()
        return {name: self[name] for name in WORK_FIELDS}

    @api.model
    def _check_same_work(self, vals, known):
        if any((vals[name] or None) != (value or None) for name, value in known.items()):
            raise UserError(
                self.env._(
                    "The job key %(key)s stands for other work already. Use another key, or "
                    "wait until that job is done.",
                    key=vals["key"],
                )
            )

    @api.model
    def _wake_drains_on_commit(self):
        """Wake the engines once per transaction, however many jobs it enters."""
        data = self.env.cr.precommit.data
        if not data.get("hc_job_wake"):
            data["hc_job_wake"] = True
            self.env.cr.precommit.add(self.sudo().browse()._wake_drains)

    @api.model
    def _wake_drains(self):
        """Have the waiting jobs run soon: trigger every Scheduled Action that drains them.

        Another engine extends this. The Scheduled Actions look every minute besides.
        """
        self.env.cr.precommit.data.pop("hc_job_wake", None)
        for cron_sudo in self.env["ir.cron"].sudo().search(self._get_drain_cron_domain()):
            cron_sudo._trigger()

    @api.model
    def _get_drain_cron_domain(self):
        return [("model_id.model", "=", self._name), ("code", "=", "model._cron_drain()")]

    @api.model
    def _count_due(self):
        """How many jobs could run right now."""
        now = self.env.cr.now().replace(microsecond=0)
        return self.sudo().search_count([("state", "=", "pending"), ("not_before", "<=", now)])
