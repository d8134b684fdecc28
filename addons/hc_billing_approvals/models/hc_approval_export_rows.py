# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timezone

from odoo import models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core import chain
from odoo.addons.hc_revenue_base.models.hc_transition import HASHED_COLUMNS

from ..hc_approval_core.trail import COLUMNS

_LOG_COLUMNS = (*HASHED_COLUMNS, "previous_hash", "hash", "hash_version")


class HcApprovalExport(models.Model):
    """The rows of the trail: requests with all that happened to them, and the proof of the log.

    No name of a patient: case number and record number. Names of files are left out, for they are
    free text; their checksums are there.
    """

    _inherit = "hc.approval.export"

    def _read_trail(self, requests):
        """The trail of some requests.

        :return: dict with ``rows`` of the CSV, ``paper`` (what the PDF shows of each request),
            ``tally`` (counts) and ``breaks`` (chains that do not hold, in words)
        """
        grants = requests.break_glass_ids
        logs = self._read_logs(
            {
                "hc.approval.request": requests.ids,
                "hc.controlled.action": (requests.action_id | grants.action_id).ids,
                "hc.approval.break.glass": grants.ids,
            }
        )
        rows, paper, breaks = [], [], []
        tally = dict.fromkeys(("request", "decision", "log", "unsealed", "broken"), 0)
        for request in requests:
            decisions = [self._decision_row(each) for each in request.decision_ids.sorted("id")]
            own = [self._request_row(request), *decisions]
            own += [self._evidence_row(request, each) for each in request.evidence_ids]
            own += [self._entry_row(request, each) for each in request.action_id.entry_ids]
            own += [self._grant_row(each) for each in request.break_glass_ids.sorted("id")]
            chains = [logs.get(key, []) for key in self._get_log_keys(request)]
            log_rows = [row for rows_ in chains for row in self._log_rows(request, rows_, breaks)]
            tally["request"] += 1
            tally["decision"] += len(decisions)
            tally["log"] += len(log_rows)
            tally["unsealed"] += sum(not row["seal_position"] for row in log_rows)
            tally["broken"] += sum(row["proof"] == "broken" for row in log_rows)
            paper.append({"request": own[0], "rows": own[1:], "proof": self._get_proof(log_rows)})
            rows += own + log_rows
        return {
            "rows": [[_get_cell(row, name) for name in COLUMNS] for row in rows],
            "paper": paper,
            "tally": tally,
            "breaks": breaks,
        }

    def _get_log_keys(self, request):
        """Records whose log belongs to a request."""
        yield ("hc.approval.request", request.id)
        yield ("hc.controlled.action", request.action_id.id)
        for grant in request.break_glass_ids.sorted("id"):
            yield ("hc.approval.break.glass", grant.id)
            yield ("hc.controlled.action", grant.action_id.id)

    def _request_row(self, request):
        action, places = request.action_id, request.currency_id.decimal_places
        return {
            "row_type": "request",
            "request": request.id,
            "kind": request.kind,
            "state": request.state,
            "amount": f"{request.amount:.{places}f}",
            "currency": request.currency_id.name,
            "case_number": request.case_id.name,
            "patient_record_number": request.case_id.patient_id.mrn,
            "facility": request.facility_id.code,
            "who": request.requester_id.login,
            **self._times(request.create_date),
            "reason_code": action.reason_code_id.code,
            "reason": action.justification,
            "policy": request.policy_id.name,
            "policy_version": request.policy_id.version,
            "route": request.route_id.code,
            "round": request.round,
            "content_digest": request.content_digest,
        }

    def _decision_row(self, decision):
        return {
            "row_type": "decision",
            "request": decision.request_id.id,
            "who": decision.user_id.login,
            "on_behalf_of": decision.on_behalf_of_id.login,
            **self._times(decision.decided_at),
            "verdict": decision.verdict,
            "reason": decision.reason,
            "round": decision.round,
            "step": decision.step_id.name,
            "is_void": decision.is_void,
            "break_glass": decision.break_glass_id.id or None,
            "content_digest": decision.content_digest,
        }

    def _evidence_row(self, request, evidence):
        return {
            "row_type": "evidence",
            "request": request.id,
            "document_type": evidence.type_id.code or evidence.evidence_type,
            "document_sha1": evidence.checksum,
            "reason": evidence.text,
        }

    def _entry_row(self, request, entry):
        return {
            "row_type": "entry",
            "request": request.id,
            "state": entry.state,
            "amount": f"{entry.amount_total:.{entry.currency_id.decimal_places}f}",
            "currency": entry.currency_id.name,
            "at_local": entry.date,
            "entry": entry.name,
        }

    def _grant_row(self, grant):
        return {
            "row_type": "break_glass",
            "request": grant.request_id.id,
            "state": grant.state,
            "who": grant.user_id.login,
            "on_behalf_of": grant.reviewer_id.login,
            **self._times(grant.granted_at),
            "verdict": grant.verdict,
            "reason": grant.justification,
            "break_glass": grant.id,
        }

    def _log_rows(self, request, entries, breaks):
        """The rows of one record's chain, each with what recomputing it says."""
        previous, transitions = chain.GENESIS, self.env["hc.transition"]
        for number, entry in enumerate(entries, start=1):
            payload = transitions._hash_payload(entry)
            found = chain.check_row(
                entry["sequence"],
                payload,
                entry["previous_hash"],
                entry["hash"],
                entry["hash_version"],
                number,
                previous,
            ) or self._check_seal(entry)
            if found:
                breaks.append(f"{entry['res_model']},{entry['res_id']}: {found.reason}")
            previous = entry["hash"]
            yield {
                "row_type": "log",
                "request": request.id,
                "log_model": entry["res_model"],
                "log_record": entry["res_id"],
                "log_number": entry["sequence"],
                "log_content": chain.canonical_json(payload),
                "log_previous_hash": entry["previous_hash"],
                "log_hash": entry["hash"],
                "seal_position": entry["seal_position"],
                "seal_previous_hash": entry["seal_previous_hash"],
                "seal_hash": entry["seal_hash"],
                "proof": "broken" if found else "holds",
            }

    def _check_seal(self, entry):
        position = entry["seal_position"]
        if not position:
            return None
        sealed = chain.row_hash(
            {"position": position, "row": entry["hash"]}, entry["seal_previous_hash"]
        )
        if entry["seal_row_hash"] != entry["hash"] or sealed != entry["seal_hash"]:
            return chain.Break(position, "its seal does not match")
        return None

    def _get_proof(self, log_rows):
        return "broken" if any(row["proof"] == "broken" for row in log_rows) else "holds"

    def _read_logs(self, ids_by_model):
        """Log entries with their seals, as ``{(model, id): rows in their order}``."""
        self.env.flush_all()
        found = {}
        columns = SQL(", ").join(SQL.identifier("log", name) for name in _LOG_COLUMNS)
        for model_name, ids in ids_by_model.items():
            rows = self.env.execute_query_dict(
                SQL(
                    """SELECT %s, seal.position AS seal_position, seal.row_hash AS seal_row_hash,
                              seal.previous_hash AS seal_previous_hash, seal.hash AS seal_hash
                         FROM hc_transition log
                    LEFT JOIN hc_transition_seal seal ON seal.transition_id = log.id
                        WHERE log.res_model = %s AND log.res_id = ANY(%s)
                     ORDER BY log.res_id, log.sequence""",
                    columns,
                    model_name,
                    ids,
                )
            )
            for row in rows:
                found.setdefault((model_name, row["res_id"]), []).append(row)
        return found

    def _times(self, moment):
        """A stored time, in UTC and by the clock of the user who exports."""
        if not moment:
            return {}
        in_utc = moment.replace(microsecond=0, tzinfo=timezone.utc)
        return {
            "at_utc": in_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "at_local": in_utc.astimezone(self.env.tz).isoformat(),
        }


def _get_cell(row, name):
    """A value for the file; Odoo's False for an empty text is no answer to a question."""
    value = row.get(name)
    return None if value is False and name != "is_void" else value
