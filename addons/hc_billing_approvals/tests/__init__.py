# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import test_account
from . import test_border
from . import test_break_glass
from . import test_deciding
from . import test_duty
from . import test_evidence
from . import test_ladder
from . import test_export
from . import test_kpis
from . import test_legitimate_accounting
from . import test_native_paths
from . import test_notices
from . import test_people
from . import test_policy
from . import test_recent
from . import test_review
from . import test_seams
from . import test_withdrawal
from . import test_workbench
