# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import hc_integration_source
from . import hc_event_type
from . import hc_event_subscription
from . import hc_event_subscription_line
from . import hc_event_subscription_condition
from . import hc_event_subscription_header
from . import hc_event_subscription_sending
from . import hc_event_subscription_health
from . import hc_event_endpoint
from . import hc_event_delivery
from . import hc_event_delivery_drain
from . import hc_event_delivery_send
from . import hc_event_delivery_screens
from . import hc_transition_outbox
from . import ir_actions_server_event
