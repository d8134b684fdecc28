# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How good the advice is that the suite gives by itself, measured on samples of others.

Nothing here is product code and no sample is shipped. Figures are of cases that nothing was learned
from: cross-validated where something is learned, a later half where time matters.
"""

import sys

from ..paths import REPOSITORY

for _name in ("hc_ai_assist", "hc_collections", "hc_revenue_base"):
    _folder = str(REPOSITORY / "addons" / _name)
    if _folder not in sys.path:
        sys.path.append(_folder)
