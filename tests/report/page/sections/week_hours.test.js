import assert from "node:assert/strict";
import {test} from "node:test";

import {weekHourRows} from "../../../../report/page/sections/week_hours.js";

const WEEKDAYS = ["Mon", "Tue"];
const known = {hour: 25, score: 120, weight: 40, square: 40, count: 40, days: 5};

test("pairs sampled seldom weigh as much as those they stand for", () => {
  // One pair always polled with a score of 1, and one of twenty with a score of 3, in enough weeks.
  const [row] = weekHourRows([{...known, region: 0, score: 1 + 20 * 3, weight: 21, square: 1 + 400}], WEEKDAYS);
  assert.equal(row.score, 61 / 21);
});

test("an hour of the week is named, and told where enough is known of it", () => {
  const [row] = weekHourRows([{...known, region: 0}, {...known, region: 1}], WEEKDAYS);
  assert.deepEqual([row.weekday, row.hour, row.hours, row.told, row.count], ["Tue", 1, "1:00 to 2:00", 3, 80]);
});

test("an hour of few days, or of few pairs by weight, is not told", () => {
  const thin = [{...known, days: 2}, {...known, square: 1600 / 29}].map(row => weekHourRows([{...row, region: 0}], WEEKDAYS));
  assert.deepEqual(thin.map(([row]) => [row.told, row.score]), [[null, 3], [null, 3]]);
});
