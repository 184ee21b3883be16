import assert from "node:assert/strict";
import {test} from "node:test";

import {
  mean, quantile, quantileOfCounts, rankCorrelation, ranks, secondReached, shareArrived, sorted,
} from "../../../../report/page/logic/statistics.js";

test("numbers are ordered as numbers, in a copy", () => {
  const values = [10, 9, 100];
  assert.deepEqual(sorted(values), [9, 10, 100]);
  assert.deepEqual(values, [10, 9, 100]);
});

test("the mean of one value is that value", () => {
  assert.equal(mean([3]), 3);
  assert.equal(mean([1, 2, 6]), 3);
});

test("a quantile is always one of the values", () => {
  const values = [1, 2, 3, 4];
  assert.deepEqual([0, 0.25, 0.26, 0.5, 0.9, 1].map(share => quantile(values, share)), [1, 1, 2, 2, 4, 4]);
  assert.equal(quantile([7], 0.1), 7);
});

test("quantiles of counts are those of the counted values", () => {
  const values = [0, 2, 2, 2, 5, 5, 9];
  const counts = new Int32Array(10);
  for (const value of values) counts[value]++;
  for (const share of [0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1])
    assert.equal(quantileOfCounts(counts, share), quantile(values, share), `share ${share}`);
});

test("equal values share the mean of their places", () => {
  assert.deepEqual(ranks([30, 10, 30, 20]), [2.5, 0, 2.5, 1]);
});

test("rank correlation sees order, not distance", () => {
  assert.equal(rankCorrelation([1, 2, 3], [1, 10, 1000]), 1);
  assert.equal(rankCorrelation([1, 2, 3], [3, 2, 1]), -1);
});

test("rank correlation with ties agrees with a figure computed by hand", () => {
  // ranks 0, 1.5, 1.5, 3 against 0, 2, 1, 3: covariance 4.5, variances 4.5 and 5
  assert.ok(Math.abs(rankCorrelation([1, 2, 2, 3], [1, 3, 2, 4]) - 4.5 / Math.sqrt(4.5 * 5)) < 1e-12);
});

test("there is no correlation with what never varies", () => {
  assert.equal(rankCorrelation([1, 2, 3], [5, 5, 5]), null);
});

test("the share that arrived is the plain one where all were watched to the end", () => {
  assert.deepEqual(shareArrived(Float64Array.of(0, 1, 0, 2), Float64Array.of(0, 0, 0, 1)), [0, 0.25, 0.25, 0.75]);
});

test("those who left early say nothing of what came later", () => {
  const shares = shareArrived(Float64Array.of(0, 1, 0, 1, 0), Float64Array.of(0, 1, 0, 1, 0));
  assert.deepEqual(shares, [0, 0.25, 0.25, 0.625, NaN]);
});

test("the second at which a share is reached is unknown if it never is", () => {
  assert.equal(secondReached([0, 0.25, 0.5, 0.5], 0.5), 2);
  assert.equal(secondReached([0, 0.25, NaN], 0.5), null);
});
