// The best of the chosen pairs on the last day any of them was scored, each with its history in small.
const BOOTSTRAP = -1, RANKS = 15;

async function drawRanking() {
  const figure = document.getElementById("ranking"), body = figure.querySelector("tbody");
  const chosen = [...ranking.time.keys()].filter(i =>
    isChosen(ranking.pair[i]) && (ranking.time[i] === BOOTSTRAP || isInRange(ranking.time[i] * DAY)));
  const day = Math.max(...chosen.map(i => ranking.time[i]));
  const best = chosen.filter(i => ranking.time[i] === day).slice(0, RANKS);
  for (const element of body.querySelectorAll(".spark")) forget(element);
  body.replaceChildren(...best.map((row, place) => rankRow(place + 1, row)));
  figure.classList.toggle("empty", !best.length);
  figure.querySelector(".csv").disabled = !best.length;
  figure.querySelector(".says").textContent = !best.length ? nothing() : day === BOOTSTRAP
    ? "Scores of the bootstrap archive, as no day of our own has been scored yet."
    : `Scores of ${isoDay(day * DAY)}; the lines show the chosen days.`;
  tables.set("ranking", best.map((i, place) => ({
    rank: place + 1, instance: pairs[ranking.pair[i]].type, region: pairs[ranking.pair[i]].region,
    score: ranking.score[i] / 1000, sps_changes: ranking.sps_changes[i] / 1000, if_changes: ranking.if_changes[i] / 1000,
  })));
  await drawSparklines(body, best.map(i => ranking.pair[i]));
}

function rankRow(place, i) {
  const row = document.createElement("tr"), pair = pairs[ranking.pair[i]];
  const cell = (text, name) => {
    const element = row.insertCell();
    element.className = name;
    element.textContent = text;
    return element;
  };
  cell(place, "n");
  const named = cell(pair.type, "pair");
  named.append(Object.assign(document.createElement("small"), {textContent: pair.region}));
  cell((ranking.score[i] / 1000).toFixed(2), "n");
  cell(number(ranking.sps_changes[i] / 1000), "n wide");
  cell(number(ranking.if_changes[i] / 1000), "n wide");
  for (const [kind, name] of [["score", "wide"], ["sps", ""]])
    cell("", name).append(Object.assign(document.createElement("div"), {className: `spark ${kind}`}));
  return row;
}

async function drawSparklines(body, chosen) {
  const wanted = new Set(chosen), scores = new Map(), polled = new Map();
  const put = (map, pair, point) => (map.get(pair) || map.set(pair, []).get(pair)).push(point);
  for (let i = 0; i < ranking.time.length; i++)
    if (wanted.has(ranking.pair[i]) && ranking.time[i] !== BOOTSTRAP && isInRange(ranking.time[i] * DAY))
      put(scores, ranking.pair[i], {at: ranking.time[i] * DAY, value: ranking.score[i] / 1000});
  for (const row of cutRows)
    if (wanted.has(row.pair) && row.known) put(polled, row.pair, {at: row.from, value: row.total / row.known});
  await Promise.all([...body.rows].flatMap((row, i) => [
    spark(row.querySelector(".score"), scores.get(chosen[i])),
    spark(row.querySelector(".sps"), polled.get(chosen[i])),
  ]));
}

async function spark(element, points = []) {
  points.sort((a, b) => a.at - b.at);
  const rows = points.map((point, i) => ({...point, is_last: i === points.length - 1}));
  if (rows.length && element.clientWidth) await draw(element, "sparkline", rows);
}
