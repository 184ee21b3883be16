import assert from "node:assert/strict";
import {test} from "node:test";

import {
  fromFragment, hasPair, hasTime, noFilters, select, selectRows, toFragment,
} from "../../../../report/page/logic/filters.js";
import {march, PAIRS, pair, selectionOf} from "../collected.js";

const SPAN = {first: march(1), last: march(10), begun: march(1)};
const UNSET = noFilters(SPAN);
const names = selection => PAIRS.filter((_, i) => hasPair(selection, i)).map(each => each.name);

test("no filter leaves every pair and every day", () => {
  const selection = selectionOf(1, 10);
  assert.equal(selection.pairCount, 3);
  assert.deepEqual([selection.from, selection.until], [march(1), march(11)]);
});

test("a part of an instance type is enough, in capitals and between blanks too", () => {
  assert.deepEqual(names(selectionOf(1, 10, {type: " M5 "})), ["m5.large · us-east-1", "m5.large · eu-west-1"]);
});

test("a family is not another that begins like it", () => {
  const collected = {...SPAN, pairs: [pair("m5.large", "us-east-1"), pair("m5a.large", "us-east-1")]};
  assert.equal(select(collected, {...UNSET, family: "m5"}).pairCount, 1);
  assert.equal(select(collected, {...UNSET, type: "m5"}).pairCount, 2);
});

test("filters act together", () => {
  const selection = selectionOf(1, 10, {type: "large", family: "m5", region: "eu-west-1"});
  assert.deepEqual(names(selection), ["m5.large · eu-west-1"]);
  assert.equal(selectionOf(1, 10, {family: "c5", region: "eu-west-1"}).pairCount, 0);
});

test("both days are included, up to the last millisecond", () => {
  const selection = selectionOf(1, 10, {from: "2026-03-02", to: "2026-03-03"});
  assert.deepEqual(
    [march(2) - 1, march(2), march(4) - 1, march(4)].map(ms => hasTime(selection, ms)), [false, true, true, false]);
});

test("days before and after what was collected, and no days, count as its first and last", () => {
  for (const [from, to] of [["2025-01-01", "2027-01-01"], ["", ""], ["yesterday", "2026-02-31x"]]) {
    const selection = selectionOf(1, 10, {from, to});
    assert.deepEqual([selection.from, selection.until], [march(1), march(11)]);
  }
});

test("a first day after the last leaves no time", () => {
  const selection = selectionOf(1, 10, {from: "2026-03-05", to: "2026-03-02"});
  assert.equal([1, 2, 3, 4, 5, 6].some(day => hasTime(selection, march(day))), false);
});

test("rows are left by pair and time", () => {
  const rows = [{pair: 0, time: march(2)}, {pair: 1, time: march(2)}, {pair: 0, time: march(9)}];
  const selection = selectionOf(1, 10, {family: "m5", to: "2026-03-03"});
  assert.deepEqual(selectRows(selection, rows), [rows[0]]);
});

test("filters come back from the address as they were put there", () => {
  const filters = {type: "m5 & c5", family: "", region: "us-east-1", from: "2026-03-02", to: "2026-03-10"};
  const fragment = toFragment(filters, SPAN);
  assert.equal(fragment, "type=m5+%26+c5&region=us-east-1&from=2026-03-02");
  assert.deepEqual(fromFragment(`#${fragment}`, UNSET), filters);
});

test("filters that are not set leave the address alone", () => {
  assert.equal(toFragment(UNSET, SPAN), "");
  assert.equal(toFragment({...UNSET, from: "", to: ""}, SPAN), "");
  assert.deepEqual(fromFragment("", UNSET), UNSET);
});

test("what else an address says is passed over", () => {
  assert.deepEqual(fromFragment("#length=3&region=eu-west-1", UNSET), {...UNSET, region: "eu-west-1"});
});

test("the name of a type chooses that type, though it is part of another's", () => {
  const pairs = [pair("r6.4xlarge", "us-east-1"), pair("gr6.4xlarge", "us-east-1")];
  const chosen = type => [...select({pairs, first: 0, last: 0}, {...noFilters({begun: 0, last: 0}), type}).matches];
  assert.deepEqual(chosen("R6.4xlarge"), [1, 0]);
  assert.deepEqual(chosen("r6.4"), [1, 1]);
});

test("days of prices only, before anything else was collected, are shown when they are asked for", () => {
  const span = {...SPAN, begun: march(8), pairs: []};
  assert.equal(select(span, noFilters(span)).from, march(8));
  assert.equal(select(span, {...noFilters(span), from: "2026-03-02"}).from, march(2));
  assert.equal(toFragment({...noFilters(span), from: "2026-03-02"}, span), "from=2026-03-02");
});
