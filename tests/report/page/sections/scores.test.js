import assert from "node:assert/strict";
import {test} from "node:test";

import {HOUR} from "../../../../report/page/logic/dates.js";
import {bestFirst, binScores, chooseBins} from "../../../../report/page/sections/scores.js";
import {cellsOf, DAY, march, PAIRS, selectionOf} from "../collected.js";

const DAYS = cellsOf([march(1), 0]);
const HOURS = cellsOf([march(9) + 8 * HOUR, 0]);
const chosen = (first, last, most) => chooseBins({days: DAYS, hours: HOURS}, selectionOf(first, last), most);

test("days with scores by the hour are cut into hours, as narrow as there is room for", () => {
  assert.deepEqual(chosen(9, 9, 122), {cells: HOURS, width: HOUR, name: "1 h"});
  assert.equal(chosen(9, 10, 30).width, 2 * HOUR);
  assert.equal(chosen(9, 10, 4).width, 12 * HOUR);
});

test("days of which some have no scores by the hour are cut into days", () => {
  assert.deepEqual(chosen(8, 9, 122), {cells: DAYS, width: DAY, name: "a day"});
});

test("a long time is cut into several days a column", () => {
  assert.deepEqual(chosen(1, 31, 20), {cells: DAYS, width: 2 * DAY, name: "2 days"});
  assert.equal(chosen(1, 3650, 30).width, 28 * DAY);
});

test("scores of one bin are weighted by how often they were given", () => {
  const cells = cellsOf([march(1), 0, 1, 10, 10, 10], [march(2), 0, 3, 6, 1, 3, 5]);
  assert.deepEqual(binScores(cells, selectionOf(1, 2), 2 * DAY), [
    {
      pair: 0, from: march(1), to: march(3), known: 4, total: 16, low: 1, high: 10, absent: 5, refused: 0, failed: 0,
      waiting: 0,
    },
  ]);
});

test("polls without a score count by what came of them and leave the scores alone", () => {
  const cells = cellsOf([march(1), 0, 0, 0, 0, 0, 1, 2, 3, 4], [march(2), 0, 1, 4, 4, 4, 1]);
  const [bin] = binScores(cells, selectionOf(1, 2), 2 * DAY);
  assert.deepEqual([bin.known, bin.low, bin.high], [1, 4, 4]);
  assert.deepEqual([bin.absent, bin.refused, bin.failed, bin.waiting], [2, 2, 3, 4]);
});

test("pairs and days that the filters leave out have no bin", () => {
  const cells = cellsOf([march(1), 0, 1, 5, 5, 5], [march(1), 1, 1, 5, 5, 5], [march(3), 0, 1, 5, 5, 5]);
  const bins = binScores(cells, selectionOf(1, 3, {family: "m5", to: "2026-03-02"}), DAY);
  assert.deepEqual(bins.map(({pair, from}) => [pair, from]), [[0, march(1)]]);
});

test("bins are ordered by time, whatever the pair", () => {
  const cells = cellsOf([march(2), 0, 1, 5, 5, 5], [march(1), 2, 1, 5, 5, 5], [march(1), 0, 1, 5, 5, 5]);
  assert.deepEqual(binScores(cells, selectionOf(1, 2), DAY).map(bin => bin.from), [march(1), march(1), march(2)]);
});

test("the pair with the highest score of the newest day stands on top, one without any at the bottom", () => {
  const cells = cellsOf(
    [march(1), 0, 1, 9, 9, 9], [march(2), 0, 2, 2, 1, 1], [march(2), 1, 1, 3, 3, 3], [march(2), 2, 0, 0, 0, 0, 0, 5]);
  const groups = bestFirst(binScores(cells, selectionOf(1, 2), DAY), PAIRS);
  assert.deepEqual(groups.map(({pair}) => pair), [1, 0, 2]);
});
