// @ts-check
// Times are milliseconds since 1970 on the collector's wall clock, as if that clock ran on UTC: the page shows them as
// they were where they were collected, wherever it is opened. So dates are always taken from them in UTC.

/** @import {Selection} from "./collected" */

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/**
 * A time's date as YYYY-MM-DD.
 * @param {number} ms
 */
export function isoDay(ms) {
  return new Date(ms).toISOString().slice(0, 10);
}

/**
 * A time's date in words: 1 Mar.
 * @param {number} ms
 */
export function dayInWords(ms) {
  return new Date(ms).toLocaleDateString("en-GB", {day: "numeric", month: "short", timeZone: "UTC"});
}

/**
 * A time as YYYY-MM-DDTHH:MM.
 * @param {number} ms
 */
export function isoMinute(ms) {
  return new Date(ms).toISOString().slice(0, 16);
}

/**
 * The midnight that begins a time's day.
 * @param {number} ms
 */
export function startOfDay(ms) {
  return Math.floor(ms / DAY) * DAY;
}

/**
 * A time's day of the week, 0 for Monday to 6 for Sunday.
 * @param {number} ms
 */
export function weekday(ms) {
  return (new Date(ms).getUTCDay() + 6) % 7;
}

/**
 * How many days are selected.
 * @param {Pick<Selection, "from" | "until">} selection
 */
export function dayCount({from, until}) {
  return (until - from) / DAY;
}

/**
 * Cuts the selected days into bins of `width` milliseconds, from the first midnight on; the last bin may be shorter.
 * @param {Pick<Selection, "from" | "until">} selection
 * @param {number} width
 */
export function timeBins({from, until}, width) {
  return {
    /** The start of the bin that a time lies in. @param {number} ms */
    start: ms => from + Math.floor((ms - from) / width) * width,
    /** The end of the bin that starts there. @param {number} start */
    end: start => Math.min(start + width, until),
  };
}
