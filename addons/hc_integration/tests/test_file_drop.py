# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
import os
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from ..models.hc_file_drop import ROOT_OPTION
from ..tools.drop_folder import DropFolder
from .sample_records import create_source

CONTENT = b"facility_code,encounter_number\nMAIN,E-1\n"
DROP_LOGGER = "odoo.addons.hc_integration.models.hc_file_drop"


class Killed(BaseException):
    """What a killed process leaves undone; nothing in the code may catch it."""


@tagged("post_install", "-at_install")
class TestFileDrop(HcCommon):
    """Files of a folder become documents once, whatever happens on the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name) / "root"
        cls.root.mkdir()
        cls.addClassCleanup(config.__setitem__, ROOT_OPTION, config.get(ROOT_OPTION))
        config[ROOT_OPTION] = str(cls.root)
        cls.source = create_source(cls, "dropping-system")

    def setUp(self):
        super().setUp()
        self.drop = self.env["hc.file.drop"].create(
            {
                "name": "Charges",
                "source_id": self.source.id,
                "folder": self._testMethodName[5:60],
                "document_type": "charge_csv",
            }
        )
        self.base = self.root / "dropping-system" / self.drop.folder
        self.incoming = self.base / "in"
        self._look()

    def _look(self, *, later=True):
        """One turn of the Scheduled Action, a while after the one before."""
        if later:
            files = self.drop.file_ids.filtered(lambda file: not file.finished_at)
            for file in files:
                file._write_guarded({"seen_at": file.seen_at - timedelta(seconds=60)})
        self.drop._look(lambda *_args, **_kwargs: True)
        self.drop.invalidate_recordset()

    def _run_scheduled_action(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("hc_integration.ir_cron_look_into_file_drops").method_direct_trigger()
        self.env.invalidate_all()

    def _put(self, name, content=CONTENT):
        (self.incoming / name).write_bytes(content)

    def _names(self, folder):
        return sorted(path.name.split("-", 1)[-1] for path in (self.base / folder).iterdir())

    def _exchanges(self):
        return self.env["hc.exchange"].search([("source", "=", "dropping-system")])

    def _items(self):
        return self.env["hc.work.item"].search(
            [("res_model", "=", "hc.file.drop"), ("res_id", "=", self.drop.id)]
        )

    def test_a_complete_file_is_stored_acknowledged_and_moved(self):
        self._put("charges.csv")
        self._look()
        self.assertFalse(self._exchanges(), "one look does not tell that a file is complete")
        self._look()
        exchange = self._exchanges()
        self.assertEqual(exchange.create_uid, self.source.user_id)
        self.assertEqual(exchange.company_id, self.source.company_id)
        self.assertEqual(exchange.sudo().payload_attachment_id.raw, CONTENT)
        self.assertEqual(self._names("in"), [])
        self.assertEqual(self._names("work"), [])
        self.assertEqual(self._names("done"), ["charges.csv"])
        [path] = (self.base / "ack").iterdir()
        answer = json.loads(path.read_text())
        self.assertEqual(
            (answer["file"], answer["result"], answer["sha256"], answer["exchange"]),
            ("charges.csv", "received", exchange.checksum, exchange.id),
        )

    def test_a_file_that_still_grows_waits(self):
        self._put("growing.csv", b"one")
        for size in range(3):
            self._look()
            self._put("growing.csv", b"one more" * (size + 1))
        self._look()
        self.assertFalse(self._exchanges())
        self._look(later=False)
        self.assertFalse(self._exchanges(), "two looks in a row are one")
        self._look()
        self.assertEqual(len(self._exchanges()), 1)

    def test_a_marker_says_that_it_is_complete(self):
        self.drop.completeness = "marker"
        self._put("report.csv")
        self._look()
        self._look()
        self.assertFalse(self._exchanges())
        self._put("report.csv.done", b"")
        self._look(later=False)
        self.assertEqual(len(self._exchanges()), 1)
        self.assertEqual(self._names("in"), [])

    def test_the_same_content_is_one_document(self):
        for name in ("first.csv", "second.csv"):
            self._put(name)
            self._look()
            self._look()
        self.assertEqual(len(self._exchanges()), 1)
        self.assertEqual(
            self.drop.file_ids.sorted("id").mapped("result"), ["received", "duplicate"]
        )
        self._put("first.csv", CONTENT + b"MAIN,E-2\n")
        self._look()
        self._look()
        self.assertEqual(len(self._exchanges()), 2, "another content is another document")
        self.assertEqual(self._names("done"), ["first.csv", "first.csv", "second.csv"])

    def test_links_devices_and_odd_names_are_left_alone(self):
        outside = self.root.parent / "outside.csv"
        outside.write_bytes(b"secret")
        (self.incoming / "link.csv").symlink_to(outside)
        os.link(outside, self.incoming / "hard.csv")
        os.mkfifo(self.incoming / "pipe.csv")
        (self.incoming / "folder.csv").mkdir()
        self._put("-rf.csv")
        self._put("new\nline.csv")
        (self.incoming / os.fsdecode(b"bad\xff.csv")).write_bytes(b"x")
        self._put("good.csv")
        self._look()
        self._look()
        self.assertEqual(self._exchanges().mapped("name"), ["good.csv"])
        self.assertEqual(len(list(self.incoming.iterdir())), 7)
        item = self._items()
        self.assertEqual(len(item), 1)
        for name in ("link.csv", "hard.csv", "pipe.csv", "folder.csv", "-rf.csv"):
            self.assertIn(name, item.description)

    def test_no_part_of_the_path_is_a_link(self):
        elsewhere = self.root.parent / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        for replaced in (self.incoming, self.base):
            replaced.rename(replaced.with_name(f"{replaced.name}-kept"))
            replaced.symlink_to(elsewhere)
            (elsewhere / "bait.csv").write_bytes(CONTENT)
            with mute_logger(DROP_LOGGER):
                self._look()
                self._look()
            self.assertIn("link", self.drop.last_error)
            replaced.unlink()
            replaced.with_name(f"{replaced.name}-kept").rename(replaced)
        self.assertFalse(self._exchanges())
        self.assertTrue(self._items())
        self._look()
        self.assertFalse(self.drop.last_error)

    def test_a_folder_is_one_name_and_stays_so(self):
        for folder in ("..", "../x", "a/b", "/etc", "A", "", "x" * 65, ".hidden"):
            with self.subTest(folder=folder), self.assertRaises(ValidationError):
                self.env["hc.file.drop"].create(
                    {
                        "name": "X",
                        "source_id": self.source.id,
                        "folder": folder,
                        "document_type": "charge_csv",
                    }
                )
        with self.assertRaises(UserError):
            self.drop.folder = "elsewhere"

    def test_without_a_root_nothing_is_read(self):
        for root in (None, "", "relative", "/", "/no/such/folder/anywhere"):
            with self.subTest(root=root):
                config[ROOT_OPTION] = root
                self.addCleanup(config.__setitem__, ROOT_OPTION, str(self.root))
                with mute_logger(DROP_LOGGER):
                    self._look()
                self.assertIn(ROOT_OPTION, self.drop.last_error)
        self.assertEqual(len(self._items()), 1)

    def test_after_an_outage_what_lies_there_is_taken_and_nobody_is_asked_any_more(self):
        config[ROOT_OPTION] = None
        self.addCleanup(config.__setitem__, ROOT_OPTION, str(self.root))
        for day in range(3):
            self._put(f"day-{day}.csv", CONTENT + b"%d" % day)
            with mute_logger(DROP_LOGGER):
                self._look()
        self.assertEqual(self._items().state, "open")
        self.assertEqual(self.source.health, "red")
        config[ROOT_OPTION] = str(self.root)
        self._look()
        self._look()
        self.assertEqual(
            sorted(self._exchanges().mapped("name")), ["day-0.csv", "day-1.csv", "day-2.csv"]
        )
        self.assertEqual(self._items().state, "resolved")
        self.env.invalidate_all()
        self.assertEqual(self.source.health, "green")

    def test_what_cannot_be_taken_goes_to_quarantine(self):
        self.drop.max_file_megabytes = 1
        self._put("large.csv", b"x" * (1024 * 1024 + 1))
        self._put("empty.csv", b"")
        self._put("good.csv")
        self._look()
        self._look()
        self.assertEqual(self._exchanges().mapped("name"), ["good.csv"])
        self.assertEqual(
            self._names("quarantine"),
            ["empty.csv", "empty.csv.reason.txt", "large.csv", "large.csv.reason.txt"],
        )
        self.assertEqual(len(self._items()), 2)
        self.assertEqual(len(self._names("ack")), 3)

    def test_an_interrupted_file_goes_on_where_it_stopped(self):
        for step in ("claim", "read_claimed", "write_whole", "finish"):
            for after in (False, True):
                with self.subTest(step=step, after=after):
                    self._interrupt_at(step, after=after)

    def _interrupt_at(self, step, *, after):
        """Die before or after one step on the disk; the database keeps what was committed."""
        name = f"{step}{int(after)}.csv"
        self._put(name, CONTENT + name.encode())
        self._look()
        done = getattr(DropFolder, step)

        def dying(*args):
            if after:
                done(*args)
            raise Killed

        saved = self.env.cr.savepoint(flush=True)

        def committing(*_args, **_kwargs):
            nonlocal saved
            saved.close(rollback=False)
            saved = self.env.cr.savepoint(flush=True)
            return True

        for file in self.drop.file_ids.filtered(lambda file: not file.finished_at):
            file._write_guarded({"seen_at": file.seen_at - timedelta(seconds=60)})
        # The savepoint of an assertRaises would be in the way of those above.
        with patch.object(DropFolder, step, dying), suppress(Killed):
            self.drop._look(committing)
            self.fail(f"{step} was not reached")
        saved.close(rollback=True)
        self.env.invalidate_all()
        self._look()
        file = self.drop.file_ids.filtered(lambda file: file.name == name)
        self.assertEqual(file.mapped("result"), ["received"])
        self.assertTrue(file.finished_at)
        self.assertEqual(len(self._exchanges().filtered(lambda e: e.name == name)), 1)
        self.assertEqual(self._names("done").count(name), 1)
        self.assertEqual(self._names("work"), [])
        self.assertEqual(self._names("ack").count(f"{name}.json"), 1)

    def test_one_file_that_fails_does_not_stop_the_others(self):
        # A user who may not import any more: every file fails, five times each.
        self._put("one.csv")
        self._put("two.csv", CONTENT + b"\n")
        self.source.user_id.sudo().group_ids -= self.env.ref("hc_revenue_base.group_hc_integration")
        self._look()
        for _turn in range(5):
            with mute_logger("odoo.addons.hc_integration.models.hc_file_drop_file"):
                self._look()
        self.assertEqual(set(self.drop.file_ids.mapped("result")), {"quarantined"})
        self._look()
        self.assertEqual(len(self._items()), 2)
        self.assertIn("one.csv", self._names("quarantine"))
        self.assertFalse(self._exchanges())

    def test_an_observed_run_touches_no_file(self):
        self._put("charges.csv")
        self._look()
        with patch.object(type(self.env["hc.automation"]), "_is_observing", lambda _self: True):
            self._look()
        self.assertEqual(self._names("in"), ["charges.csv"])
        self.assertFalse(self._exchanges())

    def test_a_paused_system_brings_nothing(self):
        self._put("charges.csv")
        self.source.action_pause()
        before = self.drop.last_look_at - timedelta(seconds=5)
        self.drop._write_guarded({"last_look_at": before})
        self._run_scheduled_action()
        self.assertEqual(self.drop.last_look_at, before)
        self.source.action_activate()
        self._run_scheduled_action()
        self.assertGreater(self.drop.last_look_at, before)
        self.assertEqual(self.drop.file_ids.mapped("name"), ["charges.csv"])

    def test_nothing_is_taken_in_the_name_of_an_archived_user(self):
        """The folder is shut like the address: what lies there waits, and goes to no quarantine."""
        self._put("charges.csv")
        self.source.user_id.active = False
        with mute_logger(DROP_LOGGER):
            for _turn in range(2):
                self._look()
        self.assertEqual(self._names("in"), ["charges.csv"])
        self.assertFalse(self._exchanges())
        self.assertIn("archived", self.drop.last_error)
        self.source.user_id.active = True
        for _turn in range(2):
            self._look()
        self.assertEqual(len(self._exchanges()), 1)
        self.assertFalse(self.drop.last_error)

    def test_operations_look_into_a_folder_and_send_nothing_elsewhere(self):
        watched = self.drop.with_user(self._create_user("drop.watcher", "operations"))
        for vals in (
            {"receiver": "another-system"},
            {"since": "2020-01-01"},
            {"document_type": "fhir_bundle"},
            {"completeness": "marker"},
            {"max_file_megabytes": 200},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                watched.write(vals)
        watched.write({"active": False})
        watched.write({"active": True})
        self.assertTrue(watched.fields_get(["receiver"])["receiver"]["readonly"])

    def test_only_administrators_make_file_drops(self):
        for role in ("clerk", "manager", "compliance", "operations", "integration"):
            user = self._create_user(f"drop.{role}", role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env["hc.file.drop"].with_user(user).create(
                    {
                        "name": "X",
                        "source_id": self.source.id,
                        "folder": "mine",
                        "document_type": "charge_csv",
                    }
                )
