// @ts-check
// Spot prices over time, of the pairs whose placement scores are drawn, in the same order.

/** @import {Pair, PriceStep, Selection, View} from "../logic/collected" */

import {timeSpan} from "../charts.js";
import {DAY} from "../logic/dates.js";
import {sum} from "../logic/statistics.js";
import {emptyCaption, formatNumber, offerMore, showFigure} from "../figures.js";
import {bestFirst, visibleScores} from "./scores.js";

/**
 * The stretches of selected time in which a pair's price stayed; its last price holds until the last poll.
 * @param {PriceStep[]} steps
 * @param {number} pair
 * @param {Pair[]} pairs
 * @param {Selection} selection
 * @param {number} end
 */
export function priceRows(steps, pair, pairs, selection, end) {
  const rows = steps.map(({time, usd}, i) => ({
    pair: pairs[pair].name, instance: pairs[pair].type, region: pairs[pair].region,
    from: Math.max(time, selection.from), to: Math.min(steps[i + 1]?.time ?? end, selection.until), usd,
  })).filter(({from, to}) => from < to);
  const mean = sum(rows.map(({from, to, usd}) => usd * (to - from))) / sum(rows.map(({from, to}) => to - from));
  return rows.map(row => ({...row, relative: mean ? row.usd / mean - 1 : 0}));
}

/**
 * @param {View} view
 */
export async function drawPrices(view) {
  const {collected, selection, limits} = view;
  const {pairs, prices} = collected;
  const scored = bestFirst(visibleScores(view).bins, pairs).map(({pair}) => pair);
  const order = [...new Set([...scored, ...prices.keys()])]
    .filter(pair => prices.has(pair) && selection.matches[pair] === 1);
  const end = Math.max(collected.polledUntil, ...[...prices.values()].map(steps => steps[steps.length - 1].time)) + DAY / 24;
  /** @param {number} pair */
  const rowsOf = pair => priceRows(prices.get(pair) ?? [], pair, pairs, selection, end);
  const priced = order.filter(pair => (prices.get(pair) ?? []).some(({time}) => time < selection.until));
  const shown = priced.slice(0, limits.prices);
  offerMore("prices", shown.length, priced.length);
  await showFigure("prices", shown.flatMap(rowsOf), {
    caption: `${formatNumber(shown.length)} of ${formatNumber(priced.length)} pairs with a price, in the order of the scores above: US `
      + "dollars an hour of one Linux instance in the cheapest zone, as of each day's end.",
    emptyCaption: emptyCaption(prices.size > 0, "No spot price has been fetched yet: python -m collect_spot_price does that."),
    signals: timeSpan(selection),
    allRows: () => priced.flatMap(rowsOf),
  });
}
