# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64
import csv
import hashlib
import io
import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..hc_approval_core.trail import COLUMNS, find_breaks
from ..models import hc_approval_export
from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestExport(ApprovalCommon):
    """What is handed out proves itself, and names no patient."""

    def _export(self, user=None, **values):
        today = fields.Date.today()
        wizard = (
            self.env["hc.approval.export.wizard"]
            .with_user(user or self.compliance)
            .create({"date_from": today - timedelta(days=2), "date_to": today, **values})
        )
        action = wizard.action_export()
        return self.env["hc.approval.export"].browse(action["res_id"])

    def _get_files(self, export, ending):
        return export.attachment_ids.sorted("id").filtered(lambda each: each.name.endswith(ending))

    def _read(self, export):
        """The rows of all parts, in their order."""
        rows = []
        for part in self._get_files(export, ".csv"):
            rows += csv.DictReader(io.StringIO(part.raw.decode("utf-8"), newline=""))
        return rows

    def _decide_one(self):
        action = self._request_write_off(4200.0)
        self._approve(action, self.supervisor, self.manager)
        self.env["hc.transition.seal"]._seal(100000)
        return action

    def test_the_trail_says_who_decided_what(self):
        action = self._decide_one()
        request = action.approval_request_ids
        rows = self._read(self._export())
        self.assertEqual(list(rows[0]), list(COLUMNS))
        mine = [row for row in rows if row["request"] == str(request.id)]
        head = mine[0]
        self.assertEqual((head["row_type"], head["kind"]), ("request", "denial_write_off"))
        self.assertEqual((head["amount"], head["currency"]), ("4200.00", "USD"))
        self.assertEqual((head["route"], head["policy_version"]), ("DWO-3", "1"))
        self.assertEqual(head["case_number"], self.case.name)
        self.assertEqual(head["patient_record_number"], self.case.patient_id.mrn)
        decisions = [row for row in mine if row["row_type"] == "decision"]
        self.assertEqual(
            [(row["who"], row["verdict"], row["is_void"]) for row in decisions],
            [("ap.supervisor", "approve", "no"), ("ap.manager", "approve", "no")],
        )
        self.assertEqual(decisions[0]["content_digest"], request.content_digest)
        self.assertEqual((decisions[0]["on_behalf_of"], decisions[0]["reason"]), ("", ""))
        self.assertRegex(decisions[0]["at_utc"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        evidence = [row for row in mine if row["row_type"] == "evidence"]
        self.assertIn(action.evidence_ids.attachment_id[:1].checksum, str(evidence))
        entries = [row["entry"] for row in mine if row["row_type"] == "entry"]
        self.assertEqual(entries, action.entry_ids.mapped("name"))

    def test_times_are_given_by_the_clock_of_the_user_too(self):
        self._decide_one()
        self.compliance.tz = "America/Denver"
        rows = self._read(self._export())
        self.assertRegex(rows[0]["at_local"], r"-0[67]:00$")

    def test_a_stranger_recomputes_the_chains_from_the_file_alone(self):
        self._decide_one()
        export = self._export()
        self.assertEqual(export.proof, "intact")
        self.assertEqual(export.unsealed_count, 0)
        rows = self._read(export)
        logs = [row for row in rows if row["row_type"] == "log"]
        self.assertGreater(len(logs), 6)
        self.assertEqual(
            {row["log_model"] for row in logs}, {"hc.approval.request", "hc.controlled.action"}
        )
        self.assertEqual(list(find_breaks(rows)), [])
        # By hand, without any code of the suite: the second entry of the first record.
        row = next(row for row in logs if row["log_number"] == "2")
        text = row["log_previous_hash"] + "\n" + row["log_content"]
        self.assertEqual("$1$" + hashlib.sha256(text.encode()).hexdigest(), row["log_hash"])

    def test_a_stranger_finds_what_was_changed_or_cut_out(self):
        self._decide_one()
        rows = self._read(self._export())
        numbers = [number for number, row in enumerate(rows) if row["row_type"] == "log"]
        chosen = rows[numbers[1]]
        content = json.loads(chosen["log_content"])
        forged = json.dumps(
            content | {"actor_id": self.clerk.id}, sort_keys=True, separators=(",", ":")
        )
        for changed, words in (
            (dict(chosen, log_content=forged), "content does not match"),
            (dict(chosen, log_record="999999"), "another record"),
            (dict(chosen, seal_position="1"), "seal"),
        ):
            with self.subTest(words):
                breaks = list(find_breaks([changed if row is chosen else row for row in rows]))
                self.assertIn(words, "; ".join(breaks))
        cut = rows[: numbers[1]] + rows[numbers[1] + 1 :]
        self.assertIn("missing", "; ".join(find_breaks(cut)))

    def test_a_stranger_finds_rows_that_do_not_agree_with_the_log(self):
        self._decide_one()
        rows = self._read(self._export())
        request = next(row for row in rows if row["row_type"] == "request")
        decision = next(row for row in rows if row["row_type"] == "decision")
        logs = [row for row in rows if row["log_model"] == "hc.approval.request"]

        def breaks(row, **changed):
            return "; ".join(
                find_breaks([dict(row, **changed) if each is row else each for each in rows])
            )

        self.assertIn("amount is 9.00", breaks(request, amount="9.00"))
        self.assertIn("state is rejected", breaks(request, state="rejected"))
        self.assertIn("decisions", breaks(decision, verdict="reject"))
        self.assertIn("cut off", breaks(rows[-1], proof=None))
        self.assertIn("content", breaks(logs[0], log_content="x"))
        for missing, words in (
            (decision, "decisions"),
            (request, "request "),
            (logs[-1], "state is applied"),
        ):
            with self.subTest(words):
                cut = [row for row in rows if row is not missing]
                self.assertIn(words, "; ".join(find_breaks(cut)))

    def test_a_forged_log_is_named_in_the_export(self):
        action = self._decide_one()
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE hc_transition DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE hc_transition SET reason = 'forged' WHERE res_model = %s AND res_id = %s"
            " AND sequence = 1",
            ["hc.approval.request", action.approval_request_ids.id],
        )
        self.env.cr.execute("ALTER TABLE hc_transition ENABLE TRIGGER USER")
        self.env.invalidate_all()
        export = self._export()
        self.assertEqual(export.proof, "broken")
        self.assertIn(f"hc.approval.request,{action.approval_request_ids.id}", export.proof_text)
        self.assertTrue(list(find_breaks(self._read(export))))

    def test_no_name_of_a_patient_and_no_formula(self):
        self.case.patient_id.last_name = "Featherstonehaugh"
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        request.with_user(self.team_lead)._decide("reject", '=HYPERLINK("http://evil")')
        export = self._export()
        text = b"".join(self._get_files(export, ".csv").mapped("raw")).decode()
        self.assertNotIn("Featherstonehaugh", text)
        self.assertIn("\"'=HYPERLINK", text)
        self.assertEqual(list(find_breaks(self._read(export))), [])

    def test_break_glass_stands_in_the_trail(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        request.with_user(self.director)._break_glass("nobody else is there before the deadline")
        self._approve(action, self.director)
        rows = self._read(self._export())
        grants = [row for row in rows if row["row_type"] == "break_glass"]
        self.assertEqual([row["who"] for row in grants], ["ap.director"])
        decisions = [row for row in rows if row["row_type"] == "decision"]
        self.assertEqual(decisions[-1]["break_glass"], str(request.break_glass_ids.id))
        self.assertIn("hc.approval.break.glass", {row["log_model"] for row in rows})

    def test_the_paper_names_the_csv_by_its_checksum(self):
        self._decide_one()
        with patch.object(type(self.env["hc.pdf"]), "_render", autospec=True) as render:
            render.return_value = b"%PDF-"
            export = self._export()
        files = render.call_args.args[2]["files"]
        part = self._get_files(export, ".csv")
        digest = hashlib.sha256(part.raw).hexdigest()
        self.assertEqual(files, [(part.name, digest)])
        self.assertIn(f"{digest}  {part.name}", export.checksums)
        letter = self._get_files(self._export(), ".pdf")
        self.assertTrue(letter.raw.startswith(b"%PDF-1"))
        self.assertGreater(len(letter.raw), 3000)

    def test_large_trails_come_in_parts(self):
        self._decide_one()
        for number in range(3):
            self._request_write_off(300.0 + number, case=self._create_case(f"AP-X{number}", 10))
        with (
            patch.object(hc_approval_export, "_PART_BYTES", 2000),
            patch.object(hc_approval_export, "_BATCH", 2),
            patch.object(hc_approval_export, "_PAPER_REQUESTS", 1),
        ):
            export = self._export()
        self.assertEqual(len(self._get_files(export, ".csv")), 2)
        rows = self._read(export)
        self.assertEqual(len([row for row in rows if row["row_type"] == "request"]), 4)
        self.assertEqual(export.request_count, 4)
        self.assertEqual(list(find_breaks(rows)), [])

    def test_filters_narrow_it(self):
        action = self._decide_one()
        self._request("not_billable", 100.0, key="other")
        rows = self._read(self._export(kind="denial_write_off", state="applied"))
        requests = [row["request"] for row in rows if row["row_type"] == "request"]
        self.assertEqual(requests, [str(action.approval_request_ids.id)])
        with self.assertRaisesRegex(UserError, "No request matches"):
            self._export(facility_ids=self.other_facility.ids)
        with self.assertRaisesRegex(UserError, "last day"):
            self._export(date_from="2030-01-01")

    def test_only_three_roles_export_and_each_export_is_logged(self):
        self._decide_one()
        for user in (self.clerk, self.manager, self.operations, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._export(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["hc.approval.export"].with_user(user)._export(
                    fields.Date.today(), fields.Date.today()
                )
        for user in (self.compliance, self.finance_manager, self.director):
            export = self._export(user)
            entry = self.env["hc.transition"].search(
                [("res_model", "=", "hc.approval.export"), ("res_id", "=", export.id)]
            )
            self.assertEqual((entry.actor_id, entry.facts["requests"]), (user, 1))
            self.assertEqual(
                entry.facts["sha256"], [line[:64] for line in export.checksums.splitlines()]
            )
            self.assertTrue(export.with_user(self.compliance).attachment_ids[0].raw)
        with self.assertRaises(AccessError):
            export.attachment_ids.with_user(self.clerk).read(["raw"])

    def test_exports_stay_as_they_were_handed_out(self):
        self._decide_one()
        export = self._export()
        for user in (self.compliance, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    export.with_user(user).write({"checksums": "x"})
                with self.assertRaises(UserError):
                    export.with_user(user).unlink()
        with self.assertRaises(UserError):
            export.sudo().unlink()
        with self.assertRaises(UserError):
            export.attachment_ids[0].sudo().write({"datas": base64.b64encode(b"x")})
        with self.assertRaises(UserError):
            export.attachment_ids.sudo().unlink()
