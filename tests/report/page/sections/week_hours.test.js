import assert from "node:assert/strict";
import {test} from "node:test";

import {weekHourRows} from "../../../../report/page/sections/week_hours.js";

const WEEKDAYS = ["Mon", "Tue"];
const known = {region: null, hour: 25, total: 120, weight: 40, square: 40, count: 40, days: 5};

test("pairs sampled seldom weigh as much as those they stand for", () => {
  // One pair always polled with a score of 1, and one of twenty with a score of 3, in enough weeks.
  const [row] = weekHourRows([{...known, total: 1 + 20 * 3, weight: 21, square: 1 + 400}], WEEKDAYS, 30);
  assert.equal(row.mean, 61 / 21);
});

test("hours of the week are named, in their order, and told where enough is known of them", () => {
  const [early, row] = weekHourRows([known, {...known, hour: 3}], WEEKDAYS, 30);
  assert.deepEqual([row.weekday, row.hour, row.hours, row.told, row.count], ["Tue", 1, "1:00 to 2:00", 3, 40]);
  assert.deepEqual([early.weekday, early.hour], ["Mon", 3]);
});

test("an hour of few days, or of few by weight, is not told", () => {
  const thin = [{...known, days: 2}, {...known, square: 1600 / 29}].map(row => weekHourRows([row], WEEKDAYS, 30));
  assert.deepEqual(thin.map(([row]) => [row.told, row.mean]), [[null, 3], [null, 3]]);
  assert.equal(weekHourRows([{...known, square: 1600 / 29}], WEEKDAYS, 5)[0].told, 3);
});
