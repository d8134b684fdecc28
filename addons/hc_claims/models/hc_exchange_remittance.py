# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib

from odoo import api, fields, models
from odoo.exceptions import LockError

from ..hc_x12.findings import FindingLog
from ..hc_x12.remittance_reader import read_remittances

MAX_FILE_BYTES = 200 * 1024 * 1024
CLAIMS_PER_STEP = 500
POSTER_GROUPS = (
    "hc_revenue_base.group_hc_clerk",
    "hc_revenue_base.group_hc_claims_specialist",
    "hc_revenue_base.group_hc_finance_manager",
    "hc_revenue_base.group_hc_administrator",
    "hc_revenue_base.group_hc_integration",
)


class HcExchange(models.Model):
    """Remittance files (835) on their way in: read step by step, resumed where it stopped."""

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[("remittance_835", "Remittance (835)")],
        ondelete={"remittance_835": "cascade"},
    )
    remittance_ids = fields.One2many("hc.remittance", "exchange_id", "Remittances", readonly=True)

    @api.model
    def _receive_remittance(self, content, source, name, external_id=None):
        """Store an 835 file, to be processed.

        :param bytes content: the file
        :param str source: payer or clearinghouse that sent it
        :param str external_id: the sender's number of the file; None: its content is its number
        :return: ``(exchange, verdict)`` as :meth:`_receive`
        :raise AccessError: the user may not import
        :raise UserError: the file is empty or too large
        """
        self._check_brought_in(
            content,
            name,
            POSTER_GROUPS,
            self.env._("Remittances are imported by clerks, claims specialists and finance."),
            MAX_FILE_BYTES,
        )
        external_id = external_id or hashlib.sha256(content).hexdigest()
        return self._receive("remittance_835", source, external_id, content, name)

    def _handle_remittance_835(self, checkpoint):
        """Read the remittances of the file; each is proven once it is read to its end.

        :return: whether the file is through
        """
        self_sudo = self.sudo()
        self_sudo._transition_where_allowed("processing")
        findings = FindingLog()
        as_of = fields.Date.context_today(self, self_sudo.create_date)
        found = False
        with self_sudo._open_payload() as payload:
            for remittance in read_remittances(payload, self_sudo.name, as_of, findings):
                found = True
                if not self_sudo._load_remittance(remittance, checkpoint):
                    return False
        if not found:
            self._reject(self._get_unreadable_message(findings))
            return True
        self_sudo._transition("done", facts={"remittances": len(self_sudo.remittance_ids)})
        self_sudo._write_guarded(
            {"finished_at": self.env.cr.now().replace(microsecond=0), "error": False}
        )
        return True

    def _get_unreadable_message(self, findings):
        first = next((f for f in findings.findings if f.severity == "error"), None)
        if first is None:
            return self.env._("%(name)s holds no remittance (835).", name=self.name)
        return self.env._(
            "%(name)s cannot be read as a remittance: segment %(number)s (%(tag)s): %(message)s",
            name=self.name,
            number=first.segment_number,
            tag=first.tag,
            message=first.message,
        )

    def _load_remittance(self, source, checkpoint):
        """Store one transaction of the file, from where an earlier run stopped.

        :param source: ``hc_x12.remittance_reader.Remittance``
        :return: False when time was up
        """
        remittances = self.env["hc.remittance"].sudo()
        remittance = remittances.search(
            [
                ("exchange_id", "=", self.id),
                ("transaction_number", "=", source.transaction.number),
            ]
        ) or remittances._begin_loading(self, source)
        if remittance.state != "received":
            return True
        digest = hashlib.sha256(repr(source.header.payment).encode())
        digest.update(repr(source.header.trace).encode())
        step, skip = [], remittance.claim_count
        for number, claim in enumerate(source.claims, start=1):
            digest.update(repr(claim.segments).encode())
            if number <= skip:
                continue
            step.append((number, claim))
            if len(step) == CLAIMS_PER_STEP:
                remittance._load_claims(step)
                if not self._end_step(remittance, len(step), checkpoint):
                    return False
                step = []
        remittance._load_claims(step)
        digest.update(repr(source.trailer.adjustments).encode())
        remittance._finish_loading(source, digest.hexdigest())
        return self._end_step(remittance, len(step), checkpoint)

    def _end_step(self, remittance, done, checkpoint):
        locked = self.try_lock_for_update(allow_referencing=True)
        if not locked:
            raise LockError(
                self.env._("%(name)s is being processed by somebody else.", name=self.name)
            )
        self._write_guarded({"processed_count": self.processed_count + done})
        self.env.flush_all()
        # What is behind the last claim read is not known before the end of the file.
        go_on = checkpoint(done, 1)
        self.env.invalidate_all()
        return go_on
