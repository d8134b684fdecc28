# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The policy of reminders as an administrator writes it: levels in order, channels, minimum."""

from dataclasses import dataclass
from decimal import Decimal

from .errors import DunningError, check_choice, check_whole
from .money import check_amount

LETTER = "letter"
EMAIL = "email"
SMS = "sms"
PORTAL = "portal"
CALL = "call"
CHANNELS = (LETTER, EMAIL, SMS, PORTAL, CALL)

FROM_BASIS = "basis"
FROM_PREVIOUS = "previous"
DELAY_STARTS = (FROM_BASIS, FROM_PREVIOUS)

UNLESS_OPTED_OUT = "unless_opted_out"
OPTED_IN = "opted_in"
CONSENT_RULES = (UNLESS_OPTED_OUT, OPTED_IN)


@dataclass(frozen=True, slots=True)
class Level:
    """One step of the cadence.

    :param delay_days: since the basis, or since the level before
    :param spacing_days: least days since the level before and since the last contact by whatever
        channel; one or more, so that no day ever sees two levels
    :param fallback_channel: taken where the first cannot be used; empty: none
    :param is_final: the last reminder, which says so
    :param is_precollection: announces what follows; carries the summary of financial assistance
    :param on_workdays: goes out on working days only; a closed day moves it to the next open one
    :param is_required: the law asks for this notice: it goes by letter whatever the party wants
    :raises DunningError: ``number_invalid``, ``choice_unknown``
    """

    code: str
    delay_days: int
    channel: str
    delay_from: str = FROM_BASIS
    spacing_days: int = 7
    fallback_channel: str = ""
    is_final: bool = False
    is_precollection: bool = False
    on_workdays: bool = True
    is_required: bool = False

    def __post_init__(self) -> None:
        check_whole("delay in days", self.delay_days)
        check_whole("spacing in days", self.spacing_days, least=1)
        check_choice("start of the delay", self.delay_from, DELAY_STARTS)
        check_choice("channel", self.channel, CHANNELS)
        check_choice("fallback channel", self.fallback_channel, ("", *CHANNELS))

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels in the order in which they are tried."""
        return (self.channel, self.fallback_channel) if self.fallback_channel else (self.channel,)

    def must_go_by(self, channel: str) -> bool:
        """Whether no wish of the party stops this level by a channel: a required notice on paper.

        A hold, a guardrail and a bad address stop it all the same.

        >>> bill = Level("bill", 5, EMAIL, fallback_channel=LETTER, is_required=True)
        >>> bill.must_go_by(LETTER), bill.must_go_by(EMAIL)
        (True, False)
        """
        return self.is_required and channel == LETTER


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """When a channel may be used.

    :param consent: of ``CONSENT_RULES``
    :param spacing_days: least days since the last contact by this channel; 0: no such rule
    :raises DunningError: ``choice_unknown``, ``number_invalid``
    """

    channel: str
    consent: str
    spacing_days: int = 0

    def __post_init__(self) -> None:
        check_choice("channel", self.channel, CHANNELS)
        check_choice("consent rule", self.consent, CONSENT_RULES)
        check_whole("spacing in days", self.spacing_days)


@dataclass(frozen=True, slots=True)
class CadencePolicy:
    """One version of a cadence.

    :param levels: in the order in which they go out
    :param channel_rules: at most one per channel; a channel without one is never used
    :param minimum_amount: below it nobody is contacted; in ``currency``
    :raises DunningError: ``code_repeated``, ``amount_invalid``
    """

    code: str
    version: int
    currency: str
    levels: tuple[Level, ...]
    channel_rules: tuple[ChannelRule, ...]
    minimum_amount: Decimal = Decimal("0.01")

    def __post_init__(self) -> None:
        _refuse_repeated("levels", [level.code for level in self.levels])
        _refuse_repeated("channel rules", [rule.channel for rule in self.channel_rules])
        check_amount("minimum", self.minimum_amount)

    def position_of(self, code: str) -> int | None:
        """Return where a level stands, from 0; None where this version has no such level."""
        codes = [level.code for level in self.levels]
        return codes.index(code) if code in codes else None

    def rule_of(self, channel: str) -> ChannelRule | None:
        """Return the rule of a channel."""
        return next((rule for rule in self.channel_rules if rule.channel == channel), None)


def _refuse_repeated(what: str, codes: list[str]) -> None:
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    if repeated:
        raise DunningError("code_repeated", what=what, codes=", ".join(repeated))


# The norm of the field: statements at 0-5, 30 and 60 days, the last at 90 with the notice that
# precedes extraordinary action by 30 days, so that placement is possible from day 120. The first
# bill begins the periods of 26 CFR 1.501(r)-6, the notice is 1.501(r)-6(c)(4): both are required.
PROPOSED_LEVELS = (
    Level("statement_1", 5, LETTER, spacing_days=21, is_required=True),
    Level("statement_2", 30, LETTER, spacing_days=21),
    Level("statement_3", 60, LETTER, spacing_days=21),
    Level(
        "final",
        90,
        LETTER,
        spacing_days=21,
        is_final=True,
        is_precollection=True,
        is_required=True,
    ),
)
PROPOSED_CHANNEL_RULES = (
    ChannelRule(LETTER, UNLESS_OPTED_OUT),
    ChannelRule(EMAIL, UNLESS_OPTED_OUT),
    ChannelRule(SMS, OPTED_IN),
    ChannelRule(PORTAL, UNLESS_OPTED_OUT),
    ChannelRule(CALL, UNLESS_OPTED_OUT, spacing_days=7),
)
