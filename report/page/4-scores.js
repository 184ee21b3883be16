// Placement scores and interruption frequency over time: a row a pair, a column a stretch of time.
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
  const cut = columns();
  const all = byPolls(scoreRows(cut));
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

// The stretches between a pair's changes, cut to the chosen days.
function stretches(steps) {
  const end = selection.to + DAY;
  return steps.map(([day, band], i) => ({
    band,
    from: Math.max(day * DAY, selection.from),
    to: Math.min(i + 1 < steps.length ? steps[i + 1][0] * DAY : LAST + DAY, end),
  })).filter(row => row.from < row.to);
}

async function drawBands() {
  const all = [];
  for (const [pair, steps] of bandSteps) {
    const its = isChosen(pair) ? stretches(steps) : [];
    if (its.length) all.push({pair, its});
  }
  all.sort((a, b) => b.its.length - a.its.length || (pairs[a.pair].name < pairs[b.pair].name ? -1 : 1));
  const changed = all.filter(({its}) => its.length > 1).length;
  const some = all.slice(0, shownRows.bands);
  const rows = some.flatMap(({pair, its}) => its.map(row => ({
    pair: pairs[pair].name, instance: pairs[pair].type, region: pairs[pair].region,
    from: row.from, to: row.to, band: row.band, label: BANDS[row.band],
  })));
  offerMore("bands", some.length, all.length);
  await show("bands", "bands", rows,
    `${number(some.length)} of ${number(all.length)} pairs, the most often changed first; ${number(changed)} changed in these days.`);
  await drawBandShares(all);
  await drawBandChanges();
}

async function drawBandShares(all) {
  const regions = [...grouped(all, ({pair}) => pairs[pair].region)].map(([region, its]) => {
    const counts = BANDS.map((_, band) => its.filter(({its: rows}) => rows.at(-1).band === band).length);
    return {region, counts, total: its.length};
  });
  regions.sort((a, b) => b.counts[0] / b.total - a.counts[0] / a.total || (a.region < b.region ? -1 : 1));
  const rows = regions.flatMap(({region, counts, total}) => counts.map((count, band) => (
    {region, band, label: BANDS[band], pairs: count, share: count / total})).filter(row => row.pairs));
  await show("band_shares", "band_shares", rows,
    `${number(all.length)} pairs as last published up to ${isoDay(selection.to)}; Regions with the calmest pairs first.`);
}

async function drawBandChanges() {
  const spanDays = (selection.to - selection.from) / DAY + 1;
  const cut = bins((spanDays > 200 ? 7 : spanDays > 60 ? 2 : 1) * DAY);
  const counts = new Map();
  for (const [pair, steps] of bandSteps) {
    if (!isChosen(pair)) continue;
    for (let i = 1; i < steps.length; i++) {
      const at = steps[i][0] * DAY, rise = steps[i][1] - steps[i - 1][1];
      if (!isInRange(at) || !rise) continue;
      const key = `${cut.start(at)} ${rise > 0 ? 0 : 1}`;
      counts.set(key, (counts.get(key) || 0) + 1);
    }
  }
  const rows = [...counts].map(([key, count]) => {
    const [from, side] = key.split(" ").map(Number);
    return {from, to: cut.end(from), direction: data.directions[side], count, pairs: side ? -count : count};
  }).sort((a, b) => a.from - b.from);
  const total = rows.reduce((sum, row) => sum + row.count, 0);
  await show("band_changes", "band_changes", rows, `${number(total)} changes from one band to another.`);
}

function offerMore(id, some, all) {
  const button = document.querySelector(`#${id} .more`);
  button.hidden = some >= all;
  button.textContent = `Show more of the other ${number(all - some)}`;
}
