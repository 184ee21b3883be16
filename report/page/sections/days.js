// @ts-check
// How many polls were done and answered each day, and what probes cost.

/** @import {Collected, PollDay, ScoreCells, SpendingDay} from "../logic/collected" */

import {timeSpan} from "../charts.js";
import {DAY, dayInWords, startOfDay, weekday} from "../logic/dates.js";
import {groupBy} from "../logic/grouping.js";
import {mean, sum} from "../logic/statistics.js";
import {find} from "../dom.js";
import {counted, formatNumber, showFigure} from "../figures.js";

const MOST_DAILY_BARS = 120;
const FEW_DAYS = 14;  // a calendar of fewer would be a few squares without a date

/**
 * How many placement scores of each day were asked for, answered (with a score, or without the pair), refused, failed,
 * and waited for a place in the quota.
 * @param {ScoreCells} days
 * @returns {Map<number, Answers>}
 * @typedef {Record<"asked" | "answered" | "refused" | "failed" | "waiting", number>} Answers
 */
export function answersByDay(days) {
  /** @type {Map<number, Answers>} */
  const found = new Map();
  for (let i = 0; i < days.length; i++) {
    const day = startOfDay(days.time[i]);
    let answers = found.get(day);
    if (!answers) found.set(day, answers = {asked: 0, answered: 0, refused: 0, failed: 0, waiting: 0});
    answers.answered += days.known[i] + days.absent[i];
    answers.refused += days.refused[i];
    answers.failed += days.failed[i];
    answers.waiting += days.waiting[i];
    answers.asked += days.known[i] + days.absent[i] + days.refused[i] + days.failed[i] + days.waiting[i];
  }
  return found;
}

/**
 * A square of the calendar for each day: its share is that of all scores due that were answered.
 * @param {PollDay[]} days
 * @param {Map<number, Answers>} answers
 * @param {string[]} weekdays names, from Monday
 */
export function calendarRows(days, answers, weekdays) {
  return days.map(({time, polls, due, queries, failed}) => {
    const week = time - weekday(time) * DAY;
    const scores = answers.get(time);
    const answered = scores?.asked ? scores.answered / scores.asked : null;
    return {
      day: time, week, week_end: week + 7 * DAY, weekday: weekdays[weekday(time)],
      name: `${weekdays[weekday(time)]} ${dayInWords(time)}`, polls, expected: due,
      share: Math.min(1, polls / due) * (answered ?? 1), answered, refused: scores?.refused ?? 0,
      unanswered: scores?.failed ?? 0, waiting: scores?.waiting ?? 0, queries, failed,
    };
  });
}

/**
 * @param {Collected} collected
 */
export async function drawCalendar(collected) {
  const rows = calendarRows(collected.polls, answersByDay(collected.days), collected.weekdays);
  const isShort = rows.length <= FEW_DAYS;
  const weekCount = new Set(rows.map(row => row.week)).size;
  find("#calendar .chart").style.maxWidth = `${isShort ? 560 : Math.max(230, 60 + 24 * weekCount)}px`;
  const done = sum(rows.map(row => row.polls));
  const due = sum(rows.map(row => row.expected));
  const share = isShort ? "A bar is the share" : "A square is a day, the darker the larger the share";
  await showFigure("calendar", rows, {
    chart: isShort ? "calendar_of_few" : "calendar",
    caption: `${counted(done, "poll")} done of ${formatNumber(due)} due. ${share} of all scores due that AWS answered.`,
    emptyCaption: "No poll is on record.",
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
  const {spending, budget, begun, last} = collected;
  const total = sum(spending.map(day => day.usd));
  const byWeek = spending.length > MOST_DAILY_BARS ? " A bar is a week's mean." : "";
  await showFigure("spending", spendingRows(spending, budget), {
    caption: `${total.toFixed(2)} US dollars in all; dashed: the daily budget.${byWeek}`,
    emptyCaption: "No probe has cost anything.",
    signals: timeSpan({from: begun, until: last + DAY}),
    allRows: () => spending.map(({time, usd}) => ({from: time, to: time + DAY, usd, budget})),
  });
}
