# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Fed to `odoo shell` by `./hc seed`: runs inside Odoo, tells its steps, answers by a JSON file."""

import json
import logging
import os
import sys

sys.path.insert(0, os.environ["HC_SEED_REPOSITORY"])
from hc_tool.seed.plan import make_plan
from hc_tool.seed.run import Seeder


def report(line):
    """Tell the command line about a finished step."""
    sys.stdout.write(f"{os.environ['HC_SEED_MARK']}{line}\n")
    sys.stdout.flush()


try:
    plan = make_plan(int(os.environ["HC_SEED_CASES"]), int(os.environ["HC_SEED_SEED"]))
    result = Seeder(env, plan, report).run()  # noqa: F821
except Exception as error:
    logging.getLogger(__name__).exception("Seeding failed")
    result = {"error": str(error) or type(error).__name__}
with open(os.environ["HC_SEED_RESULT"], "w", encoding="utf-8") as stream:
    json.dump(result, stream)
