// @ts-check
// What launching did: how fast instances became ready, how probes ended, and what became of their spot requests.

/** @import {Collected, Ending, Outcome, Pair, Probe, Selection, Stage, View} from "../logic/collected" */

import {drawChart, removeChart} from "../charts.js";
import {STAGES} from "../logic/decode.js";
import {sampleNote, selectRows} from "../logic/filters.js";
import {groupBy, groupByPair} from "../logic/grouping.js";
import {quantile, quantileOfCounts, secondReached, shareArrived, sorted, sum} from "../logic/statistics.js";
import {create, find} from "../dom.js";
import {counted, describeFigure, emptyCaption, formatNumber, offerMore, showFigure} from "../figures.js";

const NONE = "No probe has been made yet that waited until instances are ready.";
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
  await drawEndings(view);
  await drawOutcomes(view);
}

/**
 * The probes that tell how many instances become ready: not those cut short, refused, or waiting for fulfilment only.
 * @param {Probe[]} probes
 */
function thoseTelling(probes) {
  return probes.filter(probe => probe.tellsReadiness);
}

/**
 * How many instances got to a stage in each whole second since the request; one of a thinned probe stands for several.
 * @param {Probe[]} probes
 * @param {Stage} stage
 */
export function countBySecond(probes, stage) {
  const counts = new Float64Array(probes.reduce((most, probe) => Math.max(most, probe.watched), 0) + 1);
  for (const probe of probes)
    for (const second of probe[stage]) counts[second] += probe.reached[stage] / probe[stage].length;
  return counts;
}

/**
 * How many instances in each second were last watched, and not ready.
 * @param {Probe[]} probes
 */
function leftBySecond(probes) {
  const counts = new Float64Array(probes.reduce((most, probe) => Math.max(most, probe.watched), 0) + 1);
  for (const probe of probes) counts[probe.watched] += probe.asked - probe.reached.ready;
  return counts;
}

/**
 * The share of instances that is ready after each second, up to the end of the longest probe.
 * @param {Probe[]} probes
 */
export function shareReadyBySecond(probes) {
  return shareArrived(countBySecond(probes, "ready"), leftBySecond(probes));
}

/**
 * The share of instances that is ready after each second, 10th and 90th percentile of the probes watched until then or
 * ready as a whole, and how many instances were last watched since the row before, without being ready.
 * @param {Probe[]} probes
 * @param {number} lastSecond
 */
export function readinessCurve(probes, lastSecond) {
  const step = Math.max(1, Math.round(lastSecond / MOST_POINTS));
  const shares = shareReadyBySecond(probes), left = leftBySecond(probes);
  const counts = new Int32Array(probes.length);
  const rows = [];
  for (let second = 0; second <= lastSecond; second += step) {
    probes.forEach((probe, i) => {
      while (counts[i] < probe.ready.length && probe.ready[counts[i]] <= second) counts[i]++;
    });
    const watched = sorted(probes.flatMap((probe, i) => (
      second <= probe.watched || probe.reached.ready === probe.asked ? [counts[i] / probe.levels] : [])));
    const share = second < shares.length ? shares[second] : shares[shares.length - 1] === 1 ? 1 : NaN;
    if (!watched.length || Number.isNaN(share)) break;
    rows.push({
      second, share, low: quantile(watched, 0.1), high: quantile(watched, 0.9), probes: watched.length,
      left: Math.round(sum(left.slice(Math.max(0, second - step + 1), second + 1))),
    });
  }
  return rows;
}

/**
 * Draws a panel with a curve for each pair.
 * @param {View} view
 */
export async function drawReadiness({collected, selection, limits}) {
  const telling = thoseTelling(collected.probes);
  const groups = groupByPair(selectRows(selection, telling), collected.pairs);
  const lastSecond = groups.reduce((most, {rows}) => (
    rows.reduce((most, probe) => Math.max(most, probe.watched), most)), LEAST_SECONDS);
  const shown = groups.slice(0, limits.readiness);
  const panels = shown.map(({pair, rows}) => ({
    pair: collected.pairs[pair], probes: rows, curve: readinessCurve(rows, lastSecond),
    element: create("div", {className: "panel-chart"}),
  }));
  describeFigure("readiness", panels,
    shown.length ? `${READINESS_CAPTION} ${sampleNote(collected)}` : emptyCaption(telling.length > 0, NONE),
    () => groups.flatMap(({pair, rows}) => readinessCurve(rows, lastSecond).map(row => (
      {instance: collected.pairs[pair].type, region: collected.pairs[pair].region, ...row}))));
  offerMore("readiness", shown.length, groups.length);
  const grid = find("#readiness .chart");
  for (const element of grid.querySelectorAll(".panel-chart")) removeChart(/** @type {HTMLElement} */ (element));
  grid.replaceChildren(...panels.map(({pair, probes, element}) =>
    create("div", {}, panelTitle(pair, probes), element)));
  await Promise.all(panels.map(({element, curve}) => drawChart(element, "readiness", curve, {most_seconds: lastSecond})));
}

const READINESS_CAPTION = "Ready instances in % of those requested, over seconds since the request. Line: all instances "
  + "(Kaplan–Meier); band: 10th to 90th percentile of probes; a tick: there a probe ended with instances that were not "
  + "ready, of which nothing more is known. Those that were stopped, refused or lost, or waited for fulfilment only, are "
  + "left out.";

/**
 * @param {Pair} pair
 * @param {Probe[]} probes
 */
function panelTitle(pair, probes) {
  const shares = shareReadyBySecond(probes);
  const details = `${pair.region} · ${counted(probes.length, "probe")} · half ready `
    + `${inSeconds(secondReached(shares, 0.5))}, 90 % ${inSeconds(secondReached(shares, 0.9))}`;
  return create("h4", {textContent: pair.type}, create("small", {textContent: details}));
}

/**
 * @param {number | null} second
 */
function inSeconds(second) {
  return second === null ? "not reached" : `after ${formatNumber(second)} s`;
}

/**
 * For each stage that any instance got to: the share of instances that got there in each bin of seconds, and the median
 * second. The bins end where 99 % of the instances have got to every stage. Of probes that waited for fulfilment only,
 * their fulfilled instances count.
 * @param {Probe[]} probes
 */
export function stageRows(probes) {
  const telling = thoseTelling(probes);
  const fulfilling = probes.filter(probe => probe.tellsReadiness || probe.ending.startsWith("until fulfilled"));
  const stages = STAGES
    .map(stage => ({stage, counts: countBySecond(stage === "fulfilled" ? fulfilling : telling, stage)}))
    .filter(({counts}) => sum(counts));
  const lastSecond = Math.max(0, ...stages.map(({counts}) => quantileOfCounts(counts, 0.99)));
  const width = Math.max(5, Math.ceil(lastSecond / 60 / 5) * 5);
  const binCount = Math.floor(lastSecond / width) + 2;
  const rows = stages.flatMap(({stage, counts}) => Array.from({length: binCount}, (_, i) => {
    const count = Math.round(sum(counts.slice(i * width, (i + 1) * width)));
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
    caption: `Of those that got there, the median instance was ${
      medians.map(({stage, second}) => `${stage} after ${second} s`).join(", ")}. `
      + `Bins of ${width} s; the slowest 1 % may lie to the right. ${sampleNote(collected)}`,
    emptyCaption: emptyCaption(stageRows(collected.probes).rows.length > 0, "No instance has been launched yet."),
  });
}

/**
 * The seconds after which shares of all instances asked for were ready, a row a pair: quickest first, those that never
 * got half of them last. A share that was not reached has null, and is drawn up to the end of the longest probe.
 * @param {Probe[]} probes
 * @param {Pair[]} pairs
 */
export function rangeRows(probes, pairs) {
  return groupByPair(probes, pairs).map(({pair, rows, size}) => {
    const shares = shareReadyBySecond(rows);
    const [p10, p25, median, p75, p90] = [0.1, 0.25, 0.5, 0.75, 0.9].map(share => secondReached(shares, share));
    const instances = sum(rows.map(probe => probe.asked)), ready = sum(rows.map(probe => probe.reached.ready));
    return {
      pair: pairs[pair].name, instance: pairs[pair].type, region: pairs[pair].region, probes: size, instances, ready,
      p10, p25, median, p75, p90, watched: shares.length - 1,
    };
  }).sort((a, b) => (a.median ?? Infinity) - (b.median ?? Infinity) || b.ready / b.instances - a.ready / a.instances);
}

/**
 * @param {View} view
 */
async function drawRanges({collected, selection}) {
  const telling = thoseTelling(collected.probes);
  const rows = rangeRows(selectRows(selection, telling), collected.pairs);
  const drawn = rows.filter(row => row.p10 !== null).slice(0, MOST_RANGES);
  await showFigure("ranges", drawn.map(row => ({
    ...row, ends: row.p90 ?? row.watched, box_ends: row.p75 ?? row.watched, is_open: row.p90 === null,
  })), {
    caption: `${formatNumber(drawn.length)} of ${formatNumber(rows.length)} pairs probed, quickest first. Mark: half of all `
      + "instances asked for were ready; bar: a quarter to three quarters; line: 10 to 90 %, dashed where 90 % were not "
      + `reached. ${sampleNote(collected)}`,
    emptyCaption: rows.length ? "No instance became ready in the probes chosen." : emptyCaption(telling.length > 0, NONE),
    allRows: () => rows,
  });
}

/**
 * How many of the selected probes ended in which way, in the order of the words.
 * @param {Pick<Collected, "endings" | "endingWords">} collected
 * @param {Selection} selection
 */
export function endingRows({endings, endingWords}, selection) {
  const chosen = groupBy(selectRows(selection, /** @type {Ending[]} */ (endings)), row => row.ending);
  const counts = endingWords.map(ending => ({ending, probes: sum((chosen.get(ending) ?? []).map(row => row.probes))}));
  const total = sum(counts.map(row => row.probes));
  return counts.filter(row => row.probes).map(row => ({...row, share: row.probes / total}));
}

/**
 * @param {View} view
 */
async function drawEndings({collected, selection}) {
  const rows = endingRows(collected, selection);
  await showFigure("endings", rows, {
    caption: `${counted(sum(rows.map(row => row.probes)), "probe")}. Only those that ended with all ready or at their `
      + "timeout, and older ones of which that is not on record, count in the figures of readiness.",
    emptyCaption: emptyCaption(collected.endings.length > 0, "No probe has been made yet."),
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
  return {total, rows: counts.map(row => ({...row, share: row.requests / total}))};
}

/**
 * @param {View} view
 */
async function drawOutcomes({collected, selection}) {
  const {rows, total} = outcomeRows(collected.outcomes, selection);
  await showFigure("outcomes", rows.slice(0, MOST_OUTCOMES), {
    caption: `${counted(total, "spot request")} by the last status that AWS gave before we ended them.`,
    emptyCaption: emptyCaption(collected.outcomes.length > 0, "No spot request is on record."),
    allRows: () => rows,
  });
}
