import assert from "node:assert/strict";
import {test} from "node:test";

import {bestPairs, dailyScores} from "../../../../report/page/sections/ranking.js";
import {march, selectionOf} from "../collected.js";

const ranked = (day, pair, score) => ({time: day && march(day), pair, score, spsChanges: 0, ifChanges: 0});
const RANKING = [ranked(1, 0, 9), ranked(1, 1, 8), ranked(3, 2, 7), ranked(3, 1, 6)];
const pairsOf = rows => rows.map(row => row.pair);

test("the last day's pairs are shown, best first", () => {
  assert.deepEqual(pairsOf(bestPairs(RANKING, selectionOf(1, 5))), [2, 1]);
});

test("filters act before the last day is chosen", () => {
  assert.deepEqual(pairsOf(bestPairs(RANKING, selectionOf(1, 5, {to: "2026-03-02"}))), [0, 1]);
  assert.deepEqual(pairsOf(bestPairs(RANKING, selectionOf(1, 5, {region: "us-east-1", family: "m5"}))), [0]);
});

test("scores of the bootstrap archive are shown whatever the days", () => {
  const bootstrap = [ranked(null, 2, 2), ranked(null, 0, 1)];
  assert.deepEqual(pairsOf(bestPairs(bootstrap, selectionOf(4, 4))), [2, 0]);
  assert.deepEqual(pairsOf(bestPairs(bootstrap, selectionOf(4, 4, {region: "us-east-1"}))), [0]);
});

test("of nothing nothing is the best", () => {
  assert.deepEqual(bestPairs([], selectionOf(1, 5)), []);
  assert.deepEqual(bestPairs(RANKING, selectionOf(1, 5, {type: "no such type"})), []);
});

test("whatever the order of the rows, the highest score comes first", () => {
  assert.deepEqual(pairsOf(bestPairs([ranked(1, 0, 1), ranked(1, 1, 3), ranked(1, 2, 2)], selectionOf(1, 1))), [1, 2, 0]);
});

test("a pair's history is that of the selected days, oldest first, without the bootstrap", () => {
  const history = [ranked(4, 0, 4), ranked(2, 0, 2), ranked(9, 0, 9), ranked(null, 0, 1)];
  assert.deepEqual(dailyScores(history, selectionOf(1, 5)), [{at: march(2), value: 2}, {at: march(4), value: 4}]);
});
