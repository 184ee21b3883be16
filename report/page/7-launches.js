// What launching did: readiness curves, launch times, outcomes.
const CURVES = 6;
let shownCurves = CURVES;

// Ready instances of N at each second, over the probes of one pair: median, 10th and 90th percentile.
function curve(its, asked, most) {
  const rows = [], step = Math.max(1, Math.round(most / 100));
  const counts = new Int32Array(its.length), ready = new Float64Array(its.length);
  for (let second = 0; second <= most; second += step) {
    its.forEach((probe, i) => {
      while (counts[i] < probe.ready.length && probe.ready[counts[i]] <= second) counts[i]++;
      ready[i] = counts[i] / probe.levels * asked;
    });
    const sorted = ready.slice().sort();
    rows.push({
      second, median: quantile(sorted, 0.5), low: quantile(sorted, 0.1), high: quantile(sorted, 0.9), probes: its.length,
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

// How many instances came to a stage in each whole second: a year's worth need not be sorted.
function countedSeconds(all, stage) {
  const counts = new Int32Array(all.reduce((most, probe) => Math.max(most, probe.watched), 0) + 1);
  for (const probe of all) for (const second of probe[stage]) counts[second]++;
  return counts;
}

const total = counts => counts.reduce((sum, count) => sum + count, 0);

function quantileOf(counts, share) {
  const wanted = share * total(counts);
  let passed = 0;
  return counts.findIndex(count => (passed += count) >= wanted);
}

async function drawStages(all) {
  const counts = Object.fromEntries(STAGES.map(stage => [stage, countedSeconds(all, stage)]));
  const reached = STAGES.filter(stage => total(counts[stage]));
  const most = Math.max(0, ...reached.map(stage => quantileOf(counts[stage], 0.99)));
  const width = Math.max(5, Math.ceil(most / 60 / 5) * 5), bins = Math.floor(most / width) + 2;
  const rows = reached.flatMap(stage => Array.from({length: bins}, (_, i) => {
    const count = total(counts[stage].slice(i * width, (i + 1) * width));
    return {stage, second: i * width, until: (i + 1) * width, count, share: count / total(counts[stage])};
  }));
  const middles = reached.map(stage => `${stage} after ${quantileOf(counts[stage], 0.5)} s`);
  await show("stages", "stages", rows,
    `The median instance was ${middles.join(", ")}. Bins of ${width} s; the slowest 1 % may lie to the right.`);
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

async function drawLaunches() {
  const all = chosenProbes();
  await drawReadiness(all);
  await drawStages(all);
  await drawRanges(all);
  await drawOutcomes();
  await drawCalibration(all);
}
