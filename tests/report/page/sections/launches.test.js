import assert from "node:assert/strict";
import {test} from "node:test";

import {
  countBySecond, outcomeRows, rangeRows, readinessCurve, readinessScale, stageRows,
} from "../../../../report/page/sections/launches.js";
import {march, PAIRS, probe, selectionOf} from "../collected.js";

test("the curve counts the instances that are ready at each second", () => {
  const curve = readinessCurve([probe({ready: [1, 3]})], 4, 4);
  assert.deepEqual(curve.map(row => row.second), [0, 1, 2, 3, 4]);
  assert.deepEqual(curve.map(row => row.median), [0, 1, 1, 2, 2]);
});

test("the curve tells the median probe and how far the probes spread", () => {
  const probes = [0, 1, 2, 3, 4].map(count => probe({ready: new Array(count).fill(1)}));
  assert.deepEqual(readinessCurve(probes, 4, 1).at(-1), {second: 1, median: 2, low: 0, high: 4, probes: 5});
});

test("of a probe of many instances the kept ones stand for all", () => {
  const [, row] = readinessCurve([probe({asked: 1000, levels: 20, ready: [1, 1, 1, 1, 1]})], 1000, 1);
  assert.equal(row.median, 250);
});

test("a long curve has about a hundred points", () => {
  assert.equal(readinessCurve([probe({})], 4, 600).length, 101);
});

test("probes of unlike size are drawn in percent", () => {
  assert.equal(readinessScale([probe({asked: 10}), probe({asked: 10})]), 10);
  assert.equal(readinessScale([probe({asked: 10}), probe({asked: 5})]), 100);
  assert.equal(readinessScale([]), 100);
});

test("seconds of a stage are counted over all probes, up to the end of the longest", () => {
  const probes = [probe({watched: 3, running: [1, 1]}), probe({watched: 4, running: [1, 4]})];
  assert.deepEqual([...countBySecond(probes, "running")], [0, 3, 0, 0, 1]);
});

test("the shares of a stage add up to one, and stages nobody got to are left out", () => {
  const {rows, width, medians} = stageRows([probe({fulfilled: [1, 2, 6, 30], running: [9]})]);
  assert.equal(width, 5);
  assert.deepEqual(medians, [{stage: "fulfilled", second: 2}, {stage: "running", second: 9}]);
  const fulfilled = rows.filter(row => row.stage === "fulfilled");
  assert.deepEqual(fulfilled.slice(0, 2), [
    {stage: "fulfilled", second: 0, until: 5, count: 2, share: 0.5},
    {stage: "fulfilled", second: 5, until: 10, count: 1, share: 0.25},
  ]);
  assert.equal(fulfilled.reduce((sum, row) => sum + row.share, 0), 1);
});

test("without any probe there are no stages", () => {
  assert.deepEqual(stageRows([]).rows, []);
});

test("pairs are ordered by their median, and those of which nothing became ready are left out", () => {
  const probes = [
    probe({pair: 0, ready: [50, 60]}), probe({pair: 1, ready: [7]}), probe({pair: 1, ready: [9, 8]}), probe({pair: 2}),
  ];
  const rows = rangeRows(probes, PAIRS);
  assert.deepEqual(rows.map(row => row.instance), ["c5.large", "m5.large"]);
  assert.deepEqual(rows.map(row => [row.probes, row.instances]), [[2, 3], [1, 2]]);
  assert.deepEqual(rows.map(row => [row.p10, row.median, row.p90]), [[7, 8, 9], [50, 50, 60]]);
});

test("outcomes are summed over days and pairs, the most frequent first", () => {
  const outcomes = [
    {time: march(1), pair: 0, outcome: "ready", requests: 1},
    {time: march(1), pair: 1, outcome: "no capacity", requests: 5},
    {time: march(2), pair: 0, outcome: "ready", requests: 3},
    {time: march(9), pair: 0, outcome: "ready", requests: 99},
  ];
  assert.deepEqual(outcomeRows(outcomes, selectionOf(1, 2)), {
    total: 9,
    rows: [{outcome: "no capacity", requests: 5, share: 5 / 9}, {outcome: "ready", requests: 4, share: 4 / 9}],
  });
});
