# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import test_health
from . import test_json_logs
from . import test_kpi_alerts
from . import test_kpi_ledger
from . import test_kpi_snapshots
