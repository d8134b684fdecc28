# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import os
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from ..models.hc_file_drop import ROOT_OPTION
from ..tools.drop_folder import DropFolder
from .sample_records import create_source

ISA = (
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260302*1200*^*00501*"
    "{number:09d}*0*P*:~GS*{kind}*SENDER*RECEIVER*20260302*1200*{group}*X*{version}~"
)
CLAIMS = ISA.format(number=905, kind="HC", group=77, version="005010X222A1") + (
    "ST*837*0001~BHT*0019*00*B-12*20260302*1200*CH~SE*3*0001~GE*1*77~IEA*1*000000905~"
)
DROP_LOGGER = "odoo.addons.hc_integration.models.hc_file_drop"


class Killed(BaseException):
    """What a killed process leaves undone; nothing in the code may catch it."""


@tagged("post_install", "-at_install")
class TestFileDropOut(HcCommon):
    """Documents leave by a folder once, and the receiver's answers stand on them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name) / "root"
        cls.root.mkdir()
        cls.addClassCleanup(config.__setitem__, ROOT_OPTION, config.get(ROOT_OPTION))
        config[ROOT_OPTION] = str(cls.root)
        cls.source = create_source(cls, "clearing")

    def setUp(self):
        super().setUp()
        self.drop = self.env["hc.file.drop"].create(
            {
                "name": "Out",
                "source_id": self.source.id,
                "folder": self._testMethodName[5:60],
                "direction": "out",
                "document_type": "person_message",
            }
        )
        self.base = self.root / "clearing" / self.drop.folder
        self.numbers = iter(range(1, 100))

    def _look(self, *, later=True):
        if later:
            for file in self.drop.file_ids.filtered(lambda file: file.result == "waiting"):
                file._write_guarded({"seen_at": file.seen_at - timedelta(seconds=60)})
        self.drop._look(lambda *_args, **_kwargs: True)
        self.env.invalidate_all()

    def _document(self, content=CLAIMS, source="clearing", **vals):
        number = f"OUT-{next(self.numbers)}"
        exchange = self.env["hc.exchange"]._send(
            "person_message", source, number, content.encode(), f"{number}.x12", **vals
        )
        return exchange.sudo()

    def _written(self):
        return sorted(path.name for path in (self.base / "out").iterdir())

    def _items(self, record):
        return self.env["hc.work.item"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    def test_a_document_is_written_whole_and_once(self):
        exchange = self._document()
        self._look()
        [name] = self._written()
        self.assertEqual(name, f"{exchange.id}-OUT-1.x12")
        self.assertEqual((self.base / "out" / name).read_text(), CLAIMS)
        self.assertEqual((exchange.state, bool(exchange.written_at)), ("done", True))
        self.assertEqual(self.drop.file_ids.checksum, exchange.checksum)
        (self.base / "out" / name).unlink()
        self._look()
        self.assertEqual(self._written(), [], "the receiver took it: it is not written again")
        self.drop.file_ids._write_guarded({"finished_at": "2020-01-01 00:00:00"})
        self._forget()
        self.assertFalse(self.drop.file_ids)
        self._look()
        self.assertEqual(self._written(), [], "nor when nobody remembers the file")

    def _forget(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("hc_integration.ir_cron_forget_dropped_files").method_direct_trigger()
        self.env.invalidate_all()

    def test_files_are_remembered_as_long_as_the_office_wants(self):
        self._document()
        self._look()
        self._forget()
        self.assertTrue(self.drop.file_ids)
        days = self.env.ref("hc_integration.config_parameter_dropped_file_days")
        self.drop.file_ids._write_guarded({"finished_at": self.env.cr.now() - timedelta(days=40)})
        self._forget()
        self.assertTrue(self.drop.file_ids)
        days.value = "30"
        self._forget()
        self.assertFalse(self.drop.file_ids)

    def test_only_the_receivers_documents_of_the_time_and_company_leave(self):
        self._document(source="somebody-else")
        old = self._document()
        self._document(company=self.env["res.company"].create({"name": "Other office"}))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hc_exchange SET create_date = '2020-01-01' WHERE id = %s", (old.id,)
        )
        self.env.invalidate_all()
        self._look()
        self.assertEqual(self._written(), [])
        self.drop.receiver = "somebody-else"
        self._look()
        self.assertEqual(len(self._written()), 1)

    def test_what_somebody_handed_over_already_is_written_too(self):
        exchange = self._document()
        exchange._finish_sending()
        self._look()
        self.assertEqual(len(self._written()), 1)
        self.assertEqual(exchange.state, "done")

    def test_a_marker_comes_after_the_file(self):
        self.drop.completeness = "marker"
        exchange = self._document()
        self._look()
        name = f"{exchange.id}-OUT-1.x12"
        self.assertEqual(self._written(), [name, f"{name}.done"])

    def test_a_process_killed_anywhere_writes_it_once(self):
        steps = ("write_whole", "find", "publish")
        for step in steps:
            for is_after in (False, True):
                with self.subTest(step=step, is_after=is_after):
                    self._kill_at(step, is_after=is_after)

    def _kill_at(self, step, *, is_after):
        exchange = self._document()
        original = getattr(DropFolder, step)

        def killed(*args, **options):
            if is_after:
                original(*args, **options)
            raise Killed

        with patch.object(DropFolder, step, killed), suppress(Killed):
            self._look()
        name = self.env["hc.file.drop.file"]._name_file(exchange)
        # Whoever gets it takes it away at once.
        taken = (self.base / "out" / name).exists()
        with suppress(FileNotFoundError):
            (self.base / "out" / name).unlink()
        self._look()
        again = (self.base / "out" / name).exists()
        self.assertEqual([taken, again].count(True), 1)
        self.assertEqual(exchange.state, "done")
        self.assertFalse(list((self.base / "work").iterdir()))

    def test_a_changed_document_is_not_written(self):
        exchange = self._document()
        exchange.payload_attachment_id.raw = b"forged"
        with mute_logger("odoo.addons.hc_integration.models.hc_file_drop_out"):
            for _attempt in range(5):
                self._look()
        self.assertEqual(self._written(), [])
        self.assertEqual(exchange.state, "processing")
        self.assertTrue(self._items(self.drop))

    def test_a_link_in_the_path_is_refused(self):
        self._document()
        elsewhere = self.root.parent / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        self.base.mkdir(parents=True)
        os.symlink(elsewhere, self.base / "out")
        with mute_logger(DROP_LOGGER):
            self._look()
        self.assertEqual(list(elsewhere.iterdir()), [])
        self.assertTrue(self.drop.last_error)

    def test_names_of_documents_lead_nowhere_else(self):
        exchange = self._document()
        exchange.payload_attachment_id.name = "../../etc/passwd \n;.sh"
        self._look()
        self.assertEqual(
            self._written(), [f"{exchange.id}-.._.._etc_passwd__;.sh".replace(";", "_")]
        )

    def test_the_receivers_own_answer_stands_on_the_document(self):
        exchange = self._document()
        self._look()
        [name] = self._written()
        (self.base / "in" / f"{name}.ack").write_text("OK")
        self._look()
        self._look()
        self.assertEqual(exchange.acknowledgement, "accepted")
        (self.base / "in" / f"{name}.ack").write_text('{"result": "rejected"}')
        self._look()
        self._look()
        self.assertEqual(exchange.acknowledgement, "rejected")
        self.assertTrue(self._items(exchange))
        (self.base / "in" / "99-other.x12.ack").write_text("OK")
        self._look()
        self._look()
        self.assertEqual(self.drop.file_ids[:1].result, "quarantined")

    def _answer(self, text, source="clearing"):
        number = f"ACK-{next(self.numbers)}"
        exchange, _verdict = self.env["hc.exchange"]._receive(
            "charge_csv", source, number, text.encode(), number
        )
        return exchange

    def test_x12_acknowledgements_are_found_by_their_numbers(self):
        head = ISA.format(number=3, kind="FA", group=9, version="005010X231A1")
        for text, verdict in (
            (head + "ST*999*0001~AK1*HC*77~AK9*A*1*1*1~", "accepted"),
            (head + "ST*999*0001~AK1*HC*0077~AK9*P*1*1*0~", "partly"),
            (head.partition("GS*")[0] + "TA1*000000905*260302*1200*R*006~", "rejected"),
            (head + "ST*277*1~BHT*0085*08*1*20260302~TRN*2*B-12~STC*A1:19*20260302~", "accepted"),
            (head + "ST*277*1~TRN*2*B-12~STC*A1:19*1~TRN*2*C~STC*A7:21*1~", "partly"),
        ):
            with self.subTest(text=text[106:]):
                self.env["hc.exchange"].search([("written_at", "!=", False)])._write_guarded(
                    {"acknowledgement": False}
                )
                exchange = self._document()
                self._look()
                answer = self._answer(text)
                self.assertEqual(exchange.acknowledgement, verdict)
                self.assertEqual(exchange.acknowledged_by_id, answer)

    def test_another_partners_answer_says_nothing(self):
        exchange = self._document()
        self._look()
        head = ISA.format(number=3, kind="FA", group=9, version="005010X231A1")
        self._answer(head + "ST*999*0001~AK1*HC*77~AK9*R*1*1*1~", source="somebody-else")
        self._answer(head + "ST*999*0001~AK1*HC*78~AK9*R*1*1*1~")
        self._answer("ISA*")
        self.assertFalse(exchange.acknowledgement)

    def test_directions_are_what_modules_can_do(self):
        for vals in (
            {"direction": "in", "document_type": "person_message"},
            {"direction": "out", "document_type": "charge_csv"},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self.drop.copy({"folder": "x", **vals})
        with self.assertRaises(AccessError):
            self.drop.write({"direction": "in"})

    def test_pausing_and_observing_write_nothing(self):
        self._document()
        automation = self.env.ref("hc_integration.hc_automation_look_into_file_drops")
        self.env.flush_all()
        cron = self.env.ref("hc_integration.ir_cron_look_into_file_drops")
        with self.enter_registry_test_mode():
            self.source.action_pause()
            cron.method_direct_trigger()
            self.source.action_activate()
            automation._set_mode("observe", "tested")
            cron.method_direct_trigger()
        self.env.invalidate_all()
        out = self.base / "out"
        self.assertEqual(list(out.iterdir()) if out.exists() else [], [])
