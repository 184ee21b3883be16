import assert from "node:assert/strict";
import {test} from "node:test";

import {answersByDay, calendarRows, spendingRows} from "../../../../report/page/sections/days.js";
import {cellsOf, DAY, march} from "../collected.js";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

test("a day stands in its week's column and its weekday's row", () => {
  const polled = {polls: 72, due: 144, queries: 10, failed: 1};
  const rows = calendarRows([{time: march(1), ...polled}, {time: march(2), ...polled}], new Map(), WEEKDAYS);
  assert.deepEqual(rows.map(row => row.weekday), ["Sun", "Mon"]);
  assert.deepEqual(rows.map(row => row.week), [march(-5), march(2)]);
  assert.equal(rows[0].week_end, march(2));
  assert.equal(rows[0].share, 0.5);
});

test("polls made besides those due do not make a day more than whole", () => {
  assert.equal(calendarRows([{time: march(1), polls: 150, due: 144, queries: 0, failed: 0}], new Map(), WEEKDAYS)[0].share, 1);
});

test("a day that was polled and refused is not covered", () => {
  const cells = cellsOf([march(1), 0, 1, 5, 5, 5, 1, 5, 2, 1], [march(2), 0, 3, 9, 3, 3]);
  const polled = {polls: 144, due: 144, queries: 10, failed: 1};
  const [bad, good] = calendarRows(
    [{time: march(1), ...polled}, {time: march(2), ...polled}], answersByDay(cells), WEEKDAYS);
  assert.deepEqual([bad.share, bad.refused, bad.unanswered, bad.waiting], [0.2, 5, 2, 1]);
  assert.equal(good.share, 1);
});

test("spending has a bar a day", () => {
  assert.deepEqual(spendingRows([{time: march(1), usd: 2}, {time: march(3), usd: 3}], 5), [
    {from: march(1), to: march(2), usd: 2, budget: 5}, {from: march(3), to: march(4), usd: 3, budget: 5},
  ]);
});

test("spending of many days has a bar a week, with the mean of its days", () => {
  const days = Array.from({length: 140}, (_, i) => ({time: i * DAY, usd: i % 7}));
  const rows = spendingRows(days, 5);
  assert.equal(rows.length, 20);
  assert.ok(rows.every(row => row.usd === 3 && row.to - row.from === 7 * DAY));
});
