# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import json
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

from ..tools.drop_folder import DropError
from .hc_file_drop import LOOK_LIMIT

_logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
_REFUSED_SHOWN = 10


class HcFileDropFile(models.Model):
    """One file of a file drop: seen, stored as an exchange, and moved, each step on record.

    The row is written before the file is touched and says how far it came, so that the next run
    goes on there; the exchange is unique by the file's content, so that no step doubles it.
    """

    _name = "hc.file.drop.file"
    _description = "Dropped File"
    _inherit = ["hc.guarded.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _guarded_fields = frozenset(
        {
            "drop_id",
            "name",
            "fingerprint",
            "size_bytes",
            "seen_at",
            "result",
            "reason",
            "checksum",
            "exchange_id",
            "attempts",
            "finished_at",
        }
    )

    drop_id = fields.Many2one(
        "hc.file.drop", "File Drop", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="drop_id.company_id", store=True, index=True)
    name = fields.Char("File", required=True, readonly=True)
    fingerprint = fields.Char(required=True, readonly=True)
    size_bytes = fields.Integer("Size (bytes)", readonly=True, aggregator=None)
    seen_at = fields.Datetime("First Seen So", required=True, readonly=True)
    result = fields.Selection(
        [
            ("waiting", "Waiting Until Complete"),
            ("received", "Received"),
            ("duplicate", "Known Already"),
            ("quarantined", "In Quarantine"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Char(readonly=True)
    checksum = fields.Char("SHA-256", readonly=True)
    exchange_id = fields.Many2one("hc.exchange", readonly=True, ondelete="restrict")
    attempts = fields.Integer(readonly=True, aggregator=None)
    finished_at = fields.Datetime("Moved", readonly=True)

    _open_unique = models.UniqueIndex(
        "(drop_id, name) WHERE finished_at IS NULL", "This file is being taken already."
    )

    @api.model
    def _take_all(self, drop, folder, commit_progress):
        """Look at a drop, and bring every file that is complete to its end."""
        looks = folder.look(LOOK_LIMIT)
        refused = [look for look in looks if look.refusal]
        ready = self._note(drop, [look for look in looks if not look.refusal], folder)
        if refused:
            self._report_refused(drop, refused)
        commit_progress()
        # What is moved and written there could not be undone after an observed run.
        if self.env["hc.automation"]._is_observing():
            return
        for file in ready:
            file._take_safely(folder, commit_progress)
            if not commit_progress():
                return

    @api.model
    def _note(self, drop, looks, folder):
        """Put on record what was seen; what changed since the last look waits for another.

        :return: the files that are complete, and those that an earlier run began
        """
        now = self.env.cr.now().replace(microsecond=0)
        since = now - timedelta(seconds=drop.stable_seconds)
        by_name = {look.name: look for look in looks}
        ready = begun = self.browse()
        for file in self.search(self._get_unfinished_domain(drop)):
            look = by_name.pop(file.name, None)
            if file.result != "waiting" or folder.find(file._get_claimed_name()):
                begun += file
            elif look is None:
                file.sudo().unlink()
            elif look.fingerprint != file.fingerprint:
                file._write_guarded(self._prepare_look_vals(look, now))
            elif look.marked or (drop.completeness == "unchanged" and file.seen_at <= since):
                ready += file
        new = self._create_guarded(
            [
                {"drop_id": drop.id, "name": look.name, **self._prepare_look_vals(look, now)}
                for look in by_name.values()
            ]
        )
        ready += new.filtered(lambda file: by_name[file.name].marked)
        return begun + ready

    @api.model
    def _get_unfinished_domain(self, drop):
        return [("drop_id", "=", drop.id), ("finished_at", "=", False)]

    @api.model
    def _prepare_look_vals(self, look, now):
        return {
            "fingerprint": look.fingerprint,
            "size_bytes": min(look.size_bytes, 2**31 - 1),
            "seen_at": now,
        }

    @api.model
    def _report_refused(self, drop, refused):
        lines = [f"{look.name}: {drop._explain(look.refusal)}" for look in refused[:_REFUSED_SHOWN]]
        introduction = self.env._(
            "%(count)s entries of the folder are left where they are. Have the sender or who runs "
            "the server remove them:",
            count=len(refused),
        )
        item = drop._prepare_item("refused", "\n".join([introduction, *lines]))
        self.env["hc.work.item"]._open([item])

    def _take_safely(self, folder, commit_progress):
        """Take a file; one that cannot be taken does not stop the others."""
        try:
            self._take(folder, commit_progress)
        except CONCURRENCY_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 - one file must not stop the others
            _logger.error("dropped file %s: %s", self.id, type(error).__name__)  # noqa: TRY400
            self._count_failure(self._describe(error))

    def _describe(self, error):
        """What is told of a failure: a database's message would quote values."""
        if isinstance(error, UserError):
            return str(error)
        if isinstance(error, DropError):
            return self.drop_id._explain(error.code)
        return self.env._("Error %(kind)s, see the server log.", kind=type(error).__name__)

    def _count_failure(self, reason):
        """Try again at the next look; what fails five times goes to quarantine and to a person."""
        self._write_guarded({"attempts": self.attempts + 1, "reason": reason})
        if self.attempts < MAX_ATTEMPTS:
            return
        if self.result == "waiting":
            self._quarantine(reason)
        elif self.attempts == MAX_ATTEMPTS:
            text = f"{self.name}: {reason}"
            self.env["hc.work.item"]._open([self.drop_id._prepare_item(f"file:{self.id}", text)])

    def _take(self, folder, commit_progress):
        """Bring a file to its end, from wherever it stands.

        Claimed by a rename; stored; acknowledged; moved. A process that dies between two of these
        leaves the file where this method finds it again.
        """
        self.ensure_one()
        claimed_name = self._get_claimed_name()
        where = folder.find(claimed_name)
        if where is None and self.result == "waiting":
            if not folder.claim(self.name, self.fingerprint, claimed_name):
                # It changed or went since it was looked at: the next look sees it anew.
                self.sudo().unlink()
                return
            where = "work"
        if self.result == "waiting":
            self._store(folder)
            commit_progress()
        if where == "work":
            self._acknowledge(folder)
            quarantined = self.result == "quarantined"
            folder.finish(claimed_name, "quarantine" if quarantined else "done")
        now = self.env.cr.now().replace(microsecond=0)
        self._write_guarded({"finished_at": now})

    def _get_claimed_name(self):
        return f"{self.id}-{self.name}"

    def _store(self, folder):
        """Store the content as a document of the source, with the rights of its user."""
        drop = self.drop_id
        limit_bytes = drop.max_file_megabytes * 1024 * 1024
        try:
            content = folder.read_claimed(self._get_claimed_name(), self.fingerprint, limit_bytes)
            checksum = hashlib.sha256(content).hexdigest()
            with self.env.cr.savepoint():
                exchange, verdict = self._receive(content, checksum)
        except DropError as refusal:
            self._quarantine(drop._explain(refusal.code))
            return
        self._write_guarded(
            {
                "result": "received" if verdict == "new" else "duplicate",
                "checksum": checksum,
                "exchange_id": exchange.id,
                "reason": False,
            }
        )

    def _receive(self, content, checksum):
        drop = self.drop_id
        source = drop.source_id
        exchanges = (
            self.env["hc.exchange"]
            .with_user(source.user_id)
            .with_context(allowed_company_ids=source.company_id.ids)
        )
        exchanges._check_may_import()
        # Its content is its number: the same file twice is one document, another one of the same
        # name is another document.
        received = exchanges._receive(
            drop.document_type, source.code, checksum, content, self.name, drop.encoding
        )
        self.env.ref("hc_revenue_base.ir_cron_process_exchanges").sudo()._trigger()
        return received

    def _quarantine(self, reason):
        self._write_guarded({"result": "quarantined", "reason": reason})
        text = self.env._("%(file)s is in quarantine. %(reason)s", file=self.name, reason=reason)
        self.env["hc.work.item"]._open([self.drop_id._prepare_item(f"file:{self.id}", text)])

    def _acknowledge(self, folder):
        """Tell the sender what became of the file; beside a refused one also in plain text."""
        claimed_name = self._get_claimed_name()
        answer = {
            "file": self.name,
            "result": self.result,
            "sha256": self.checksum or None,
            "size_bytes": self.size_bytes,
            "exchange": self.exchange_id.id or None,
            "reason": self.reason or None,
        }
        content = json.dumps(answer, indent=2, ensure_ascii=False).encode()
        folder.write_whole("ack", f"{claimed_name}.json", content)
        if self.result == "quarantined":
            folder.write_whole("quarantine", f"{claimed_name}.reason.txt", self.reason.encode())
