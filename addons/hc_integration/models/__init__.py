# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_integration_source
from . import hc_integration_source_inbound
from . import hc_integration_rate
from . import hc_integration_refusal
from . import hc_exchange_event
from . import hc_exchange_event_drain
from . import hc_integration_source_messages
