# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..hc_dunning_core.cadence_policy import (
    CALL,
    CHANNELS,
    FROM_PREVIOUS,
    LETTER,
    OPTED_IN,
)
from ..hc_dunning_core.cadence_table import (
    CALLS_HELD,
    DECISION_TABLE,
    DUE,
    NO_CONSENT,
    UNREACHABLE,
)

# Closed days are looked up this far ahead.
_CALENDAR_DAYS = 800


def _get_operand(name):
    """A column of the table, or its constant."""
    return SQL("%s", name.strip("'")) if name.startswith("'") else SQL.identifier(name)


def _get_reason():
    """The pure table as one CASE: the first true condition names the reason."""
    branches = [
        SQL(
            "WHEN %s %s %s THEN %s",
            SQL.identifier(condition.left),
            # A sign of the pure table, none of the user's.
            SQL(condition.operator),
            _get_operand(condition.right) if condition.right else SQL(),
            condition.code,
        )
        for condition in DECISION_TABLE
    ]
    return SQL("CASE %s ELSE %s END", SQL(" ").join(branches), DUE)


def _get_problem(channel, rule):
    """Why a channel cannot be used, or NULL; both are names in the query."""
    name, rule = SQL.identifier(*channel.split(".")), SQL.identifier(rule)
    return SQL(
        """
        CASE WHEN %(name)s = %(call)s AND step.calls_held THEN %(held)s
             WHEN %(rule)s.consent IS NULL
               OR (NOT (next.is_required_notice IS TRUE AND %(name)s = %(letter)s)
                   AND (%(name)s = ANY(step.opted_out)
                        OR (%(rule)s.consent = %(opted_in)s
                            AND NOT %(name)s = ANY(step.opted_in))))
             THEN %(no_consent)s
             WHEN NOT %(name)s = ANY(step.reachable) THEN %(unreachable)s END
        """,
        name=name,
        rule=rule,
        call=CALL,
        letter=LETTER,
        held=CALLS_HELD,
        opted_in=OPTED_IN,
        no_consent=NO_CONSENT,
        unreachable=UNREACHABLE,
    )


class HcCadenceFacts(models.AbstractModel):
    """The decision of the pure cadence, for all accounts in one query."""

    _inherit = "hc.cadence.facts"

    @api.model
    def _get_decisions_query(self, policy, company, as_of, accounts=None):
        """Per account: level, channel, when it is due, and the reason of the decision table."""
        return SQL(
            "SELECT dated.*, %s AS reason FROM (%s) dated",
            _get_reason(),
            self._get_columns_query(policy, company, as_of, accounts),
        )

    @api.model
    def _get_columns_query(self, policy, company, as_of, accounts):
        """The columns of the decision table."""
        workdays = self._get_workdays(company)
        days = [as_of + timedelta(days=step) for step in range(_CALENDAR_DAYS)]
        closed = [day for day in days if not workdays.is_open(day)]
        return SQL(
            """
            SELECT timed.*, %(as_of)s::date AS as_of, 0::numeric AS zero,
                   %(currency)s AS policy_currency, %(minimum)s::numeric AS minimum_amount,
                   open_amount - held_amount AS followed_amount,
                   coalesce(closed.next_open, greatest(due_on, lawful_on, %(as_of)s))
                   AS earliest_on
              FROM (%(timed)s) timed
         LEFT JOIN unnest(%(closed)s::date[], %(opens)s::date[]) AS closed(day, next_open)
                ON closed.day = greatest(timed.due_on, timed.lawful_on, %(as_of)s)
               AND timed.on_workdays AND timed.due_on IS NOT NULL
            """,
            as_of=as_of,
            currency=policy.currency_id.name,
            minimum=policy._to_core().minimum_amount,
            timed=self._get_timed_query(policy, company, as_of, accounts),
            closed=closed,
            opens=[workdays.next_open(day) for day in closed],
        )

    @api.model
    def _get_timed_query(self, policy, company, as_of, accounts):
        """When the chosen channel of the next level is due."""
        last_contact = SQL(
            "greatest(%s)",
            SQL(", ").join(SQL.identifier(f"{channel}_on") for channel in CHANNELS),
        )
        same_channel = SQL(
            "CASE chosen.channel %s END",
            SQL(" ").join(
                SQL("WHEN %s THEN %s", channel, SQL.identifier(f"{channel}_on"))
                for channel in CHANNELS
            ),
        )
        return SQL(
            """
            SELECT chosen.*,
                   CASE WHEN level IS NULL OR basis_on IS NULL THEN NULL ELSE greatest(
                        CASE WHEN delay_from = %(from_previous)s
                             THEN coalesce(told_on, basis_on) ELSE basis_on END + delay_days,
                        last_level_on + chosen.spacing_days,
                        %(last_contact)s + chosen.spacing_days,
                        %(same_channel)s + rule.spacing_days) END AS due_on
              FROM (%(chosen)s) chosen
         LEFT JOIN hc_cadence_channel rule
                ON rule.policy_id = %(policy)s AND rule.channel = chosen.channel
            """,
            from_previous=FROM_PREVIOUS,
            last_contact=last_contact,
            same_channel=same_channel,
            chosen=self._get_chosen_query(policy, company, as_of, accounts),
            policy=policy.id,
        )

    @api.model
    def _get_chosen_query(self, policy, company, as_of, accounts):
        """The next level and the first of its channels that can be used."""
        return SQL(
            """
            SELECT tried.*,
                   CASE WHEN level IS NULL THEN ''
                        WHEN first_problem IS NULL THEN first_channel
                        WHEN second_channel IS NOT NULL AND second_problem IS NULL
                        THEN second_channel ELSE '' END AS channel,
                   CASE WHEN second_channel IS NULL OR second_problem IS NOT NULL
                        THEN first_problem END AS channel_problem
              FROM (SELECT step.*, next.id AS level_id, next.code AS level,
                           next.delay_days, next.delay_from, next.spacing_days,
                           next.on_workdays, next.channel AS first_channel,
                           next.fallback_channel AS second_channel,
                           CASE WHEN next.id IS NOT NULL THEN %(first_problem)s END
                                AS first_problem,
                           CASE WHEN next.id IS NOT NULL THEN %(second_problem)s END
                                AS second_problem
                      FROM (%(steps)s) step
                 LEFT JOIN (%(levels)s) next ON next.place = step.place
                 LEFT JOIN hc_cadence_channel first_rule
                        ON first_rule.policy_id = %(policy)s
                       AND first_rule.channel = next.channel
                 LEFT JOIN hc_cadence_channel second_rule
                        ON second_rule.policy_id = %(policy)s
                       AND second_rule.channel = next.fallback_channel) tried
            """,
            first_problem=_get_problem("next.channel", "first_rule"),
            second_problem=_get_problem("next.fallback_channel", "second_rule"),
            steps=self._get_steps_query(policy, company, as_of, accounts),
            levels=self._get_levels_query(policy),
            policy=policy.id,
        )
