// @ts-check
// How many polls were done each day, and what probes cost.

/** @import {Collected, PollDay, SpendingDay} from "../logic/collected" */

import {timeSpan} from "../charts.js";
import {DAY, weekday} from "../logic/dates.js";
import {groupBy} from "../logic/grouping.js";
import {mean, sum} from "../logic/statistics.js";
import {find} from "../dom.js";
import {formatNumber, nothingCollected, showFigure} from "../figures.js";

const MOST_DAILY_BARS = 120;

/**
 * A square of the calendar for each day.
 * @param {PollDay[]} days
 * @param {string[]} weekdays names, from Monday
 */
export function calendarRows(days, weekdays) {
  return days.map(({time, polls, due, queries, failed}) => {
    const week = time - weekday(time) * DAY;
    return {
      day: time, week, week_end: week + 7 * DAY, weekday: weekdays[weekday(time)], polls, expected: due,
      share: Math.min(1, polls / due), queries, failed,
    };
  });
}

/**
 * @param {Collected} collected
 */
export async function drawCalendar(collected) {
  const rows = calendarRows(collected.polls, collected.weekdays);
  const weekCount = new Set(rows.map(row => row.week)).size;
  find("#calendar .chart").style.maxWidth = `${Math.max(230, 60 + 24 * weekCount)}px`;
  const done = sum(rows.map(row => row.polls));
  const due = sum(rows.map(row => row.expected));
  await showFigure("calendar", rows, {
    caption: `${formatNumber(done)} polls done of ${formatNumber(due)} due; a square is a day.`,
    emptyCaption: nothingCollected(collected),
  });
}

/**
 * Bars of the mean daily spending: over each day; of a long time over each 7 days since 1970-01-01 that have any.
 * @param {SpendingDay[]} days
 * @param {number} budget
 */
export function spendingRows(days, budget) {
  const width = (days.length > MOST_DAILY_BARS ? 7 : 1) * DAY;
  return [...groupBy(days, day => Math.floor(day.time / width) * width)].map(([from, group]) => (
    {from, to: from + width, usd: mean(group.map(day => day.usd)), budget}));
}

/**
 * @param {Collected} collected
 */
export async function drawSpending(collected) {
  const {spending, budget, first, last} = collected;
  const total = sum(spending.map(day => day.usd));
  const byWeek = spending.length > MOST_DAILY_BARS ? " A bar is a week's mean." : "";
  await showFigure("spending", spendingRows(spending, budget), {
    caption: `${total.toFixed(2)} US dollars in all; dashed: the daily budget.${byWeek}`,
    emptyCaption: nothingCollected(collected),
    signals: timeSpan({from: first, until: last + DAY}),
  });
}
