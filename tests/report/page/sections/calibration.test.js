import assert from "node:assert/strict";
import {test} from "node:test";

import {calibrationRows, secondsUntilHalfReady, shareReady} from "../../../../report/page/sections/calibration.js";
import {probe} from "../collected.js";

const scoreOf = each => each.score;

test("the share ready is that of the instances asked for", () => {
  assert.equal(shareReady(probe({ready: [1]})), 0.25);
  assert.equal(shareReady(probe({asked: 1000, levels: 20, ready: new Array(10).fill(1), reached: {ready: 512}})), 0.512);
});

test("half are ready with the instance in the middle, of an odd number with the one after it", () => {
  assert.equal(secondsUntilHalfReady(probe({ready: [5, 6, 7, 8]})), 6);
  assert.equal(secondsUntilHalfReady(probe({levels: 3, ready: [5, 6]})), 6);
  assert.equal(secondsUntilHalfReady(probe({ready: [5]})), undefined);
});

test("probes are summed up by what was known, in the given order", () => {
  const probes = [
    probe({score: 9, ready: [1, 1, 1, 1]}), probe({score: 3}), probe({score: 3, ready: [1, 1]}), probe({score: null}),
  ];
  assert.deepEqual(calibrationRows(probes, scoreOf, [1, 3, 9], shareReady), [
    {known: 3, mean: 0.25, low: 0, high: 0.5, probes: 2}, {known: 9, mean: 1, low: 1, high: 1, probes: 1},
  ]);
});

test("probes without a result are left out", () => {
  const probes = [probe({score: 3}), probe({score: 3, ready: [4, 8]})];
  assert.deepEqual(calibrationRows(probes, scoreOf, [3], secondsUntilHalfReady), [
    {known: 3, mean: 8, low: 8, high: 8, probes: 1},
  ]);
});
