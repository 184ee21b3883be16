import assert from "node:assert/strict";
import {test} from "node:test";

import {
  DAY, dayCount, HOUR, isoDay, isoMinute, startOfDay, timeBins, weekday,
} from "../../../../report/page/logic/dates.js";
import {march} from "../collected.js";

test("a time is written as the collector's clock showed it, whatever the reader's time zone", () => {
  assert.equal(isoDay(march(1) + 23 * HOUR), "2026-03-01");
  assert.equal(isoMinute(march(1) + 23.5 * HOUR), "2026-03-01T23:30");
});

test("a day begins at midnight", () => {
  assert.equal(startOfDay(march(2)), march(2));
  assert.equal(startOfDay(march(2) - 1), march(1));
});

test("a week begins on Monday", () => {
  assert.deepEqual([1, 2, 7, 8].map(day => weekday(march(day))), [6, 0, 5, 6]);
});

test("a selection of one day has one day", () => {
  assert.equal(dayCount({from: march(1), until: march(2)}), 1);
});

test("bins begin at the selection's start, and the last ends with the selection", () => {
  const bins = timeBins({from: march(1), until: march(4)}, 2 * DAY);
  assert.equal(bins.start(march(1)), march(1));
  assert.equal(bins.start(march(3) - 1), march(1));
  assert.equal(bins.start(march(3)), march(3));
  assert.equal(bins.end(march(1)), march(3));
  assert.equal(bins.end(march(3)), march(4));
});
