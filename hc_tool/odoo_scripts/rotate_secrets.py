# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Fed to `odoo shell` by `./hc secrets rotate`: runs inside Odoo, answers by a JSON file."""

import json
import logging
import os

try:
    result = env["hc.secret"]._rotate_keys()  # noqa: F821
    env.cr.commit()  # noqa: F821
except Exception as error:
    logging.getLogger(__name__).exception("Rotation failed")
    result = {"error": str(error) or type(error).__name__}
with open(os.environ["HC_SCRIPT_RESULT"], "w", encoding="utf-8") as stream:
    json.dump(result, stream)
