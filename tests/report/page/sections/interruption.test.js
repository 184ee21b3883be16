import assert from "node:assert/strict";
import {test} from "node:test";

import {groupByPair} from "../../../../report/page/logic/grouping.js";
import {bandChangeRows, bandShareRows, bandStretches, mostChangedFirst} from "../../../../report/page/sections/interruption.js";
import {HOUR} from "../../../../report/page/logic/dates.js";
import {march, PAIRS, selectionOf} from "../collected.js";

const collected = {
  pairs: PAIRS,
  polledUntil: march(10) + 12 * HOUR,
  bandLabels: ["calm", "busy"],
  directions: ["more", "less"],
  bandHistories: new Map([
    [0, [{time: march(1), band: 0}, {time: march(5), band: 1}]],
    [1, [{time: march(1), band: 1}, {time: march(5), band: 0}, {time: march(6), band: 1}]],
    [2, [{time: march(3), band: 0}]],
  ]),
};

test("a band lasts until the next change, the last one until the poll after the last was due", () => {
  assert.deepEqual(bandStretches(collected, selectionOf(1, 10, {family: "m5", region: "us-east-1"})), [
    {pair: 0, band: 0, from: march(1), to: march(5)}, {pair: 0, band: 1, from: march(5), to: march(10) + 12 * HOUR + HOUR / 6},
  ]);
});

test("bands are cut to the selected days, and those outside are left out", () => {
  assert.deepEqual(bandStretches(collected, selectionOf(1, 10, {family: "m5", from: "2026-03-02", to: "2026-03-04"})), [
    {pair: 0, band: 0, from: march(2), to: march(5)}, {pair: 2, band: 0, from: march(3), to: march(5)},
  ]);
});

test("a Region's pairs count by their last band, the calmest Region first", () => {
  const groups = groupByPair(bandStretches(collected, selectionOf(1, 10)), PAIRS);
  assert.deepEqual(bandShareRows(groups, collected), [
    {region: "eu-west-1", band: 0, label: "calm", pairs: 1, share: 1},
    {region: "us-east-1", band: 1, label: "busy", pairs: 2, share: 1},
  ]);
});

test("changes are counted by day and direction, downward ones below the line", () => {
  assert.deepEqual(bandChangeRows(collected, selectionOf(1, 20)), [
    {from: march(5), to: march(6), direction: "more", count: 1, pairs: 1},
    {from: march(5), to: march(6), direction: "less", count: 1, pairs: -1},
    {from: march(6), to: march(7), direction: "more", count: 1, pairs: 1},
  ]);
});

test("changes of a few days are counted by the hour", () => {
  assert.deepEqual(bandChangeRows(collected, selectionOf(5, 6)).map(row => [row.from, row.to - row.from]), [
    [march(5), HOUR], [march(5), HOUR], [march(6), HOUR],
  ]);
});

test("changes before the selected days, and the first band seen, are no changes", () => {
  const rows = bandChangeRows(collected, selectionOf(1, 10, {from: "2026-03-06"}));
  assert.deepEqual(rows.map(({from, count}) => [from, count]), [[march(6), 1]]);
});

test("changes of a long time are counted by week", () => {
  const selection = selectionOf(-300, 10);
  const rows = bandChangeRows(collected, selection);
  assert.ok(rows.every(row => (row.from - selection.from) % (7 * 86_400_000) === 0));
  assert.equal(rows.reduce((sum, row) => sum + row.count, 0), 3);
});

test("pairs that changed most come first, of the others those of the best answers", () => {
  const stretch = pair => ({pair, band: 0, from: march(1), to: march(2)});
  const stretches = [stretch(0), stretch(1), stretch(2), stretch(2)];
  const collected = {pairs: PAIRS, answers: [{pair: 0}]};
  assert.deepEqual(mostChangedFirst(stretches, collected).map(({pair}) => pair), [2, 0, 1]);
  assert.deepEqual(mostChangedFirst(stretches, {pairs: PAIRS, answers: []}).map(({pair}) => pair), [2, 1, 0]);
});
