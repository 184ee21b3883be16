// @ts-check
// Placement scores over time: a row a pair, a column a bin of time.

/** @import {Collected, ScoreCells, Selection, View} from "../logic/collected" */

import {isNarrow, timeSpan} from "../charts.js";
import {DAY, dayCount, HOUR, MINUTE, startOfDay, timeBins} from "../logic/dates.js";
import {hasPair, hasTime} from "../logic/filters.js";
import {groupByPair} from "../logic/grouping.js";
import {sum} from "../logic/statistics.js";
import {formatNumber, nothingCollected, offerMore, showFigure} from "../figures.js";

const MOST_COLUMNS = {wide: 122, narrow: 30};
const HOUR_STEPS = [1, 2, 3, 6, 12];
const DAY_STEPS = [1, 2, 4, 7, 14, 28];

/**
 * The narrowest bins of which a chart has room for enough; hours only where scores are kept by the hour.
 * @param {Collected} collected
 * @param {Selection} selection
 * @param {number} mostColumns
 */
export function chooseBins({days, hours}, selection, mostColumns) {
  const hasHours = hours.length > 0 && selection.from >= startOfDay(hours.time[0]);
  const hourStep = hasHours && HOUR_STEPS.find(step => dayCount(selection) * 24 / step <= mostColumns);
  if (hourStep) return {cells: hours, width: hourStep * HOUR, name: `${hourStep} h`};
  const dayStep = DAY_STEPS.find(step => dayCount(selection) / step <= mostColumns) ?? 28;
  return {cells: days, width: dayStep * DAY, name: dayStep === 1 ? "a day" : `${dayStep} days`};
}

/**
 * A pair's scores in a bin of time: its bounds, the polls with and without a score, the sum and extremes of the scores.
 * @typedef {{pair: number, from: number, to: number} & Record<"known" | "unknown" | "total" | "low" | "high", number>}
 * ScoreBin
 */

/**
 * The scores of every selected pair in every bin, ordered by time.
 * @param {ScoreCells} cells
 * @param {Selection} selection
 * @param {number} width milliseconds a bin
 */
export function binScores(cells, selection, width) {
  const bins = timeBins(selection, width);
  /** @type {Map<number, ScoreBin>} */
  const found = new Map();
  for (let i = 0; i < cells.length; i++) {
    const pair = cells.pair[i], time = cells.time[i];
    if (!hasPair(selection, pair) || !hasTime(selection, time)) continue;
    const from = bins.start(time);
    const key = (from - selection.from) / MINUTE * selection.matches.length + pair;  // a number: quicker than a text
    let bin = found.get(key);
    if (!bin) {
      bin = {pair, from, to: bins.end(from), known: 0, unknown: 0, total: 0, low: Infinity, high: -Infinity};
      found.set(key, bin);
    }
    bin.unknown += cells.unknown[i];
    if (!cells.known[i]) continue;
    bin.known += cells.known[i];
    bin.total += cells.known[i] * cells.mean[i];
    bin.low = Math.min(bin.low, cells.low[i]);
    bin.high = Math.max(bin.high, cells.high[i]);
  }
  return [...found.values()].sort((a, b) => a.from - b.from);
}

/**
 * The scores of the bins that a window of this width shows.
 * @param {View} view
 */
export function visibleScores({collected, selection}) {
  const {cells, width, name} = chooseBins(collected, selection, isNarrow() ? MOST_COLUMNS.narrow : MOST_COLUMNS.wide);
  return {bins: binScores(cells, selection, width), binName: name};
}

/**
 * @param {View} view
 */
export async function drawScores(view) {
  const {pairs} = view.collected;
  const {bins, binName} = visibleScores(view);
  const groups = groupByPair(bins, pairs, rows => sum(rows.map(row => row.known + row.unknown)));
  const shown = groups.slice(0, view.limits.scores);
  const rows = shown.flatMap(group => group.rows.map(({pair, from, to, known, unknown, total, low, high}) => ({
    pair: pairs[pair].name, instance: pairs[pair].type, region: pairs[pair].region, from, to,
    score: known ? total / known : null, low: known ? low : null, high: known ? high : null, known, unknown,
  })));
  offerMore("scores", shown.length, groups.length);
  await showFigure("scores", rows, {
    caption: `${formatNumber(shown.length)} of ${formatNumber(groups.length)} pairs, the most often polled first; `
      + `a column is ${binName}. Grey: asked, but no score was given. Blank: not asked.`,
    emptyCaption: nothingCollected(view.collected),
    signals: timeSpan(view.selection),
  });
}
