# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
class EligibilityStory:
    def __init__(self, office, as_of):
        self.office = office
        self.as_of = as_of

    def run(self):
        pass
