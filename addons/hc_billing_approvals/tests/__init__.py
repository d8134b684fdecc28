# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import test_border
from . import test_deciding
from . import test_duty
from . import test_evidence
from . import test_native_paths
from . import test_policy
from . import test_withdrawal
from . import test_workbench
