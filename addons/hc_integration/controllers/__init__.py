# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import border_dispatcher
from . import inbound
from . import operations
from . import payment_demo, stripe
from . import standby
