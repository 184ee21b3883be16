// @ts-check
// The best of the selected pairs on the last day that any of them was scored, each with its history in small.

/** @import {RankedPair, Selection, View} from "../logic/collected" */

import {drawChart, removeChart, timeSpan} from "../charts.js";
import {isoDay} from "../logic/dates.js";
import {hasPair, hasTime} from "../logic/filters.js";
import {groupBy} from "../logic/grouping.js";
import {create, find} from "../dom.js";
import {describeFigure, emptyCaption, formatNumber} from "../figures.js";
import {visibleScores} from "./scores.js";

const MOST_ROWS = 15;

/** @typedef {{at: number, value: number}} Point */

/**
 * The selected pairs on the last of the selected days that has any, best first. Scores of the bootstrap archive, which
 * have no day, are always among those selected.
 * @param {RankedPair[]} ranking
 * @param {Selection} selection
 */
export function bestPairs(ranking, selection) {
  const selected = ranking.filter(({pair, time}) =>
    hasPair(selection, pair) && (time === null || hasTime(selection, time)));
  const last = selected.reduce((last, {time}) => Math.max(last, time ?? -Infinity), -Infinity);
  return selected.filter(({time}) => (time ?? -Infinity) === last).sort((a, b) => b.score - a.score);
}

/**
 * @param {View} view
 */
export async function drawRanking(view) {
  const {collected, selection} = view;
  const ranked = bestPairs(collected.ranking, selection);
  const best = ranked.slice(0, MOST_ROWS);
  describeFigure("ranking", best, caption(best, view), () => ranked.map(({pair, score, spsChanges, ifChanges}, i) => ({
    rank: i + 1, instance: collected.pairs[pair].type, region: collected.pairs[pair].region, score,
    sps_changes: spsChanges, if_changes: ifChanges,
  })));
  const body = find("#ranking tbody");
  for (const element of body.querySelectorAll(".sparkline")) removeChart(/** @type {HTMLElement} */ (element));
  body.replaceChildren(...best.map((row, i) => tableRow(i + 1, row, view)));
  await drawSparklines(body, best, view);
}

/**
 * @param {RankedPair[]} best
 * @param {View} view
 */
function caption(best, {collected}) {
  if (!best.length) return emptyCaption(collected.ranking.length > 0, "No day has been scored yet.");
  const {time} = best[0];
  return time === null
    ? "Scores of the bootstrap archive, as no day of our own has been scored yet."
    : `Scores of ${isoDay(time)}; the lines show the chosen days.`;
}

/**
 * @param {number} rank
 * @param {RankedPair} ranked
 * @param {View} view
 */
function tableRow(rank, {pair, score, spsChanges, ifChanges}, {collected}) {
  const {type, region} = collected.pairs[pair];
  return create("tr", {},
    create("td", {className: "number", textContent: String(rank)}),
    create("td", {className: "pair", textContent: type}, create("small", {textContent: region})),
    create("td", {className: "number", textContent: score.toFixed(2)}),
    create("td", {className: "number wide-only", textContent: formatNumber(spsChanges)}),
    create("td", {className: "number wide-only", textContent: formatNumber(ifChanges)}),
    create("td", {className: "wide-only"}, create("div", {className: "sparkline of-ranking"})),
    create("td", {}, create("div", {className: "sparkline of-scores"})));
}

/**
 * Draws each row's ranking score by day, and its placement score.
 * @param {HTMLElement} body
 * @param {RankedPair[]} best
 * @param {View} view
 */
async function drawSparklines(body, best, view) {
  const days = groupBy(view.collected.ranking, ({pair}) => pair);
  const bins = groupBy(visibleScores(view).bins, ({pair}) => pair);
  await Promise.all(best.flatMap(({pair}, i) => [
    drawSparkline(find(".of-ranking", body.children[i]), dailyScores(days.get(pair) ?? [], view.selection), view),
    drawSparkline(find(".of-scores", body.children[i]), (bins.get(pair) ?? []).filter(({known}) => known)
      .map(({from, total, known}) => ({at: from, value: total / known})), view),
  ]));
}

/**
 * A pair's scores on the selected days, oldest first.
 * @param {RankedPair[]} ranked
 * @param {Selection} selection
 * @returns {Point[]}
 */
export function dailyScores(ranked, selection) {
  return ranked
    .flatMap(({time, score}) => (time !== null && hasTime(selection, time) ? [{at: time, value: score}] : []))
    .sort((a, b) => a.at - b.at);
}

/**
 * @param {HTMLElement} element
 * @param {Point[]} points
 * @param {View} view
 */
async function drawSparkline(element, points, {selection}) {
  const rows = points.map((point, i) => ({...point, is_last: i === points.length - 1}));
  const isVisible = element.clientWidth > 0;
  if (rows.length && isVisible) await drawChart(element, "sparkline", rows, timeSpan(selection));
}
