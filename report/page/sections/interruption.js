// @ts-check
// Interruption frequency: the bands of each pair over time, their changes, and how Regions compare.

/** @import {BandStep, Collected, Selection, View} from "../logic/collected" */

import {timeSpan} from "../charts.js";
import {DAY, dayCount, HOUR, isoDay, MINUTE, timeBins} from "../logic/dates.js";
import {hasPair, hasTime} from "../logic/filters.js";
import {groupBy, groupByPair} from "../logic/grouping.js";
import {sum} from "../logic/statistics.js";
import {counted, emptyCaption, formatNumber, offerMore, showFigure} from "../figures.js";

const NONE = "No interruption frequency has been seen yet.";
const POLL = 10 * MINUTE;

/** @typedef {{pair: number, band: number, from: number, to: number}} Stretch */
/** @typedef {{pair: number, rows: Stretch[]}} PairStretches */

/**
 * The stretches of time in which the selected pairs stayed in one band, cut to the selected days. A pair's last band
 * holds until the poll after the last would be due.
 * @param {Pick<Collected, "bandHistories" | "polledUntil">} collected
 * @param {Selection} selection
 * @returns {Stretch[]}
 */
export function bandStretches({bandHistories, polledUntil}, selection) {
  return selectedHistories(bandHistories, selection).flatMap(([pair, steps]) => steps.map(({time, band}, i) => ({
    pair,
    band,
    from: Math.max(time, selection.from),
    to: Math.min(steps[i + 1]?.time ?? polledUntil + POLL, selection.until),
  })).filter(({from, to}) => from < to));
}

/**
 * @param {Collected["bandHistories"]} bandHistories
 * @param {Selection} selection
 */
function selectedHistories(bandHistories, selection) {
  return [...bandHistories].filter(([pair]) => hasPair(selection, pair));
}

/**
 * The stretches by pair, the most often changed first, of equally often changed ones those of the best answer.
 * @param {Stretch[]} stretches
 * @param {Pick<Collected, "answers" | "pairs">} collected
 */
export function mostChangedFirst(stretches, {answers, pairs}) {
  const places = new Map(answers.map(({pair}, place) => [pair, place]));
  /** @param {PairStretches} group */
  const place = ({pair}) => places.get(pair) ?? answers.length;
  return groupByPair(stretches, pairs).sort((a, b) => b.rows.length - a.rows.length || place(a) - place(b));
}

/**
 * @param {View} view
 */
export async function drawInterruption(view) {
  const stretches = mostChangedFirst(bandStretches(view.collected, view.selection), view.collected);
  await drawBands(view, stretches);
  await drawBandShares(view, stretches);
  await drawBandChanges(view);
}

/**
 * @param {View} view
 * @param {PairStretches[]} groups
 */
async function drawBands({collected, selection, limits}, groups) {
  const {pairs, bandLabels} = collected;
  const shown = groups.slice(0, limits.bands);
  const changed = groups.filter(({rows}) => rows.length > 1).length;
  /** @param {PairStretches} group */
  const rowsOf = group => group.rows.map(({pair, from, to, band}) => ({
    pair: pairs[pair].name, instance: pairs[pair].type, region: pairs[pair].region, from, to, band,
    label: bandLabels[band],
  }));
  offerMore("bands", shown.length, groups.length);
  await showFigure("bands", shown.flatMap(rowsOf), {
    caption: `${formatNumber(shown.length)} of ${formatNumber(groups.length)} pairs with a known frequency, the most often changed and best first; `
      + `${formatNumber(changed)} changed in these days.`,
    emptyCaption: emptyCaption(collected.bandHistories.size > 0, NONE),
    signals: timeSpan(selection),
    allRows: () => groups.flatMap(rowsOf),
  });
}

/**
 * For each Region the number and share of pairs that are in each band at the end; Regions with the largest share in
 * band 0 first.
 * @param {PairStretches[]} groups
 * @param {Pick<Collected, "pairs" | "bandLabels">} collected
 */
export function bandShareRows(groups, {pairs, bandLabels}) {
  const regions = [...groupBy(groups, ({pair}) => pairs[pair].region)].map(([region, group]) => {
    const lastBands = group.map(({rows}) => rows[rows.length - 1].band);
    const counts = bandLabels.map((_, band) => lastBands.filter(last => last === band).length);
    return {region, counts, total: group.length};
  });
  regions.sort((a, b) => b.counts[0] / b.total - a.counts[0] / a.total || (a.region < b.region ? -1 : 1));
  return regions.flatMap(({region, counts, total}) => counts.map((count, band) => (
    {region, band, label: bandLabels[band], pairs: count, share: count / total})).filter(row => row.pairs));
}

/**
 * @param {View} view
 * @param {PairStretches[]} groups
 */
async function drawBandShares({collected, selection}, groups) {
  await showFigure("band_shares", bandShareRows(groups, collected), {
    caption: `${formatNumber(groups.length)} pairs as last published up to ${isoDay(selection.until - DAY)}; `
      + "Regions with the largest share in the lowest band first.",
    emptyCaption: emptyCaption(collected.bandHistories.size > 0, NONE),
  });
}

/**
 * How many of the selected pairs moved to a higher and to a lower band in each bin of time; for lower ones `pairs` is
 * negative.
 * @param {Pick<Collected, "bandHistories" | "directions">} collected
 * @param {Selection} selection
 */
export function bandChangeRows({bandHistories, directions}, selection) {
  const days = dayCount(selection);
  const hours = [1, 6, 24, 48, 168].find((_, i) => days <= [2, 14, 60, 200, Infinity][i]) ?? 168;
  const bins = timeBins(selection, hours * HOUR);
  const changes = selectedHistories(bandHistories, selection).flatMap(([, steps]) => bandChanges(steps))
    .filter(({time}) => hasTime(selection, time));
  return [...groupBy(changes, ({time, rises}) => `${bins.start(time)} ${rises}`).values()].map(group => {
    const {time, rises} = group[0], from = bins.start(time), count = group.length;
    return {from, to: bins.end(from), direction: directions[rises ? 0 : 1], count, pairs: rises ? count : -count};
  }).sort((a, b) => a.from - b.from);
}

/**
 * @param {BandStep[]} steps
 */
function bandChanges(steps) {
  return steps.slice(1).map(({time, band}, i) => ({time, rises: band > steps[i].band}));
}

/**
 * @param {View} view
 */
async function drawBandChanges({collected, selection}) {
  const rows = bandChangeRows(collected, selection);
  await showFigure("band_changes", rows, {
    caption: `${counted(sum(rows.map(row => row.count)), "change")} from one band to another, when a poll first saw them.`,
    emptyCaption: selectedHistories(collected.bandHistories, selection).length
      ? "No change of band in these days." : emptyCaption(collected.bandHistories.size > 0, NONE),
    signals: timeSpan(selection),
  });
}
