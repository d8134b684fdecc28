# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_transport_tariff
from . import hc_transport_request
from . import hc_transport_request_review
from . import hc_transport_request_carrier
from . import hc_transport_request_money
from . import hc_work_item
from . import hc_controlled_action
from . import hc_exchange
from . import hc_billing_case
from . import hc_kpi_provider
from . import hc_operation
