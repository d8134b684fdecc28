# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import re

from odoo import api, models

from ..hc_core import rules as core
from ..hc_core.errors import PatternError
from ..hc_core.safe_pattern import compile_pattern

_ZIP_DIGITS = re.compile(r"(\d{5})[ -]?(\d{4})?", re.ASCII)


class HcBillingCase(models.Model):
    """Where a finding is fixed: by the engine itself where that is safe, else by a person."""

    _inherit = "hc.billing.case"

    def _apply_auto_fixes(self, verdicts):
        """Make the safe fixes of the rules that failed, and log each.

        :return: ids of the cases that changed
        """
        changed_ids = set()
        for case_id, verdict in verdicts.items():
            for result in verdict.evaluation.findings:
                name = verdict.compiled.info[result.code].auto_fix
                if name == "none" or result.outcome != core.FAILED:
                    continue
                if getattr(verdict.case, f"_auto_fix_{name}")():
                    verdict.case._log_decision(
                        facts={"auto_fix": name, "rule": result.code}, kind="event"
                    )
                    changed_ids.add(case_id)
        return sorted(changed_ids)

    def _auto_fix_normalize_member_id(self):
        """Remove what people type between the characters of a member id.

        Done only where the payer says what its ids look like and the result does.
        """
        self.ensure_one()
        coverage = self.encounter_id.primary_coverage_id
        pattern = coverage.payer_id.member_id_pattern
        clean = re.sub(r"[\s.\-/]+", "", coverage.member_id or "").upper()
        if not pattern or clean == coverage.member_id:
            return False
        try:
            if not compile_pattern(pattern)(clean):
                return False
        except PatternError:
            return False
        coverage.member_id = clean
        return True

    def _auto_fix_normalize_address(self):
        """Strip and single the spaces of the address and write the ZIP code as 12345-6789."""
        self.ensure_one()
        patient = self.patient_id
        clean = {
            name: " ".join(patient[name].split())
            for name in ("street", "street2", "city", "zip")
            if patient[name]
        }
        match = _ZIP_DIGITS.fullmatch(clean.get("zip", ""))
        if match:
            clean["zip"] = "-".join(part for part in match.groups() if part)
        changed = {name: value for name, value in clean.items() if value != patient[name]}
        if changed:
            patient.write(changed)
        return bool(changed)

    @api.model
    def _get_fix_models(self):
        """Models whose records a finding may send people to; a sibling adds its own."""
        return [
            "hc.patient",
            "hc.coverage",
            "hc.authorization",
            "hc.encounter",
            "hc.billing.case",
            "hc.document",
            "hc.facility",
            "hc.payer",
        ]

    def _get_fix_target(self, model_name):
        """The record of the case to open for a fix, and defaults for a new one.

        :return: ``(record, context)``; an empty record opens a form to create it
        """
        self.ensure_one()
        encounter = self.encounter_id
        defaults = {"default_patient_id": self.patient_id.id}
        targets = {
            "hc.patient": self.patient_id,
            "hc.coverage": encounter.primary_coverage_id or encounter,
            "hc.authorization": encounter.authorization_id or encounter,
            "hc.facility": self.facility_id,
            "hc.payer": self.payer_id or encounter,
            "hc.billing.case": self,
        }
        if model_name == "hc.document":
            return self.env["hc.document"], {**defaults, "default_encounter_id": encounter.id}
        return targets.get(model_name, encounter), {}
