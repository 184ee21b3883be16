// @ts-check
// What launching did: how fast instances became ready, and how spot requests ended.

/** @import {Outcome, Pair, Probe, Selection, Stage, View} from "../logic/collected" */

import {drawChart, removeChart} from "../charts.js";
import {STAGES} from "../logic/decode.js";
import {selectRows} from "../logic/filters.js";
import {groupBy, groupByPair} from "../logic/grouping.js";
import {quantile, quantileOfCounts, sorted, sum} from "../logic/statistics.js";
import {create, find} from "../dom.js";
import {describeFigure, formatNumber, nothingCollected, offerMore, showFigure} from "../figures.js";

const LEAST_SECONDS = 60;  // of the time axis
const MOST_POINTS = 100;  // of a curve, about
const MOST_RANGES = 16;
const MOST_OUTCOMES = 12;

/**
 * @param {View} view
 */
export async function drawLaunches(view) {
  await drawReadiness(view);
  await drawStages(view);
  await drawRanges(view);
  await drawOutcomes(view);
}

/**
 * How many instances, scaled to `scale` of them a probe, were ready after each second: median, 10th and 90th percentile
 * of the probes. A probe that has ended keeps its count.
 * @param {Probe[]} probes
 * @param {number} scale
 * @param {number} lastSecond
 */
export function readinessCurve(probes, scale, lastSecond) {
  const step = Math.max(1, Math.round(lastSecond / MOST_POINTS));
  const counts = new Int32Array(probes.length);
  const rows = [];
  for (let second = 0; second <= lastSecond; second += step) {
    probes.forEach((probe, i) => {
      while (counts[i] < probe.ready.length && probe.ready[counts[i]] <= second) counts[i]++;
    });
    const ready = Float64Array.from(probes, (probe, i) => counts[i] / probe.levels * scale).sort();
    const [low, median, high] = [0.1, 0.5, 0.9].map(share => quantile(ready, share));
    rows.push({second, median, low, high, probes: probes.length});
  }
  return rows;
}

/**
 * The instances that probes asked for if all asked for the same number, else 100, for percent.
 * @param {Probe[]} probes
 */
export function readinessScale(probes) {
  const numbers = new Set(probes.map(probe => probe.asked));
  return numbers.size === 1 ? probes[0].asked : 100;
}

/**
 * Draws a panel with a curve for each pair.
 * @param {View} view
 */
export async function drawReadiness({collected, selection, limits}) {
  const probes = selectRows(selection, collected.probes);
  const groups = groupByPair(probes, collected.pairs);
  const shown = groups.slice(0, limits.readiness);
  const scale = readinessScale(probes);
  const lastSecond = Math.max(LEAST_SECONDS, ...shown.flatMap(({rows}) => rows.map(probe => probe.watched)));
  const panels = shown.map(({pair, rows}) => ({
    pair: collected.pairs[pair], probeCount: rows.length, curve: readinessCurve(rows, scale, lastSecond),
    element: create("div", {className: "panel-chart"}),
  }));
  describeFigure("readiness",
    panels.flatMap(({pair, curve}) => curve.map(row => ({instance: pair.type, region: pair.region, ...row}))),
    shown.length ? readinessCaption(scale) : nothingCollected(collected));
  offerMore("readiness", shown.length, groups.length);
  const grid = find("#readiness .chart");
  for (const element of grid.querySelectorAll(".panel-chart")) removeChart(/** @type {HTMLElement} */ (element));
  grid.replaceChildren(...panels.map(({pair, probeCount, element}) =>
    create("div", {}, panelTitle(pair, probeCount), element)));
  await Promise.all(panels.map(({element, curve}) =>
    drawChart(element, "readiness", curve, {most_seconds: lastSecond, most_instances: scale})));
}

/**
 * @param {Pair} pair
 * @param {number} probeCount
 */
function panelTitle(pair, probeCount) {
  const details = `${pair.region} · ${formatNumber(probeCount)} probe${probeCount === 1 ? "" : "s"}`;
  return create("h4", {textContent: pair.type}, create("small", {textContent: details}));
}

/**
 * @param {number} scale
 */
function readinessCaption(scale) {
  const what = scale === 100 ? "Ready instances in % of those requested" : `Ready instances of ${scale} requested`;
  return `${what}, over seconds since the request. Line: the median probe; band: 10th to 90th percentile. `
    + "A probe that has ended keeps its count; those that were stopped, refused or lost, or waited for fulfilment only, "
    + "are left out.";
}

/**
 * How many instances got to a stage in each whole second since the request.
 * @param {Probe[]} probes
 * @param {Stage} stage
 */
export function countBySecond(probes, stage) {
  const counts = new Int32Array(probes.reduce((most, probe) => Math.max(most, probe.watched), 0) + 1);
  for (const probe of probes) for (const second of probe[stage]) counts[second]++;
  return counts;
}

/**
 * For each stage that any instance got to: the share of instances that got there in each bin of seconds, and the median
 * second. The bins end where 99 % of the instances have got to every stage.
 * @param {Probe[]} probes
 */
export function stageRows(probes) {
  const stages = STAGES.map(stage => ({stage, counts: countBySecond(probes, stage)}))
    .filter(({counts}) => sum(counts));
  const lastSecond = Math.max(0, ...stages.map(({counts}) => quantileOfCounts(counts, 0.99)));
  const width = Math.max(5, Math.ceil(lastSecond / 60 / 5) * 5);
  const binCount = Math.floor(lastSecond / width) + 2;
  const rows = stages.flatMap(({stage, counts}) => Array.from({length: binCount}, (_, i) => {
    const count = sum(counts.slice(i * width, (i + 1) * width));
    return {stage, second: i * width, until: (i + 1) * width, count, share: count / sum(counts)};
  }));
  return {rows, width, medians: stages.map(({stage, counts}) => ({stage, second: quantileOfCounts(counts, 0.5)}))};
}

/**
 * @param {View} view
 */
async function drawStages({collected, selection}) {
  const {rows, width, medians} = stageRows(selectRows(selection, collected.probes));
  await showFigure("stages", rows, {
    caption: `The median instance was ${medians.map(({stage, second}) => `${stage} after ${second} s`).join(", ")}. `
      + `Bins of ${width} s; the slowest 1 % may lie to the right.`,
    emptyCaption: nothingCollected(collected),
  });
}

/**
 * Quantiles of the seconds until ready, of the pairs with the most probes; quickest first.
 * @param {Probe[]} probes
 * @param {Pair[]} pairs
 */
export function rangeRows(probes, pairs) {
  return groupByPair(probes, pairs)
    .map(({pair, rows, size}) => ({pair: pairs[pair], size, ready: sorted(rows.flatMap(probe => probe.ready))}))
    .filter(({ready}) => ready.length)
    .slice(0, MOST_RANGES)
    .map(({pair, size, ready}) => ({
      pair: pair.name, instance: pair.type, region: pair.region, probes: size, instances: ready.length,
      p10: quantile(ready, 0.1), p25: quantile(ready, 0.25), median: quantile(ready, 0.5), p75: quantile(ready, 0.75),
      p90: quantile(ready, 0.9),
    }))
    .sort((a, b) => a.median - b.median);
}

/**
 * @param {View} view
 */
async function drawRanges({collected, selection}) {
  await showFigure("ranges", rangeRows(selectRows(selection, collected.probes), collected.pairs), {
    caption: "Quickest first. Mark: median instance; bar: middle half; line: 10th to 90th percentile, of those that "
      + "became ready.",
    emptyCaption: nothingCollected(collected),
  });
}

/**
 * How many spot requests ended how, the most frequent first, and their number in all.
 * @param {Outcome[]} outcomes
 * @param {Selection} selection
 */
export function outcomeRows(outcomes, selection) {
  const counts = [...groupBy(selectRows(selection, outcomes), row => row.outcome)]
    .map(([outcome, rows]) => ({outcome, requests: sum(rows.map(row => row.requests))}))
    .sort((a, b) => b.requests - a.requests);
  const total = sum(counts.map(row => row.requests));
  return {total, rows: counts.slice(0, MOST_OUTCOMES).map(row => ({...row, share: row.requests / total}))};
}

/**
 * @param {View} view
 */
async function drawOutcomes({collected, selection}) {
  const {rows, total} = outcomeRows(collected.outcomes, selection);
  await showFigure("outcomes", rows, {
    caption: `${formatNumber(total)} spot requests by the last status that AWS gave before we ended them.`,
    emptyCaption: nothingCollected(collected),
  });
}
