# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Fed to `odoo shell` by `./hc import`: runs inside Odoo, answers by a JSON file."""

import json
import logging
import os

IMPORT_METHOD = "_run_charge_import"

result = {}
try:
    importer = getattr(env["hc.exchange"], IMPORT_METHOD)  # noqa: F821
    result["counters"] = importer(os.environ["HC_IMPORT_FILE"], os.environ["HC_IMPORT_SOURCE"])
    env.cr.commit()  # noqa: F821
except Exception as error:
    logging.getLogger(__name__).exception("Import failed")
    result = {"error": str(error) or type(error).__name__}
with open(os.environ["HC_SCRIPT_RESULT"], "w", encoding="utf-8") as stream:
    json.dump(result, stream, default=str)
