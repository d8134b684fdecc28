# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files are written while the process is killed at random points, and taken away at once."""

import time
from collections import Counter
from pathlib import Path

import killed_workers

FILES = 60
KILLS = 15
STEP_SECONDS = 0.01
SECONDS_AT_WORK = (0.0, 0.15)
CODE = "killed-out"


def _write(registry, marks):
    from odoo.addons.hc_integration.tools.drop_folder import DropFolder

    def slow(step):
        def slowly(*args):
            (marks / "at-work").touch()
            time.sleep(STEP_SECONDS)
            result = step(*args)
            time.sleep(STEP_SECONDS)
            return result

        return slowly

    for name in ("find", "write_whole", "publish"):
        setattr(DropFolder, name, slow(getattr(DropFolder, name)))
    with registry.cursor() as cursor:
        env = killed_workers.open_environment(cursor)
        drop = env["hc.file.drop"].search([("source_id.code", "=", CODE)])
        drop._look(env["ir.cron"]._commit_progress)
        cursor.commit()


def _take(root, marks):
    """Take away what lies there, as the receiver does, and note it."""
    out = root / CODE / "out" / "out"
    with (marks / "taken").open("a") as taken:
        for path in sorted(out.iterdir()) if out.exists() else ():
            taken.write(f"{path.name} {path.read_text()}\n")
            path.unlink()


def _kill_and_replace(database, marks, root):
    from odoo.tools import config

    registry = killed_workers.load(database)
    config["hc_file_drop_root"] = str(root)
    for _kill in range(KILLS):
        (marks / "at-work").unlink(missing_ok=True)
        pid = killed_workers.fork(_write, registry, marks)
        was_at_work = killed_workers.kill_at_work(
            pid, (marks / "at-work").exists, SECONDS_AT_WORK, patience_seconds=15
        )
        assert was_at_work, "all was written before the last kill"
        _take(root, marks)
    for _last in range(2):
        assert killed_workers.ended_well(killed_workers.fork(_write, registry, marks))
        _take(root, marks)


def _start(env):
    group = env.ref("hc_revenue_base.group_hc_integration")
    user = env["res.users"].create({"name": CODE, "login": CODE, "group_ids": [(4, group.id)]})
    secret = env["hc.secret"].create({"name": CODE, "code": CODE, "value": "x" * 40})
    source = env["hc.integration.source"].create(
        {"name": CODE, "code": CODE, "user_id": user.id, "secret_id": secret.id}
    )
    source.action_activate()
    env["hc.file.drop"].create(
        {
            "name": CODE,
            "source_id": source.id,
            "folder": "out",
            "direction": "out",
            "document_type": "person_message",
        }
    )
    for number in range(FILES):
        name = f"f{number}.txt"
        env["hc.exchange"]._send("person_message", CODE, name, name.encode(), name)
    env.cr.commit()


def test_killed_file_drop_writes_each_document_once(own_env, own_database, tmp_path):
    root, marks = tmp_path / "root", tmp_path / "marks"
    root.mkdir()
    marks.mkdir()
    with own_env() as env:
        _start(env)
    killed_workers.run_apart(_kill_and_replace, own_database, Path(marks), Path(root))
    taken = Counter(line.split()[1] for line in (marks / "taken").read_text().splitlines())
    assert taken == Counter(f"f{number}.txt" for number in range(FILES)), "each whole and once"
    with own_env() as env:
        exchanges = env["hc.exchange"].search([("source", "=", CODE)])
        assert set(exchanges.mapped("state")) == {"done"}
        assert all(exchanges.mapped("written_at"))
    assert not list((root / CODE / "out" / "work").iterdir())
