# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import logging
import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

from ..hc_webhook_core import interchange_marks
from ..tools.drop_folder import MARKER, DropError
from .hc_file_drop import LOOK_LIMIT

_logger = logging.getLogger(__name__)

_UNSAFE = re.compile(r"[^A-Za-z0-9._()+=@-]")
_ACKNOWLEDGEMENT = ".ack"
_NAME_CHARACTERS = 120


class HcFileDrop(models.Model):
    """Folders that documents leave by."""

    _inherit = "hc.file.drop"
    _guarded_after_create = frozenset({"source_id", "folder", "direction"})

    direction = fields.Selection(
        [("in", "They Send, We Take"), ("out", "We Write, They Take")],
        required=True,
        default="in",
        tracking=True,
    )
    receiver = fields.Char(
        help="Code of who gets the documents, as the documents name it. Empty: the code of the "
        "connected system.",
    )
    since = fields.Datetime(
        "Documents Since",
        default=lambda self: self.env.cr.now().replace(microsecond=0),
        help="Older documents were handed over otherwise.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"direction"}

    @api.model
    def _get_document_types(self):
        """What a module takes in, and what no module takes in: that leaves."""
        taken = super()._get_document_types()
        return taken + self.env["hc.message.gateway"]._get_document_types()

    @api.depends("direction")
    def _compute_location(self):
        result = super()._compute_location()
        for drop in self.filtered(lambda each: each.direction == "out"):
            drop.location = f"{(drop.location or '').removesuffix('in')}out"
        return result

    @api.constrains("direction", "document_type")
    def _check_direction(self):
        for drop in self:
            is_taken = hasattr(self.env["hc.exchange"], f"_handle_{drop.document_type}")
            if is_taken == (drop.direction == "out"):
                raise ValidationError(
                    self.env._("No module handles documents of this type in this direction.")
                )

    def _open_folder(self):
        folder = super()._open_folder()
        if self.direction == "out":
            folder.add_folder("out")
        return folder

    def _look_into(self, folder, commit_progress):
        """Write what leaves, before acknowledgements are taken."""
        if self.direction == "out":
            self.env["hc.file.drop.file"]._write_all(self, folder, commit_progress)
        return super()._look_into(folder, commit_progress)


class HcFileDropFile(models.Model):
    """One file that leaves: planned, staged in a folder of our own, published by one rename.

    A process that dies before the rename leaves the staged file, one that dies after it leaves
    none; so the next run knows, even where the receiver has taken the file away meanwhile.
    """

    _inherit = "hc.file.drop.file"

    result = fields.Selection(
        selection_add=[
            ("planned", "To Be Written"),
            ("staged", "Being Written"),
            ("written", "Written"),
        ],
        ondelete={"planned": "cascade", "staged": "cascade", "written": "cascade"},
    )
    direction = fields.Selection(related="drop_id.direction", store=True)
    marks = fields.Char(
        "Control Numbers", readonly=True, help="By which an acknowledgement names it."
    )

    _written_once = models.UniqueIndex(
        "(exchange_id) WHERE result IN ('planned', 'staged', 'written')",
        "This document is written already.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"marks"}

    @api.model
    def _write_all(self, drop, folder, commit_progress):
        """Write the documents that wait for this drop, each once."""
        # What is written there could not be taken back after an observed run.
        if self.env["hc.automation"]._is_observing():
            return
        for file in self._plan(drop):
            commit_progress()
            try:
                file._write_file(folder, commit_progress)
            except CONCURRENCY_ERRORS:
                raise
            except Exception as error:  # noqa: BLE001 - one file must not stop the others
                _logger.error("file %s: %s", file.id, type(error).__name__)  # noqa: TRY400
                file._count_failure(file._describe(error))
            if not commit_progress():
                return

    @api.model
    def _plan(self, drop):
        """Files that an earlier run began, and new ones, put on record before they are written."""
        begun = self.search(
            [("drop_id", "=", drop.id), ("result", "in", ("planned", "staged"))], order="id"
        )
        waiting_sudo = (
            self.env["hc.exchange"]
            .sudo()
            .search(
                [
                    ("direction", "=", "out"),
                    ("state", "in", ("processing", "done")),
                    ("document_type", "=", drop.document_type),
                    ("company_id", "=", drop.company_id.id),
                    ("source", "=", drop.receiver or drop.source_id.code),
                    ("create_date", ">=", drop.since or drop.create_date),
                    ("written_at", "=", False),
                    ("id", "not in", begun.exchange_id.ids),
                ],
                order="id",
                limit=LOOK_LIMIT,
            )
        )
        now = self.env.cr.now().replace(microsecond=0)
        return begun + self._create_guarded(
            [
                {
                    "drop_id": drop.id,
                    "name": self._name_file(exchange),
                    "fingerprint": exchange.checksum,
                    "checksum": exchange.checksum,
                    "size_bytes": exchange.size_bytes,
                    "seen_at": now,
                    "result": "planned",
                    "exchange_id": exchange.id,
                }
                for exchange in waiting_sudo
            ]
        )

    @api.model
    def _name_file(self, exchange_sudo):
        """A name that no other document has, of letters that any system can hold."""
        name = exchange_sudo.payload_attachment_id.name or exchange_sudo.name
        return f"{exchange_sudo.id}-{_UNSAFE.sub('_', name)[:_NAME_CHARACTERS]}"

    def _write_file(self, folder, commit_progress):
        """Bring a file to its end, from wherever it stands."""
        self.ensure_one()
        claimed_name = self._get_claimed_name()
        exchange_sudo = self.exchange_id.sudo()
        if self.result == "planned":
            content = exchange_sudo.payload_attachment_id.raw or b""
            if hashlib.sha256(content).hexdigest() != exchange_sudo.checksum:
                raise UserError(self.env._("The stored document is not the one that was made."))
            marks = sorted(interchange_marks.written_marks(content))
            folder.write_whole("work", claimed_name, content)
            self._write_guarded({"result": "staged", "marks": f" {' '.join(marks)} "})
            commit_progress()
        # Gone from there means that it was published by a process that could not say so any more.
        if folder.find(claimed_name) == "work":
            folder.publish(claimed_name, self.name)
        if self.drop_id.completeness == "marker":
            folder.write_whole("out", f"{self.name}{MARKER}", b"")
        now = self.env.cr.now().replace(microsecond=0)
        self._write_guarded({"result": "written", "finished_at": now, "reason": False})
        exchange_sudo._note_written()

    @api.model
    def _get_unfinished_domain(self, drop):
        """Files that come in: those that leave take another way."""
        return [*super()._get_unfinished_domain(drop), ("result", "not in", ("planned", "staged"))]

    def _receive(self, content, checksum):
        if self.drop_id.direction == "in":
            return super()._receive(content, checksum)
        written = self.search(
            [
                ("drop_id", "=", self.drop_id.id),
                ("result", "=", "written"),
                ("name", "=", self.name.removesuffix(_ACKNOWLEDGEMENT)),
            ]
        )
        if not written or not self.name.endswith(_ACKNOWLEDGEMENT):
            raise DropError("no_such_file")
        exchange_sudo = written.exchange_id.sudo()
        is_new = exchange_sudo._note_acknowledgement(interchange_marks.read_plain(content))
        return exchange_sudo.sudo(False), "new" if is_new else "duplicate"
