// Placement scores over time: a row a pair, a column a stretch of time.
const shownRows = {scores: 24, bands: 16};

// How to cut the chosen days into columns that are wide enough to be seen.
function columns() {
  const most = isNarrow() ? 30 : 122;
  const spanDays = (selection.to - selection.from) / DAY + 1;
  if (hours.length && selection.from >= hours.time[0] * HOUR - DAY + 1)
    for (const step of [1, 2, 3, 6, 12]) if (spanDays * 24 / step <= most) return bins(step * HOUR, hours, `${step} h`);
  const step = [1, 2, 4, 7, 14, 28].find(each => spanDays / each <= most) || 28;
  return bins(step * DAY, days, step === 1 ? "a day" : `${step} days`);
}

function bins(width, table, name) {
  return {
    width, table, name,
    start: ms => selection.from + Math.floor((ms - selection.from) / width) * width,
    end: start => Math.min(start + width, selection.to + DAY),
  };
}

let cut, cutRows;  // the columns chosen last, and their cells

// (pair, column) → known scores, their mean and extremes.
function scoreRows({table, start, end}) {
  const found = new Map();
  for (let i = 0; i < table.length; i++) {
    const pair = table.pair[i], at = table.time[i] * table.unit;
    if (!isChosen(pair) || !isInRange(at)) continue;
    const from = start(at), key = (from - selection.from) / MINUTE * pairs.length + pair;
    let cell = found.get(key);
    if (!cell) found.set(key, (cell = {pair, from, to: end(from), known: 0, unknown: 0, total: 0, low: 99, high: 0}));
    cell.unknown += table.unknown[i];
    if (!table.known[i]) continue;
    cell.known += table.known[i];
    cell.total += table.known[i] * table.mean[i] / 10;
    cell.low = Math.min(cell.low, table.low[i]);
    cell.high = Math.max(cell.high, table.high[i]);
  }
  return [...found.values()].sort((a, b) => a.from - b.from);
}

// Pairs with the most polls first.
function byPolls(rows) {
  return [...grouped(rows, row => row.pair)]
    .map(([pair, its]) => ({pair, its, polls: its.reduce((sum, row) => sum + row.known + row.unknown, 0)}))
    .sort((a, b) => b.polls - a.polls || (pairs[a.pair].name < pairs[b.pair].name ? -1 : 1));
}

async function drawScores() {
  cut = columns();
  cutRows = scoreRows(cut);
  const all = byPolls(cutRows);
  const some = all.slice(0, shownRows.scores);
  const rows = some.flatMap(({pair, its}) => its.map(row => ({
    pair: pairs[pair].name, instance: pairs[pair].type, region: pairs[pair].region, from: row.from, to: row.to,
    score: row.known ? row.total / row.known : null, low: row.known ? row.low : null, high: row.known ? row.high : null,
    known: row.known, unknown: row.unknown,
  })));
  offerMore("scores", some.length, all.length);
  await show("scores", "scores", rows,
    `${number(some.length)} of ${number(all.length)} pairs, the most often polled first; a column is ${cut.name}. ` +
    "Grey: asked, but no score was given. Blank: not asked.");
}

function offerMore(id, some, all) {
  const button = document.querySelector(`#${id} .more`);
  button.hidden = some >= all;
  button.textContent = `Show more of the other ${number(all - some)}`;
}
