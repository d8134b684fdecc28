# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import controllers, models
from .hooks import uninstall_hook
from .tools.json_logs import install as post_load
