# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.hc_revenue_base.hc_core.job_policy import JobPolicy

from .. import lifecycles
from ..hc_ai_core.letter_advice import Page, page_digest
from ..tools.document_reader import read_file

SETTLED_STATES = ("done", "unreadable")
PROBLEMS = [
    ("too_large", "Too Large"),
    ("too_long", "Took Too Long"),
    ("encrypted", "Locked by a Password"),
    ("broken", "Broken"),
    ("unknown_kind", "Not a PDF, Text or Picture"),
    ("no_recognition", "Pictures; Text Recognition Is Not Installed"),
    ("empty", "No Text on It"),
    ("gone", "File Gone or Not Readable to Who Asked"),
]


class HcAiReading(models.Model):
    """The text of a file, read once, page by page, for whoever may read the file.

    Ordered by :meth:`_order_missing` with the rights of a person and read in a job as that person.
    The text itself leaves this model only through :meth:`_get_pages` and :meth:`_find_texts`, which
    give it for files that the user may read; after a while it is dropped and its hashes stay.
    """

    _name = "hc.ai.reading"
    _description = "Reading of a File"
    _inherit = ["hc.lifecycle.mixin", "hc.job.mixin", "hc.batch.mixin"]
    _order = "id desc"
    _lifecycles = {"state": lifecycles.AI_READING}

    attachment_id = fields.Many2one(
        "ir.attachment", "File", readonly=True, index=True, ondelete="set null"
    )
    name = fields.Char("File Name", compute="_compute_name")
    checksum = fields.Char("File Hash", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    res_model = fields.Char("Record Type (Technical)", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record ID", model_field="res_model", readonly=True)
    requested_by_id = fields.Many2one("res.users", "Asked By", required=True, readonly=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="pending",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    problem = fields.Selection(PROBLEMS, "Why Not", readonly=True)
    engine = fields.Selection(
        [
            ("text", "Plain Text"),
            ("pdf", "Text in the PDF"),
            ("tesseract", "Recognised (Tesseract)"),
        ],
        "Read By",
        readonly=True,
    )
    page_count = fields.Integer("Pages", readonly=True)
    seconds = fields.Float("Took (s)", digits=(8, 3), readonly=True, aggregator="avg")
    read_at = fields.Datetime("Read On", readonly=True, index=True)
    page_hashes = fields.Json("Hashes of the Pages", readonly=True)
    page_texts = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS)

    _once_each = models.UniqueIndex("(attachment_id, checksum)", "This file is read already.")

    @api.model
    def _get_guarded_fields(self):
        """Every field: nobody writes a reading but the methods of this model."""
        stored = {name for name, field in self._fields.items() if field.store}
        return super()._get_guarded_fields() | stored - set(models.MAGIC_COLUMNS)

    def _is_logged_move(self, field_name, from_state, to_state):
        # That a text is dropped has to be shown; the rest is the reading's own record.
        return to_state == "purged"

    @api.depends("attachment_id")
    def _compute_name(self):
        readable = self.attachment_id.sudo(False)._filtered_access("read")
        for reading in self:
            file = reading.attachment_id
            reading.name = file.sudo().name if file in readable else ""

    @api.depends("name")
    def _compute_display_name(self):
        for reading in self:
            reading.display_name = reading.name or self.env._("File no. %s", reading.id)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su:
            return result
        allowed = self - result[0] if result else self
        forbidden = allowed - allowed._filter_readable()
        if not forbidden:
            return result
        refused = forbidden | (result[0] if result else self.browse())
        message = self.env._("You may not read the file that this is about.")
        return refused, lambda: AccessError(message)

    def _filter_readable(self):
        """Those of files that the user may read."""
        sudo = self.sudo()
        files = sudo.attachment_id.exists().sudo(False).with_env(self.env)
        readable = set(files._filtered_access("read").ids)
        return self.browse(each.id for each in sudo if each.attachment_id.id in readable)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if bypass_access or self.env.su:
            return super()._search(
                domain, offset, limit, order, bypass_access=bypass_access, **kwargs
            )
        # Bounded: whoever pages further than this groups or filters first.
        found = self.browse(super()._search(domain, 0, 10_000, order, **kwargs))._filter_readable()
        return found[offset : offset + limit if limit else None]._as_query(order)

    @api.model
    def _get_for(self, record):
        """Readings of a record's files, with the rights of the record; in the order of the files.

        :return: ``(files, readings)``: readings are of the files as they are now
        """
        files = record._review_documents()
        known = self.sudo().search([("attachment_id", "in", files.ids)])
        current = {
            (each.attachment_id.id, each.checksum): each for each in known if each.attachment_id
        }
        found = [current.get((file.id, file.checksum)) for file in files]
        return files, self.sudo().browse(each.id for each in found if each)

    @api.model
    def _order_missing(self, record):
        """Have files of a record read that were not; as the user of the record.

        :return: whether something is still to be read
        """
        files, readings = self._get_for(record)
        known = {each.attachment_id.id for each in readings}
        company = record.company_id if "company_id" in record._fields else self.env.company
        created = self.sudo()._create_guarded(
            [
                {
                    "attachment_id": file.id,
                    "checksum": file.checksum or "-",
                    "company_id": (company or self.env.company).id,
                    "res_model": record._name,
                    "res_id": record.id,
                    "requested_by_id": record.env.uid,
                }
                for file in files
                if file.id not in known and file.type == "binary"
            ]
        )
        purged = readings.filtered(lambda each: each.state == "purged")
        purged._transition("pending")
        for reading in created | purged:
            reading.with_env(record.env)._enqueue_reading()
        return any(each.state not in SETTLED_STATES for each in readings | created)

    def _enqueue_reading(self):
        self._enqueue_job(
            "_job_read", key=f"hc_ai_reading:{self.id}", name=self.env._("Read a file")
        )

    @api.model
    def _get_job_methods(self):
        return super()._get_job_methods() | {
            "_job_read": JobPolicy(max_attempts=3, alone=True),
            "_job_advise": JobPolicy(max_attempts=3),
        }

    def _job_read(self):
        """Job: read the file, as who asked; done twice it does nothing the second time."""
        for reading in self.sudo().filtered(lambda each: each.state == "pending"):
            file = reading.attachment_id.with_env(self.env)
            if file and file._filtered_access("read") and file.checksum == reading.checksum:
                reading._keep(read_file(file.raw or b""))
            else:
                reading._write_guarded({"problem": "gone"})
                reading._transition("unreadable")
            reading.with_env(self.env)._enqueue_job(
                "_job_advise",
                key=f"hc_ai_reading_advise:{reading.id}",
                name=self.env._("Advice from a file"),
            )

    def _keep(self, read):
        """Put on record what was read of the file."""
        texts = [page.text for page in read.pages]
        self._write_guarded(
            {
                "problem": read.problem or False,
                "engine": read.engine or False,
                "page_count": read.page_count,
                "seconds": round(read.seconds, 3),
                "read_at": self.env.cr.now().replace(microsecond=0),
                "page_hashes": [page_digest(text) for text in texts],
                "page_texts": [[page.text, page.is_recognised] for page in read.pages],
            }
        )
        self._transition("unreadable" if read.problem else "done")

    def _job_advise(self):
        """Job: advise on the record whose last file was read, as who asked."""
        for reading in self.sudo():
            model = self.env.get(reading.res_model)
            record = None if model is None else model.browse(reading.res_id).exists()
            if record and record.has_access("read") and not self._order_missing(record):
                self.env["hc.ai.policy"]._advise_from_files(record)

    @api.model
    def _get_pages(self, record):
        """Pages of the files of a record that its user may read.

        :return: list of ``Page``, or None while something is still to be read
        """
        if self._order_missing(record):
            return None
        _files, readings = self._get_for(record)
        return [
            Page(reading.attachment_id.id, number, text, reading.attachment_id.name, recognised)
            for reading in readings
            for number, (text, recognised) in enumerate(reading.page_texts or (), start=1)
        ]

    @api.model
    def _find_texts(self, files):
        """``{(file id, page, hash of the page): text}`` of files that the user may read."""
        readings = self.sudo().search([("attachment_id", "in", files._filtered_access("read").ids)])
        return {
            (reading.attachment_id.id, number, digest): text
            for reading in readings
            for number, (digest, (text, _recognised)) in enumerate(
                zip(reading.page_hashes or (), reading.page_texts or (), strict=False), start=1
            )
        }

    def action_read_again(self):
        """Read files again that could not be read, such as after Tesseract was installed."""
        self.check_access("read")
        self.sudo()._transition("pending")
        for reading in self:
            reading._enqueue_reading()

    def action_open_record(self):
        """Open the record for which the file was read."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
