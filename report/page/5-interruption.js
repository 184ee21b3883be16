// Interruption frequency: the bands between changes, the changes, and how Regions compare.
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
  const spans = bins((spanDays > 200 ? 7 : spanDays > 60 ? 2 : 1) * DAY);
  const counts = new Map();
  for (const [pair, steps] of bandSteps) {
    if (!isChosen(pair)) continue;
    for (let i = 1; i < steps.length; i++) {
      const at = steps[i][0] * DAY, rise = steps[i][1] - steps[i - 1][1];
      if (!isInRange(at) || !rise) continue;
      const key = `${spans.start(at)} ${rise > 0 ? 0 : 1}`;
      counts.set(key, (counts.get(key) || 0) + 1);
    }
  }
  const rows = [...counts].map(([key, count]) => {
    const [from, side] = key.split(" ").map(Number);
    return {from, to: spans.end(from), direction: data.directions[side], count, pairs: side ? -count : count};
  }).sort((a, b) => a.from - b.from);
  const total = rows.reduce((sum, row) => sum + row.count, 0);
  await show("band_changes", "band_changes", rows, `${number(total)} changes from one band to another.`, {},
    [...bandSteps.keys()].some(isChosen) ? "No change of band in these days." : nothing());
}
