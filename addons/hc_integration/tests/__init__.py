# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import test_feed, test_integration_key, test_integration_source, test_operations_http
from . import test_file_drop
from . import test_payment_guard
