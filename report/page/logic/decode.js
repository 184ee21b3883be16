// @ts-check
// Unpacks the data that report/page.py writes into the page; embedded_data.d.ts describes the format.

/** @import {BandTable, EmbeddedData, LaunchTable, RankingTable, ScoreTable} from "./embedded_data" */
/** @import {BandStep, Collected, Outcome, Pair, Probe, RankedPair, ScoreCells, Stage} from "./collected" */

import {DAY, HOUR, MINUTE} from "./dates.js";

/**
 * The stages of a launch, in the order in which the data has them.
 * @type {Stage[]}
 */
export const STAGES = ["fulfilled", "running", "ready"];

const BOOTSTRAP_DAY = -1;

/**
 * @param {EmbeddedData} data
 * @returns {Collected}
 */
export function decode(data) {
  return {
    first: data.first * DAY,
    last: data.last * DAY,
    pairs: decodePairs(data),
    bandLabels: data.bands,
    directions: data.directions,
    weekdays: data.weekdays,
    days: decodeScores(data.scores.days, DAY),
    hours: decodeScores(data.scores.hours, HOUR),
    bandHistories: decodeBands(data.interruption),
    ranking: decodeRanking(data.ranking),
    probes: decodeProbes(data.launches),
    outcomes: decodeOutcomes(data.launches),
    polls: data.polls.map(([day, polls, due, queries, failed]) => ({time: day * DAY, polls, due, queries, failed})),
    spending: data.spending.map(([day, usd]) => ({time: day * DAY, usd})),
    budget: data.budget,
  };
}

/**
 * A run-length list ([value, count, value, count, …]) as one value a row.
 * @param {number[]} runs
 */
export function expandRuns(runs) {
  /** @type {number[]} */
  const values = [];
  for (let i = 0; i < runs.length; i += 2) for (let n = runs[i + 1]; n > 0; n--) values.push(runs[i]);
  return values;
}

/**
 * Steps (differences to the row before) as values. With `groups`, a row whose group is another than that of the row
 * before has the value itself.
 * @param {number[]} steps
 * @param {number[]} [groups]
 */
export function sumSteps(steps, groups) {
  let value = 0;
  return steps.map((step, i) => {
    const startsGroup = groups !== undefined && i > 0 && groups[i] !== groups[i - 1];
    return (value = startsGroup ? step : value + step);
  });
}

/**
 * Consecutive parts of a list, of the given lengths.
 * @param {number[]} values
 * @param {number[]} lengths
 */
export function split(values, lengths) {
  let start = 0;
  return lengths.map(length => values.slice(start, (start += length)));
}

/**
 * @param {Pick<EmbeddedData, "types" | "regions" | "pairs" | "pair_separator">} data
 * @returns {Pair[]}
 */
function decodePairs({types, regions, pairs, pair_separator: separator}) {
  return Array.from({length: pairs.length / 2}, (_, i) => {
    const type = types[pairs[2 * i]];
    const region = regions[pairs[2 * i + 1]];
    return {type, region, family: type.split(".")[0], name: type + separator + region};
  });
}

/**
 * @param {ScoreTable} table
 * @param {number} unit milliseconds in the table's unit of time
 * @returns {ScoreCells}
 */
function decodeScores(table, unit) {
  const times = expandRuns(table.times);
  return {
    length: times.length,
    time: times.map(time => time * unit),
    pair: sumSteps(table.pair, times),
    unknown: table.unknown,
    known: table.known,
    mean: table.mean.map(tenths => tenths / 10),
    low: table.low,
    high: table.high,
  };
}

/**
 * @param {BandTable} table
 * @returns {Map<number, BandStep[]>}
 */
function decodeBands(table) {
  const days = split(table.day, table.steps);
  const bands = split(table.band, table.steps);
  return new Map(sumSteps(table.pair).map((pair, i) => [
    pair, days[i].map((day, step) => ({time: day * DAY, band: bands[i][step]})),
  ]));
}

/**
 * @param {RankingTable} table
 * @returns {RankedPair[]}
 */
function decodeRanking(table) {
  return expandRuns(table.times).map((day, i) => ({
    time: day === BOOTSTRAP_DAY ? null : day * DAY,
    pair: table.pair[i],
    score: table.score[i] / 1000,
    spsChanges: table.sps_changes[i] / 1000,
    ifChanges: table.if_changes[i] / 1000,
  }));
}

/**
 * @param {LaunchTable} table
 * @returns {Probe[]}
 */
function decodeProbes(table) {
  const minutes = sumSteps(table.minute);
  const seconds = split(table.seconds, table.counts).map(steps => sumSteps(steps));
  return table.pair.map((pair, i) => ({
    time: minutes[i] * MINUTE,
    pair,
    asked: table.asked[i],
    levels: Math.min(table.asked[i], table.levels),
    watched: table.watched[i],
    score: table.score[i] || null,
    band: table.band[i] < 0 ? null : table.band[i],
    fulfilled: seconds[3 * i],
    running: seconds[3 * i + 1],
    ready: seconds[3 * i + 2],
  }));
}

/**
 * @param {LaunchTable} table
 * @returns {Outcome[]}
 */
function decodeOutcomes({outcomes, outcome_rows: cells}) {
  return Array.from({length: cells.length / 4}, (_, i) => {
    const [day, pair, outcome, requests] = cells.slice(4 * i, 4 * i + 4);
    return {time: day * DAY, pair, outcome: outcomes[outcome], requests};
  });
}
