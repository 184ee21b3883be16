// @ts-check
// Unpacks the data that report/page.py writes into the page; embedded_data.d.ts describes the format.

/** @import {BandTable, EmbeddedData, LaunchTable, PriceTable, RankingTable, ScoreTable, WeekHourTable} from "./embedded_data" */
/**
 * @import {
 *   BandStep, Collected, Ending, Outcome, Pair,
 *   PriceStep, Probe, RankedPair, ScoreCells, Stage, WeekHour,
 * } from "./collected"
 */

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
    begun: data.begun * DAY,
    polledUntil: data.polled_until * MINUTE,
    pairs: decodePairs(data),
    regions: data.regions,
    made: data.made * 1000,
    answers: data.answers.map(({pair, cells, figures}) => (
      {pair, cells: cells.map(([text, detail]) => ({text, detail})), figures})),
    bandLabels: data.bands,
    directions: data.directions,
    weekdays: data.weekdays,
    days: decodeScores(data.scores.days, DAY),
    hours: decodeScores(data.scores.hours, HOUR),
    prices: decodePrices(data.prices),
    weekHours: decodeWeekHours(data.week_hours, data.regions),
    launchHours: decodeWeekHours(data.launch_hours, data.regions),
    bandHistories: decodeBands(data.interruption),
    ranking: decodeRanking(data.ranking),
    probes: decodeProbes(data.launches),
    probesSeen: data.launches.seen,
    outcomes: decodeOutcomes(data.launches),
    endings: decodeEndings(data.launches),
    endingWords: data.launches.endings,
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
    known: table.known,
    total: table.total,
    low: table.low,
    high: table.high,
    absent: expandRuns(table.absent),
    refused: expandRuns(table.refused),
    failed: expandRuns(table.failed),
    waiting: expandRuns(table.waiting),
  };
}

/**
 * @param {PriceTable} table
 */
function decodePrices(table) {
  const days = expandRuns(table.times);
  /** @type {Map<number, PriceStep[]>} */
  const found = new Map();
  sumSteps(table.pair, days).forEach((pair, i) => {
    const step = {time: days[i] * DAY, usd: table.usd[i] / table.units_a_dollar};
    const steps = found.get(pair);
    if (steps) steps.push(step);
    else found.set(pair, [step]);
  });
  return found;
}

/**
 * @param {WeekHourTable} table
 * @param {string[]} regions
 * @returns {WeekHour[]}
 */
function decodeWeekHours({region, hour, total, weight, square, count, days}, regions) {
  return region.map((number, i) => ({
    region: regions[number] ?? null, hour: hour[i], total: total[i], weight: weight[i], square: square[i],
    count: count[i], days: days[i],
  }));
}

/**
 * @param {BandTable} table
 * @returns {Map<number, BandStep[]>}
 */
function decodeBands(table) {
  const minutes = split(table.minute, table.steps);
  const starts = sumSteps(minutes.map(steps => steps[0]));
  const bands = split(table.band, table.steps);
  return new Map(sumSteps(table.pair).map((pair, i) => [
    pair, sumSteps([starts[i], ...minutes[i].slice(1)]).map((minute, step) => (
      {time: minute * MINUTE, band: bands[i][step]})),
  ]));
}

/**
 * @param {RankingTable} table
 * @returns {RankedPair[]}
 */
function decodeRanking(table) {
  const days = expandRuns(table.times);
  const pairs = sumSteps(table.pair, days);
  return days.map((day, i) => ({
    time: day === BOOTSTRAP_DAY ? null : day * DAY,
    pair: pairs[i],
    score: table.score[i],
    spsChanges: table.sps_changes[i],
    ifChanges: table.if_changes[i],
  }));
}

/**
 * @param {LaunchTable} table
 * @returns {Probe[]}
 */
function decodeProbes(table) {
  const minutes = sumSteps(table.minute);
  const seconds = split(table.seconds, table.counts).map(steps => sumSteps(steps));
  /** @type {Map<number, number[]>} */
  const allCounts = new Map();
  for (let i = 0; i < table.all_counts.length; i += 4)
    allCounts.set(table.all_counts[i], table.all_counts.slice(i + 1, i + 4));
  return table.pair.map((pair, i) => ({
    time: minutes[i] * MINUTE,
    pair,
    asked: table.asked[i],
    levels: Math.min(table.asked[i], table.levels),
    reached: reachedStages(allCounts.get(i) ?? table.counts.slice(3 * i, 3 * i + 3)),
    ending: table.endings[table.ending[i]],
    tellsReadiness: table.telling[table.ending[i]],
    watched: table.watched[i],
    score: table.score[i] || null,
    band: table.band[i] < 0 ? null : table.band[i],
    fulfilled: seconds[3 * i],
    running: seconds[3 * i + 1],
    ready: seconds[3 * i + 2],
  }));
}

/**
 * @param {number[]} counts
 * @returns {Record<Stage, number>}
 */
function reachedStages([fulfilled, running, ready]) {
  return {fulfilled, running, ready};
}

/**
 * @param {LaunchTable} table
 * @returns {Ending[]}
 */
function decodeEndings({endings, ending_rows: cells}) {
  return Array.from({length: cells.length / 4}, (_, i) => {
    const [day, pair, ending, probes] = cells.slice(4 * i, 4 * i + 4);
    return {time: day * DAY, pair, ending: endings[ending], probes};
  });
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
