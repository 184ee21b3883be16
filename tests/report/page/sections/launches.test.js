import assert from "node:assert/strict";
import {test} from "node:test";

import {
  countBySecond, endingRows, outcomeRows, rangeRows, readinessCurve, stageRows,
} from "../../../../report/page/sections/launches.js";
import {march, PAIRS, probe, selectionOf} from "../collected.js";

test("the curve tells the share of instances that is ready at each second", () => {
  const curve = readinessCurve([probe({ready: [1, 3]})], 4);
  assert.deepEqual(curve.map(row => row.second), [0, 1, 2, 3, 4]);
  assert.deepEqual(curve.map(row => row.share), [0, 0.25, 0.25, 0.5, 0.5]);
});

test("the curve tells how far the probes spread", () => {
  const probes = [0, 1, 2, 3, 4].map(count => probe({ready: new Array(count).fill(1)}));
  const {low, share, high, probes: count} = readinessCurve(probes, 1).at(-1);
  assert.deepEqual([low, share, high, count], [0, 0.5, 1, 5]);
});

test("instances of a probe that ended early are neither ready nor lost: nothing more is known of them", () => {
  const probes = [probe({watched: 2, ready: [1, 1]}), probe({watched: 4, ready: [1, 1, 3]})];
  const curve = readinessCurve(probes, 9);
  assert.deepEqual(curve.map(row => row.share), [0, 0.5, 0.5, 0.75, 0.75]);
  assert.deepEqual(curve.map(row => row.left), [0, 0, 2, 0, 1]);
});

test("once all are ready the curve stays at the top", () => {
  assert.equal(readinessCurve([probe({asked: 1, levels: 1, watched: 2, ready: [1]})], 5).at(-1).share, 1);
});

test("of a probe of many instances the kept ones stand for all", () => {
  const given = {asked: 1000, levels: 20, ready: [1, 1, 1, 1, 1], reached: {ready: 271}};
  const [, row] = readinessCurve([probe(given)], 1);
  assert.equal(row.share, 0.271);
});

test("a long curve has about a hundred points", () => {
  assert.equal(readinessCurve([probe({watched: 600})], 600).length, 101);
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

test("of probes that waited for fulfilment only the fulfilled instances count, of others cut short nothing", () => {
  const told = {running: [2], ready: [3], tellsReadiness: false};
  const {medians} = stageRows([
    probe({...told, fulfilled: [1], ending: "until fulfilled: all fulfilled"}), probe({...told, ending: "stopped"}),
  ]);
  assert.deepEqual(medians, [{stage: "fulfilled", second: 1}]);
});

test("pairs are ordered by the second at which half were ready, those that never were come last", () => {
  const probes = [
    probe({pair: 0, ready: [50, 60]}), probe({pair: 1, ready: [7, 8, 9]}), probe({pair: 1, ready: [9, 8, 9, 9]}),
    probe({pair: 2}),
  ];
  const rows = rangeRows(probes, PAIRS);
  assert.deepEqual(rows.map(row => row.pair), ["c5.large · us-east-1", "m5.large · us-east-1", "m5.large · eu-west-1"]);
  assert.deepEqual(rows.map(row => [row.probes, row.instances, row.ready]), [[2, 8, 7], [1, 4, 2], [1, 4, 0]]);
  assert.deepEqual(rows.map(row => [row.p10, row.median, row.p90]), [[7, 9, null], [50, 60, null], [null, null, null]]);
});

test("probes are counted by how they ended", () => {
  const ending = (day, ending, probes) => ({time: march(day), pair: 0, ending, probes});
  const endings = [ending(1, "stopped", 1), ending(1, "all ready", 2), ending(2, "all ready", 1), ending(9, "lost", 5)];
  assert.deepEqual(endingRows({endings, endingWords: ["all ready", "stopped", "lost"]}, selectionOf(1, 2)), [
    {ending: "all ready", probes: 3, share: 0.75}, {ending: "stopped", probes: 1, share: 0.25},
  ]);
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
