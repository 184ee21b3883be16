// What launching did: readiness curves, launch times, outcomes, and how well the scores foretold them.
const CURVES = 6;
let shownCurves = CURVES;

const secondHalfReady = probe => probe.ready[Math.ceil(probe.levels / 2) - 1];

// Ready instances of N at each second, over the probes of one pair: median, 10th and 90th percentile.
function curve(its, asked, most) {
  const rows = [], step = Math.max(1, Math.round(most / 100));
  for (let second = 0; second <= most; second += step) {
    const ready = its.map(probe => {
      let count = 0;
      while (count < probe.ready.length && probe.ready[count] <= second) count++;
      return count / probe.levels * asked;
    }).sort(ascending);
    rows.push({
      second, median: quantile(ready, 0.5), low: quantile(ready, 0.1), high: quantile(ready, 0.9), probes: its.length,
    });
  }
  return rows;
}

function byProbes(all) {
  return [...grouped(all, probe => probe.pair)]
    .map(([pair, its]) => ({pair, its}))
    .sort((a, b) => b.its.length - a.its.length || (pairs[a.pair].name < pairs[b.pair].name ? -1 : 1));
}

async function drawReadiness(all) {
  const groups = byProbes(all), some = groups.slice(0, shownCurves);
  const most = Math.max(60, ...some.flatMap(({its}) => its.map(probe => probe.watched)));
  const same = all.every(probe => probe.asked === all[0].asked) && all.length ? all[0].asked : 100;
  const figure = document.getElementById("readiness"), grid = figure.querySelector(".chart");
  for (const element of grid.querySelectorAll(".small")) forget(element);
  grid.replaceChildren();
  const table = [], drawings = [];
  for (const {pair, its} of some) {
    const rows = curve(its, same, most), panel = document.createElement("div"), small = document.createElement("div");
    const title = document.createElement("h4");
    title.append(pairs[pair].type, Object.assign(document.createElement("small"),
      {textContent: `${pairs[pair].region} · ${number(its.length)} probe${its.length === 1 ? "" : "s"}`}));
    small.className = "small";
    panel.append(title, small);
    grid.append(panel);
    drawings.push(draw(small, "readiness", rows, {most_seconds: most, most_instances: same}));
    table.push(...rows.map(row => ({instance: pairs[pair].type, region: pairs[pair].region, ...row})));
  }
  tables.set("readiness", table);
  figure.classList.toggle("empty", !table.length);
  figure.querySelector(".csv").disabled = !table.length;
  offerMore("readiness", some.length, groups.length);
  figure.querySelector(".says").textContent = !table.length ? nothing() :
    (same === 100 ? "Ready instances in % of those requested" : `Ready instances of ${same} requested`) +
    ", over seconds since the request. Line: the median probe; band: 10th to 90th percentile. " +
    "A probe that has ended keeps its count.";
  await Promise.all(drawings);
}

async function drawStages(all) {
  const seconds = Object.fromEntries(STAGES.map(stage => [stage, all.flatMap(probe => probe[stage])]));
  const every = Object.values(seconds).flat().sort(ascending);
  const most = every.length ? quantile(every, 0.99) : 0, width = Math.max(5, Math.ceil(most / 60 / 5) * 5);
  const rows = STAGES.flatMap(stage => {
    const counts = new Array(Math.floor(most / width) + 2).fill(0);
    for (const second of seconds[stage]) if (second <= most) counts[Math.floor(second / width)]++;
    const total = seconds[stage].length || 1;
    return counts.map((count, i) => ({stage, second: i * width, until: (i + 1) * width, count, share: count / total}));
  });
  const middles = STAGES.filter(stage => seconds[stage].length)
    .map(stage => `${stage} after ${quantile(seconds[stage].sort(ascending), 0.5)} s`);
  await show("stages", "stages", every.length ? rows : [],
    `The median instance was ${middles.join(", ")}. Bins of ${width} s; the slowest 1 % lie to the right.`);
}

async function drawRanges(all) {
  const groups = byProbes(all).map(({pair, its}) => ({pair, probes: its.length, ready: its.flatMap(probe => probe.ready).sort(ascending)}))
    .filter(({ready}) => ready.length).slice(0, 16);
  const rows = groups.map(({pair, probes: count, ready}) => ({
    pair: pairs[pair].name, instance: pairs[pair].type, region: pairs[pair].region, probes: count, instances: ready.length,
    p10: quantile(ready, 0.1), p25: quantile(ready, 0.25), median: quantile(ready, 0.5), p75: quantile(ready, 0.75), p90: quantile(ready, 0.9),
  })).sort((a, b) => a.median - b.median);
  await show("ranges", "ranges", rows,
    "Quickest first. Mark: median instance; bar: middle half; line: 10th to 90th percentile, of those that became ready.");
}

async function drawOutcomes() {
  const counts = [...grouped(outcomes.filter(row => isChosen(row.pair) && isInRange(row.at)), row => row.outcome)]
    .map(([outcome, its]) => ({outcome, requests: its.reduce((sum, row) => sum + row.requests, 0)}))
    .sort((a, b) => b.requests - a.requests);
  const total = counts.reduce((sum, row) => sum + row.requests, 0);
  await show("outcomes", "outcomes", counts.slice(0, 12).map(row => ({...row, share: row.requests / total})),
    `${number(total)} spot requests by AWS's last word before we ended them.`);
}

// Spearman's rank correlation: do probes with a higher score launch more? Ties share their mean rank.
function rankCorrelation(xs, ys) {
  const ranks = values => {
    const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]), ranked = new Array(values.length);
    for (let i = 0; i < order.length;) {
      let end = i;
      while (end < order.length && values[order[end]] === values[order[i]]) end++;
      for (let k = i; k < end; k++) ranked[order[k]] = (i + end - 1) / 2;
      i = end;
    }
    return ranked;
  };
  const a = ranks(xs), b = ranks(ys), ma = mean(a), mb = mean(b);
  let cov = 0, va = 0, vb = 0;
  for (let i = 0; i < a.length; i++) {
    cov += (a[i] - ma) * (b[i] - mb);
    va += (a[i] - ma) ** 2;
    vb += (b[i] - mb) ** 2;
  }
  return va && vb ? cov / Math.sqrt(va * vb) : null;
}

function calibrationRows(all, knownOf, order, valueOf) {
  const groups = grouped(all.filter(probe => knownOf(probe) !== null && valueOf(probe) !== undefined), knownOf);
  return order.filter(known => groups.has(known)).map(known => {
    const values = groups.get(known).map(valueOf).sort(ascending);
    return {known, mean: mean(values), low: quantile(values, 0.1), high: quantile(values, 0.9), probes: values.length};
  });
}

async function drawCalibration(all) {
  const share = probe => probe.ready.length / probe.levels;
  const scores = Array.from({length: 10}, (_, i) => i + 1);
  const bandOf = probe => (probe.band === null ? null : BANDS[probe.band]);
  const scored = all.filter(probe => probe.score !== null);
  const together = scored.length > 2 ? rankCorrelation(scored.map(probe => probe.score), scored.map(share)) : null;
  const verdict = together === null ? "" : ` Rank correlation of score and share ready: ${together.toFixed(2)}.`;
  const how = " Dot: mean; bar: 10th to 90th percentile of probes; above it, their number.";
  await show("share_by_score", "share_by_score", calibrationRows(all, probe => probe.score, scores, share),
    `${number(scored.length)} of ${number(all.length)} probes with a known score.${verdict}${how}`);
  await show("seconds_by_score", "seconds_by_score", calibrationRows(all, probe => probe.score, scores, secondHalfReady),
    "Probes of which at least half the instances became ready.");
  await show("share_by_band", "share_by_band", calibrationRows(all, bandOf, BANDS, share),
    "The advisor's band when the request was made: how many instances were interrupted in the month before.");
}

async function drawLaunches() {
  const all = chosenProbes();
  await drawReadiness(all);
  await drawStages(all);
  await drawRanges(all);
  await drawOutcomes();
  await drawCalibration(all);
}
