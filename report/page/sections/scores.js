// @ts-check
// Placement scores over time: a row a pair, a column a bin of time.

/** @import {Collected, Pair, PriceStep, ScoreCells, Selection, View} from "../logic/collected" */

import {isNarrow, timeSpan} from "../charts.js";
import {DAY, dayCount, HOUR, MINUTE, startOfDay, timeBins} from "../logic/dates.js";
import {hasPair, hasTime} from "../logic/filters.js";
import {groupBy} from "../logic/grouping.js";
import {sum} from "../logic/statistics.js";
import {emptyCaption, formatNumber, offerMore, showFigure} from "../figures.js";

/** What comes of a query instead of a score. */
const UNSCORED = /** @type {const} */ (["absent", "refused", "failed", "waiting"]);

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
 * A pair's scores in a bin of time: its bounds, the polls with a score and those without by what came of them, the sum
 * and extremes of the scores.
 * @typedef {{pair: number, from: number, to: number} & Record<"known" | "total" | "low" | "high", number>
 *   & Record<typeof UNSCORED[number], number>} ScoreBin
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
      bin = {
        pair, from, to: bins.end(from), known: 0, total: 0, low: Infinity, high: -Infinity, absent: 0, refused: 0,
        failed: 0, waiting: 0,
      };
      found.set(key, bin);
    }
    for (const outcome of UNSCORED) bin[outcome] += cells[outcome][i];
    if (!cells.known[i]) continue;
    bin.known += cells.known[i];
    bin.total += cells.total[i];
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
 * Bins by pair: those with a score on the newest of these days first, the highest mean of that day on top.
 * @param {ScoreBin[]} bins
 * @param {Pair[]} pairs
 */
export function bestFirst(bins, pairs) {
  const newest = startOfDay(bins.reduce((last, {from, known}) => (known ? Math.max(last, from) : last), 0));
  return [...groupBy(bins, ({pair}) => pair)]
    .map(([pair, rows]) => ({pair, rows, now: meanScore(rows.filter(({to}) => to > newest)), ever: meanScore(rows)}))
    .sort((a, b) => b.now - a.now || b.ever - a.ever || (pairs[a.pair].name < pairs[b.pair].name ? -1 : 1));
}

/**
 * @param {ScoreBin[]} bins
 * @returns {number} 0 without a score
 */
function meanScore(bins) {
  return sum(bins.map(bin => bin.total)) / (sum(bins.map(bin => bin.known)) || 1);
}

/**
 * A bin as chart and CSV have it, with the price of its last day.
 * @param {ScoreBin} bin
 * @param {Pick<Collected, "pairs" | "prices">} collected
 */
export function scoreRow({pair, from, to, known, total, low, high, absent, refused, failed, waiting}, {pairs, prices}) {
  return {
    pair: pairs[pair].name, instance: pairs[pair].type, region: pairs[pair].region, from, to,
    score: known ? total / known : null, low: known ? low : null, high: known ? high : null, known, absent, refused,
    failed, waiting, usd: priceAt(prices.get(pair), to - MINUTE),
  };
}

/**
 * The price of a pair in its cheapest zone at the end of a day; null if it is not known yet.
 * @param {PriceStep[] | undefined} steps oldest first
 * @param {number} time
 */
export function priceAt(steps, time) {
  return steps?.findLast(step => step.time <= time)?.usd ?? null;
}

/**
 * @param {View} view
 */
export async function drawScores(view) {
  const {pairs, days} = view.collected;
  const {bins, binName} = visibleScores(view);
  const groups = bestFirst(bins, pairs);
  const shown = groups.slice(0, view.limits.scores);
  offerMore("scores", shown.length, groups.length);
  await showFigure("scores", shown.flatMap(({rows}) => rows.map(bin => scoreRow(bin, view.collected))), {
    caption: `${formatNumber(shown.length)} of ${formatNumber(groups.length)} pairs polled in these days, the highest newest score first; `
      + `a column is ${binName}. Grey: AWS answered without this pair. Outlined: refused, failed, or waiting for a place `
      + "in the quota. Blank: not asked.",
    emptyCaption: emptyCaption(days.length > 0, "No placement score has been asked for yet."),
    signals: timeSpan(view.selection),
    allRows: () => groups.flatMap(({rows}) => rows.map(bin => scoreRow(bin, view.collected))),
  });
}
