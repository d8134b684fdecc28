# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import config

from ..tools.drop_folder import DropError, DropFolder

_logger = logging.getLogger(__name__)

ROOT_OPTION = "hc_file_drop_root"
# Files of one look; what is left is seen by the next.
LOOK_LIMIT = 500

_FOLDER = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class HcFileDrop(models.Model):
    """A folder in which a connected system leaves documents of one type.

    It lies below the root that the server's configuration file names, in a folder of the source's
    own, so that neither a user nor another source can point it elsewhere. A file is stored as an
    exchange first and moved after; whatever is interrupted goes on where it stopped.
    """

    _name = "hc.file.drop"
    _description = "File Drop"
    _inherit = ["hc.guarded.mixin", "mail.thread"]
    _order = "source_id, folder"
    _check_company_auto = True
    _guarded_fields = frozenset({"source_id", "folder", "last_look_at", "last_error"})
    _guarded_after_create = frozenset({"source_id", "folder"})

    name = fields.Char(required=True, tracking=True)
    source_id = fields.Many2one(
        "hc.integration.source",
        "Connected System",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    folder = fields.Char(
        required=True,
        help="Small letters, digits, hyphens and underscores. Fixed once it is saved.",
    )
    location = fields.Char(compute="_compute_location")
    document_type = fields.Selection(selection="_get_document_types", required=True, tracking=True)
    encoding = fields.Selection(
        [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")], default="utf-8", required=True
    )
    completeness = fields.Selection(
        [("unchanged", "It Did Not Change Between Two Looks"), ("marker", "A Marker Lies Beside")],
        "A File Is Complete When",
        default="unchanged",
        required=True,
        tracking=True,
        help="A marker of report.835 is an empty file report.835.done.",
    )
    stable_seconds = fields.Integer(
        "Unchanged for (s)", default=30, required=True, help="At least so long between two looks."
    )
    max_file_megabytes = fields.Integer("Largest File (MB)", default=20, required=True)
    active = fields.Boolean(default=True, tracking=True)
    last_look_at = fields.Datetime("Last Look", readonly=True, copy=False)
    last_error = fields.Char(readonly=True, copy=False)
    file_ids = fields.One2many("hc.file.drop.file", "drop_id", "Files", readonly=True)

    _folder_unique = models.UniqueIndex(
        "(source_id, folder)", "This connected system has a file drop of that folder."
    )
    _sizes_bounded = models.Constraint(
        "CHECK (max_file_megabytes BETWEEN 1 AND 200 AND stable_seconds BETWEEN 5 AND 86400)",
        "The largest file is between 1 and 200 MB, and it is unchanged for 5 s to a day.",
    )

    @api.model
    def _get_document_types(self):
        """The types of document that an installed module handles when they come as a file."""
        exchanges = self.env["hc.exchange"]
        return [
            (value, label)
            for value, label in exchanges._fields["document_type"]._description_selection(self.env)
            # An event has an envelope, and comes through the address of its source.
            if value != "event" and hasattr(exchanges, f"_handle_{value}")
        ]

    @api.depends("source_id.code", "folder")
    def _compute_location(self):
        for drop in self:
            drop.location = f"{drop.source_id.code or ''}/{drop.folder or ''}/in"

    @api.constrains("folder")
    def _check_folder(self):
        for drop in self:
            if not _FOLDER.fullmatch(drop.folder or ""):
                raise ValidationError(
                    self.env._(
                        "“%(folder)s” cannot name a folder. Use 1 to 64 small letters, digits, "
                        "hyphens and underscores, beginning with a letter or digit.",
                        folder=drop.folder,
                    )
                )

    def action_look(self):
        """Look into the folders soon, without waiting for the Scheduled Action's next turn."""
        self.check_access("write")
        self.env.ref("hc_integration.ir_cron_look_into_file_drops").sudo()._trigger()

    @api.model
    def _cron_look(self):
        """Scheduled Action: take what connected systems have left in their folders."""
        commit_progress = self.env["ir.cron"]._commit_progress
        drops = self.search([("active", "=", True), ("source_id.state", "=", "active")])
        for position, drop in enumerate(drops, start=1):
            # Held by another worker: it is looking already.
            if drop.try_lock_for_update(allow_referencing=True):
                drop._look(commit_progress)
            if not commit_progress(1, remaining=len(drops) - position):
                break

    def _look(self, commit_progress):
        """Take the complete files of this drop; a folder that cannot be read is work for people.

        :param commit_progress: called after each consistent step; commits, where the caller may
        """
        self.ensure_one()
        error = False
        try:
            self.source_id._check_user_at_work()
            with self._open_folder() as folder:
                self._look_into(folder, commit_progress)
        except UserError as refusal:
            error = str(refusal)
        except DropError as refusal:
            error = self._explain(refusal.code)
        except OSError as failure:
            error = self.env._("The folder cannot be used: %(reason)s.", reason=failure.strerror)
        if error:
            _logger.warning("file drop %s: %s", self.id, error)
            self.env["hc.work.item"]._open([self._prepare_item("folder", error)])
        now = self.env.cr.now().replace(microsecond=0)
        self._write_guarded({"last_look_at": now, "last_error": error})

    def _look_into(self, folder, commit_progress):
        self.env["hc.file.drop.file"]._take_all(self, folder, commit_progress)

    def _open_folder(self):
        return DropFolder(config.get(ROOT_OPTION), self.source_id.code, self.folder)

    def _prepare_item(self, key, description):
        return {
            "kind": "import_failed",
            "queue_code": "edi",
            "dedup_key": f"file_drop:{self.id}:{key}",
            "name": self.env._("File drop %(name)s needs somebody", name=self.name),
            "description": description,
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }

    @api.model
    def _explain(self, code):
        """In words, why a file or folder is refused: what it is, and what to do."""
        texts = {
            "root_missing": self.env._(
                "The server's configuration file names no usable %(option)s. Ask who runs the "
                "server to set it to the folder below which file drops lie.",
                option=ROOT_OPTION,
            ),
            "part_name": self.env._("The code or folder cannot be part of a path."),
            "folder": self.env._(
                "A part of the folder is a link or no folder, or may not be opened by the server."
            ),
            "target_exists": self.env._("A file of that name lies in the target folder already."),
            "no_such_file": self.env._("It names no file that was written here, or is no .ack."),
            "name": self.env._("Its name has other than letters, digits, blanks and ._()+=@-"),
            "not_a_file": self.env._("It is a link, a folder or a device, and no ordinary file."),
            "several_names": self.env._("It has a second name elsewhere on the disk (hard link)."),
            "empty": self.env._("It is empty."),
            "too_large": self.env._("It is larger than this file drop allows."),
            "changed": self.env._("It was written to while it was taken. Have it sent again."),
        }
        return texts.get(code, code)
