# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is wrong with a cadence although each of its levels can be understood."""

from collections.abc import Iterator
from dataclasses import dataclass

from .cadence_policy import FROM_BASIS, FROM_PREVIOUS, LETTER, CadencePolicy, Level

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing to look at: stable code, severity, the level it is about, words."""

    code: str
    severity: str
    level: str
    words: str


def lint(policy: CadencePolicy) -> tuple[LintFinding, ...]:
    """Return what an administrator must (error) or should (warning) repair before publication.

    >>> from .cadence_policy import PROPOSED_CHANNEL_RULES as rules, PROPOSED_LEVELS as levels
    >>> lint(CadencePolicy("norm", 1, "USD", levels, rules))
    ()
    >>> [finding.code for finding in lint(CadencePolicy("norm", 1, "USD", levels[3:], rules))]
    ['final_without_notice']
    """
    if not policy.levels:
        return (LintFinding("no_levels", ERROR, "", "The cadence has no level."),)
    return (
        *_judge_delays(policy.levels),
        *_judge_channels(policy),
        *_judge_ends(policy.levels),
    )


def _judge_delays(levels: tuple[Level, ...]) -> Iterator[LintFinding]:
    if levels[0].delay_from == FROM_PREVIOUS:
        yield LintFinding(
            "no_previous",
            ERROR,
            levels[0].code,
            "The first level has no level before it: count its delay from the basis.",
        )
    for before, level in zip(levels, levels[1:], strict=False):
        if level.delay_from == FROM_PREVIOUS:
            apart = level.delay_days
        elif before.delay_from == FROM_BASIS:
            apart = level.delay_days - before.delay_days
        else:
            # A delay from the basis after one from the level before: nobody knows the distance.
            continue
        if apart <= 0:
            yield LintFinding(
                "delay_not_ascending",
                ERROR,
                level.code,
                f"The level is due {apart} days after {before.code}: levels come one by one.",
            )
        elif apart < level.spacing_days:
            yield LintFinding(
                "delay_below_spacing",
                WARNING,
                level.code,
                f"The level is due {apart} days after {before.code}, but its spacing of "
                f"{level.spacing_days} days moves it.",
            )


def _judge_channels(policy: CadencePolicy) -> Iterator[LintFinding]:
    for level in policy.levels:
        for channel in level.channels:
            if policy.rule_of(channel) is None:
                yield LintFinding(
                    "channel_without_rule",
                    ERROR,
                    level.code,
                    f"The channel {channel} has no consent rule and would never be used.",
                )
        if level.is_required and LETTER not in level.channels:
            yield LintFinding(
                "required_not_by_letter",
                ERROR,
                level.code,
                "A required notice goes by letter where the party wants no other: name it, if only "
                "as the other channel.",
            )
        if level.channel == level.fallback_channel:
            yield LintFinding(
                "fallback_same", WARNING, level.code, "The fallback is the channel itself."
            )


def _judge_ends(levels: tuple[Level, ...]) -> Iterator[LintFinding]:
    seen_final = False
    for position, level in enumerate(levels):
        if (level.is_final or level.is_precollection) and not position:
            yield LintFinding(
                "final_without_notice",
                ERROR,
                level.code,
                "Nothing went out before the final level: begin with a statement.",
            )
        if seen_final and not level.is_precollection:
            yield LintFinding(
                "level_after_final", ERROR, level.code, "A level follows the final one."
            )
        seen_final = seen_final or level.is_final
        if level.is_precollection and not seen_final:
            yield LintFinding(
                "precollection_before_final",
                ERROR,
                level.code,
                "The notice before collection comes before any final reminder.",
            )
        if level.is_precollection and level.channel != LETTER:
            yield LintFinding(
                "precollection_not_written",
                ERROR,
                level.code,
                "The notice before extraordinary action is a letter (26 CFR 1.501(r)-6(c)(4)).",
            )
        if level.is_precollection and not level.is_required:
            yield LintFinding(
                "precollection_optional",
                WARNING,
                level.code,
                "Who wants no letters does not get the notice before collection, and is never "
                "placed: mark it as a required notice.",
            )
    if not seen_final:
        yield LintFinding(
            "no_final", WARNING, levels[-1].code, "No level says that it is the last reminder."
        )
