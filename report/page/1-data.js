// What the collector left: tables by column, unpacked. Times are the collector's wall clock, in ms as if it ran on UTC.
"use strict";

const DAY = 86400000, HOUR = 3600000, MINUTE = 60000;
const data = JSON.parse(document.getElementById("data").textContent);
const BANDS = data.bands;

const pairs = Array.from({length: data.pairs.length / 2}, (_, i) => {
  const type = data.types[data.pairs[2 * i]], region = data.regions[data.pairs[2 * i + 1]];
  return {type, region, family: type.split(".")[0], name: type + data.between + region};
});

// [time, count, time, count, …] → the time of every row.
function unrolled(times) {
  const all = [];
  for (let i = 0; i < times.length; i += 2) for (let n = times[i + 1]; n > 0; n--) all.push(times[i]);
  return all;
}

// Steps → the values they lead to; starts anew wherever the row's time is another than the row's before.
function summed(steps, times) {
  let value = 0;
  return steps.map((step, i) => (value = times && i && times[i] === times[i - 1] || !times ? value + step : step));
}

function cells(table, unit) {
  const time = unrolled(table.times);
  return {...table, unit, time, pair: summed(table.pair, time), length: time.length};
}

const days = cells(data.scores.days, DAY);
const hours = cells(data.scores.hours, HOUR);

// pair → [[day, band], …], oldest first.
const bandSteps = (() => {
  const found = new Map(), table = data.interruption;
  let at = 0, pair = 0;
  table.pair.forEach((step, i) => {
    pair += step;
    const steps = [];
    for (let n = table.steps[i]; n > 0; n--, at++) steps.push([table.day[at], table.band[at]]);
    found.set(pair, steps);
  });
  return found;
})();

const ranking = {...data.ranking, time: unrolled(data.ranking.times)};

// Each probe: when, which pair, how many asked, and the seconds after which its instances got to each stage.
const STAGES = ["fulfilled", "running", "ready"];
const probes = (() => {
  const table = data.launches;
  let minute = 0, at = 0;
  return table.pair.map((pair, i) => {
    minute += table.minute[i];
    const asked = table.asked[i];
    const probe = {
      at: minute * MINUTE, pair, asked, levels: Math.min(asked, table.levels), watched: table.watched[i],
      score: table.score[i] || null, band: table.band[i] < 0 ? null : table.band[i],
    };
    STAGES.forEach((stage, s) => {
      const seconds = probe[stage] = new Array(table.counts[3 * i + s]);
      for (let n = 0, second = 0; n < seconds.length; n++) seconds[n] = second += table.seconds[at++];
    });
    return probe;
  });
})();

const outcomes = Array.from({length: data.launches.outcome_rows.length / 4}, (_, i) => {
  const [day, pair, text, requests] = data.launches.outcome_rows.slice(4 * i, 4 * i + 4);
  return {at: day * DAY, pair, outcome: data.launches.outcomes[text], requests};
});

// The value below which a share of sorted values lies.
function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
}

const ascending = (a, b) => a - b;
const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;

function grouped(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    group ? group.push(item) : groups.set(key, [item]);
  }
  return groups;
}
