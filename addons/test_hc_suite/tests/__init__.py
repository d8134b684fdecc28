# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import test_access
from . import test_automations
from . import test_buttons
from . import test_credits
from . import test_event_stories
from . import test_fields
from . import test_hostile_stories
from . import test_lifecycles
from . import test_mail_templates
from . import test_menus
from . import test_payment_reconciliation
from . import test_public_methods
from . import test_state_writes
from . import test_stripe_payments
from . import test_views
from . import test_message_stories
from . import test_stripe_begun
from . import test_advice_claims
from . import test_advice_collections
