import assert from "node:assert/strict";
import {test} from "node:test";

import {toCsv} from "../../../../report/page/logic/csv.js";
import {march} from "../collected.js";

test("rows become lines under a header, the last line ended", () => {
  assert.equal(toCsv([{pair: "a", polls: 1}, {pair: "b", polls: 2}]), "pair,polls\na,1\nb,2\n");
});

test("what is unknown is left empty, and zero is not unknown", () => {
  assert.equal(toCsv([{a: null, b: undefined, c: NaN, d: 0}]), "a,b,c,d\n,,,0\n");
});

test("times are written with their minute, as dates from a chart too", () => {
  assert.equal(toCsv([{from: march(1), to: new Date(march(2))}]), "from,to\n2026-03-01T00:00,2026-03-02T00:00\n");
});

test("numbers have six decimals at most", () => {
  assert.equal(toCsv([{share: 1 / 3, usd: 0.1 + 0.2}]), "share,usd\n0.333333,0.3\n");
});

test("commas, quotes and line breaks are quoted", () => {
  assert.equal(toCsv([{a: "1,2", b: 'say "so"', c: "two\nlines"}]), 'a,b,c\n"1,2","say ""so""","two\nlines"\n');
});
