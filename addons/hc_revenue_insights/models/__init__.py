# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_health_page
from . import hc_kpi_alert_rule
from . import hc_kpi_alert
from . import hc_kpi_alert_telling
from . import hc_kpi_collection_rate
from . import hc_kpi_promptness
from . import hc_kpi_provider
from . import hc_kpi_snapshot
from . import hc_kpi_snapshot_day
from . import hc_kpi_snapshot_reader
from . import hc_kpi_snapshot_taker
from . import hc_work_item
from . import ir_cron
from . import ir_http
