# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Segments of accounts: which facts their conditions may name, and how conditions are written.

The rows fit the rule engine of the base, which compiles the conditions and answers them; this
package says which facts there are and reads the text that an administrator writes.
"""

# name, type and label, as the base's register of facts takes them
SEGMENT_FACTS = (
    ("party", "text", "Who owes"),
    ("open_amount", "decimal", "Open amount"),
    ("days_open", "integer", "Age of the oldest balance, in days"),
    ("payer_classes", "text_list", "Payer classes of the open cases"),
    ("payment_behaviour", "text", "Payment behaviour"),
    ("settled", "integer", "Bills settled so far"),
    ("late_percent", "integer", "Of them late, in per cent"),
    ("broken_promises", "integer", "Broken promises"),
    ("priority", "integer", "Priority, 0 to 100"),
    ("plan_state", "text", "Last payment plan"),
    ("is_disputed", "boolean", "In dispute"),
    ("holds", "text_list", "Active holds"),
    ("stage", "text", "Stage"),
    ("is_mail_undeliverable", "boolean", "Mail comes back"),
)

# What a fact of the type text may say
SEGMENT_CHOICES = {
    "party": ("patient", "payer"),
    "payment_behaviour": ("new", "prompt", "slow", "poor"),
    "plan_state": ("none", "proposed", "active", "completed", "defaulted"),
    "stage": ("active", "pre_collections", "placed"),
}

PROMPT_BELOW_PERCENT = 25
SLOW_BELOW_PERCENT = 60


def behaviour_band(late_percent: int | None) -> str:
    """Return how a party pays, in one word, from the share of its bills that were late.

    >>> [behaviour_band(percent) for percent in (None, 0, 25, 60)]
    ['new', 'prompt', 'slow', 'poor']

    :param late_percent: of the settled bills; None where none was settled
    """
    if late_percent is None:
        return "new"
    if late_percent < PROMPT_BELOW_PERCENT:
        return "prompt"
    return "slow" if late_percent < SLOW_BELOW_PERCENT else "poor"


def parse_conditions(text: str | None) -> list[tuple[str, str, str]]:
    """Read one condition a line: the fact, the operator, the value.

    >>> parse_conditions("open_amount at_least 2000\\n\\nparty equals patient")
    [('open_amount', 'at_least', '2000'), ('party', 'equals', 'patient')]
    >>> parse_conditions("days_open is_set")
    [('days_open', 'is_set', '')]
    """
    conditions = []
    for line in (text or "").splitlines():
        fact, _space, rest = line.strip().partition(" ")
        if fact:
            operator, _space, value = rest.strip().partition(" ")
            conditions.append((fact, operator, value.strip()))
    return conditions
