import assert from "node:assert/strict";
import {test} from "node:test";

import {decode, expandRuns, split, sumSteps} from "../../../../report/page/logic/decode.js";
import {DAY, HOUR, MINUTE} from "../../../../report/page/logic/dates.js";

const NO_SCORES = {
  times: [], pair: [], known: [], total: [], low: [], high: [], absent: [], refused: [], failed: [], waiting: [],
};
const NO_HOURS = {region: [], hour: [], total: [], weight: [], square: [], count: [], days: []};
const EMPTY = {
  first: 20513, last: 20513, begun: 20513, polled_until: 0, made: 0, answers: [], types: [], regions: [], pairs: [], pair_separator: " · ", bands: ["low", "high"],
  directions: ["up", "down"], weekdays: [], scores: {days: NO_SCORES, hours: NO_SCORES},
  prices: {times: [], pair: [], usd: [], units_a_dollar: 100},
  week_hours: NO_HOURS, launch_hours: NO_HOURS,
  interruption: {pair: [], steps: [], minute: [], band: []},
  ranking: {times: [], pair: [], score: [], sps_changes: [], if_changes: []},
  launches: {
    levels: 20, seen: 0, minute: [], pair: [], asked: [], watched: [], score: [], band: [], counts: [], seconds: [],
    ending: [], all_counts: [], outcomes: [], outcome_rows: [], endings: ["timeout", "stopped"], telling: [true, false],
    ending_rows: [],
  },
  polls: [], spending: [], budget: 5,
};

test("a run-length list becomes a value a row", () => {
  assert.deepEqual(expandRuns([7, 2, 9, 1, 8, 0]), [7, 7, 9]);
  assert.deepEqual(expandRuns([]), []);
});

test("steps add up, down as well as up", () => {
  assert.deepEqual(sumSteps([5, 2, 0, -3]), [5, 7, 7, 4]);
});

test("steps start anew with every group", () => {
  assert.deepEqual(sumSteps([5, 2, 3, 1], ["a", "a", "b", "b"]), [5, 7, 3, 4]);
});

test("a list is split into parts, of which some may be empty", () => {
  assert.deepEqual(split([1, 2, 3], [1, 0, 2]), [[1], [], [2, 3]]);
});

test("data of nothing becomes nothing", () => {
  const collected = decode(EMPTY);
  assert.deepEqual(
    [collected.pairs, collected.days.length, collected.bandHistories.size, collected.ranking, collected.probes],
    [[], 0, 0, [], []]);
  assert.equal(collected.first, Date.UTC(2026, 2, 1));
});

test("pairs are named by instance type and Region, and know their family", () => {
  const {pairs} = decode({...EMPTY, types: ["m5.large", "c5.large"], regions: ["eu-west-1"], pairs: [1, 0, 0, 0]});
  assert.deepEqual(pairs, [
    {type: "c5.large", region: "eu-west-1", family: "c5", name: "c5.large · eu-west-1"},
    {type: "m5.large", region: "eu-west-1", family: "m5", name: "m5.large · eu-west-1"},
  ]);
});

test("scores have their time in milliseconds, their pair, and what came of queries without one", () => {
  const table = {...NO_SCORES, times: [10, 2, 11, 1], pair: [3, 2, 4], refused: [0, 2, 7, 1]};
  const {days, hours} = decode({...EMPTY, scores: {days: table, hours: table}});
  assert.deepEqual(days.time, [10 * DAY, 10 * DAY, 11 * DAY]);
  assert.deepEqual(hours.time, [10 * HOUR, 10 * HOUR, 11 * HOUR]);
  assert.deepEqual(days.pair, [3, 5, 4]);
  assert.deepEqual(days.refused, [0, 0, 7]);
  assert.equal(days.length, 3);
});

test("each pair gets its own prices, in dollars", () => {
  const prices = {times: [10, 2, 11, 1], pair: [1, 2, 3], usd: [5, 7, 8], units_a_dollar: 100};
  assert.deepEqual([...decode({...EMPTY, prices}).prices], [
    [1, [{time: 10 * DAY, usd: 0.05}]],
    [3, [{time: 10 * DAY, usd: 0.07}, {time: 11 * DAY, usd: 0.08}]],
  ]);
});

test("each pair gets its own changes of band", () => {
  const interruption = {pair: [2, 5], steps: [2, 1], minute: [1000, 250, -10], band: [0, 3, 1]};
  assert.deepEqual([...decode({...EMPTY, interruption}).bandHistories], [
    [2, [{time: 1000 * MINUTE, band: 0}, {time: 1250 * MINUTE, band: 3}]],
    [7, [{time: 990 * MINUTE, band: 1}]],
  ]);
});

test("ranked pairs are steps within a day; scores of the bootstrap archive have no time", () => {
  const ranking = {
    times: [10, 2, -1, 1], pair: [4, 2, 5], score: [1.333, 0, 0.2], sps_changes: [4, 0, 0], if_changes: [0, 0, 1],
  };
  assert.deepEqual(decode({...EMPTY, ranking}).ranking, [
    {time: 10 * DAY, pair: 4, score: 1.333, spsChanges: 4, ifChanges: 0},
    {time: 10 * DAY, pair: 6, score: 0, spsChanges: 0, ifChanges: 0},
    {time: null, pair: 5, score: 0.2, spsChanges: 0, ifChanges: 1},
  ]);
});

test("each probe gets its own seconds of each stage, and what was not known is null", () => {
  const launches = {
    ...EMPTY.launches, levels: 3, minute: [100, 10], pair: [1, 0], asked: [2, 9], watched: [60, 70], score: [9, 0],
    band: [0, -1], counts: [2, 1, 0, 1, 1, 1], seconds: [3, 4, 5, 6, 8, 9],
    ending: [1, 0], all_counts: [1, 5, 4, 3],
  };
  assert.deepEqual(decode({...EMPTY, launches}).probes, [
    {
      time: 100 * MINUTE, pair: 1, asked: 2, levels: 2, watched: 60, score: 9, band: 0, fulfilled: [3, 7], running: [5],
      ready: [], reached: {fulfilled: 2, running: 1, ready: 0}, ending: "stopped", tellsReadiness: false,
    },
    {
      time: 110 * MINUTE, pair: 0, asked: 9, levels: 3, watched: 70, score: null, band: null, fulfilled: [6],
      running: [8], ready: [9], reached: {fulfilled: 5, running: 4, ready: 3}, ending: "timeout", tellsReadiness: true,
    },
  ]);
});

test("outcomes are named", () => {
  const launches = {...EMPTY.launches, outcomes: ["ready", "no capacity"], outcome_rows: [10, 2, 1, 30, 11, 2, 0, 5]};
  assert.deepEqual(decode({...EMPTY, launches}).outcomes, [
    {time: 10 * DAY, pair: 2, outcome: "no capacity", requests: 30},
    {time: 11 * DAY, pair: 2, outcome: "ready", requests: 5},
  ]);
});

test("endings of probes are named", () => {
  const launches = {...EMPTY.launches, ending_rows: [10, 2, 1, 3]};
  assert.deepEqual(decode({...EMPTY, launches}).endings, [{time: 10 * DAY, pair: 2, ending: "stopped", probes: 3}]);
});

test("days of polls and of spending have their time in milliseconds", () => {
  const collected = decode({...EMPTY, polls: [[10, 143, 144, 4290, 68]], spending: [[10, 0.98]]});
  assert.deepEqual(collected.polls, [{time: 10 * DAY, polls: 143, due: 144, queries: 4290, failed: 68}]);
  assert.deepEqual(collected.spending, [{time: 10 * DAY, usd: 0.98}]);
});
