# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files are taken while the process is killed at random points: each becomes one document."""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

FILES = 60
KILLS = 15
STEP_SECONDS = 0.01
SECONDS_AT_WORK = (0.0, 0.15)
PATIENCE_SECONDS = 180
CODE = "killed-drop"


def _drain(database, folder):
    import odoo
    from odoo.modules.registry import Registry

    from odoo.addons.hc_integration.tools.drop_folder import DropFolder

    own = folder / str(os.getpid())

    def slow(step):
        def slowly(*args):
            own.touch()
            time.sleep(STEP_SECONDS)
            result = step(*args)
            time.sleep(STEP_SECONDS)
            return result

        return slowly

    for name in ("claim", "read_claimed", "write_whole", "finish"):
        setattr(DropFolder, name, slow(getattr(DropFolder, name)))
    with Registry(database).cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        drop = env["hc.file.drop"].search([("source_id.code", "=", CODE)])
        drop._look(env["ir.cron"]._commit_progress)
        cursor.commit()


def _fork(database, folder):
    pid = os.fork()
    if not pid:
        status = 1
        try:
            _drain(database, folder)
            status = 0
        finally:
            os._exit(status)
    return pid


def _kill_and_replace(config, database, folder, root):
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    odoo_config.parse_config([f"--config={config}", "--max-cron-threads=0"])
    odoo_config["hc_file_drop_root"] = str(root)
    Registry(database)
    odoo.sql_db.close_all()
    for _kill in range(KILLS):
        pid = _fork(database, folder)
        while not (folder / str(pid)).exists():
            time.sleep(0.005)
        time.sleep(random.uniform(*SECONDS_AT_WORK))
        os.kill(pid, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(pid, 0)[1]), "all was taken before the last kill"
    for _last in range(2):
        assert os.waitpid(_fork(database, folder), 0)[1] == 0


def _start(env, incoming):
    """A file drop with a marked file each in its folder; returns its id."""
    user = env["res.users"].create(
        {
            "name": "Dropping System",
            "login": CODE,
            "group_ids": [(4, env.ref("hc_revenue_base.group_hc_integration").id)],
        }
    )
    secret = env["hc.secret"].create({"name": CODE, "code": CODE, "value": "x" * 40})
    source = env["hc.integration.source"].create(
        {"name": CODE, "code": CODE, "user_id": user.id, "secret_id": secret.id}
    )
    source.action_activate()
    drop = env["hc.file.drop"].create(
        {
            "name": CODE,
            "source_id": source.id,
            "folder": "charges",
            "document_type": "charge_csv",
            "completeness": "marker",
        }
    )
    incoming.mkdir(parents=True)
    for number in range(FILES):
        (incoming / f"f{number}.csv").write_text(f"number\n{number}\n")
        (incoming / f"f{number}.csv.done").touch()
    env.cr.commit()
    return drop.id


def test_killed_file_drop_takes_each_file_once(own_env, own_database, tmp_path):
    root = tmp_path / "root"
    base = root / CODE / "charges"
    with own_env() as env:
        drop_id = _start(env, base / "in")
    marks = Path(tmp_path / "marks")
    marks.mkdir()
    process = multiprocessing.get_context("spawn").Process(
        target=_kill_and_replace,
        args=(os.environ["HC_TEST_CONFIG"], own_database, marks, root),
        daemon=True,
    )
    process.start()
    process.join(PATIENCE_SECONDS)
    assert process.exitcode == 0
    names = {f"f{number}.csv" for number in range(FILES)}
    with own_env() as env:
        exchanges = env["hc.exchange"].search([("source", "=", CODE)])
        assert Counter(exchanges.mapped("name")) == Counter(names), "each once"
        files = env["hc.file.drop"].browse(drop_id).file_ids
        assert Counter(files.mapped("name")) == Counter(names)
        assert all(files.mapped("finished_at"))
        assert set(files.mapped("result")) == {"received"}
    for folder, suffix in (("done", ""), ("ack", ".json")):
        found = Counter(path.name.split("-", 1)[1] for path in (base / folder).iterdir())
        assert found == Counter(name + suffix for name in names), folder
    assert not list((base / "in").iterdir())
    assert not list((base / "work").iterdir())
