// What the filters leave: pairs, and days from the first to the last, both included.
const form = document.getElementById("filters");
const FIRST = data.first * DAY, LAST = data.last * DAY;
const selection = {matches: new Uint8Array(pairs.length), pairs: 0, from: FIRST, to: LAST};

const isoDay = ms => new Date(ms).toISOString().slice(0, 10);
const isoMinute = ms => new Date(ms).toISOString().slice(0, 16);
const isChosen = pair => selection.matches[pair] === 1;
const isInRange = ms => ms >= selection.from && ms < selection.to + DAY;
const chosenProbes = () => probes.filter(probe => isChosen(probe.pair) && isInRange(probe.at));

function fillChoices() {
  const distinct = values => [...new Set(values)].sort();
  const options = (element, values) => element.append(...values.map(value => new Option(value, value)));
  options(form.elements.family, distinct(pairs.map(pair => pair.family)));
  options(form.elements.region, distinct(data.regions));
  options(document.getElementById("types"), distinct(data.types));
  for (const name of ["from", "to"]) Object.assign(form.elements[name], {min: isoDay(FIRST), max: isoDay(LAST)});
  resetFilters();
}

function resetFilters() {
  form.elements.type.value = form.elements.family.value = form.elements.region.value = "";
  form.elements.from.value = isoDay(FIRST);
  form.elements.to.value = isoDay(LAST);
}

// The filters as part of the address, so that a view can be kept as a bookmark.
function rememberFilters() {
  const kept = new URLSearchParams();
  for (const [name, value] of new FormData(form))
    if (value && !(name === "from" && value === isoDay(FIRST)) && !(name === "to" && value === isoDay(LAST)))
      kept.set(name, value);
  history.replaceState(null, "", kept.size ? `#${kept}` : location.pathname + location.search);
}

function recallFilters() {
  for (const [name, value] of new URLSearchParams(location.hash.slice(1)))
    if (form.elements[name]) form.elements[name].value = value;
}

function applyFilters() {
  const {type, family, region, from, to} = Object.fromEntries(new FormData(form));
  const wanted = (type || "").trim().toLowerCase();
  selection.pairs = 0;
  pairs.forEach((pair, i) => {
    const fits = (!wanted || pair.type.toLowerCase().includes(wanted))
      && (!family || pair.family === family) && (!region || pair.region === region);
    selection.matches[i] = fits ? 1 : 0;
    selection.pairs += fits ? 1 : 0;
  });
  const read = (text, otherwise) => (Number.isNaN(Date.parse(text)) ? otherwise : Date.parse(text));
  selection.from = Math.max(FIRST, read(from, FIRST));
  selection.to = Math.min(LAST, read(to, LAST));
  const count = new Intl.NumberFormat("en").format;
  form.querySelector("output").textContent =
    `${count(selection.pairs)} of ${count(pairs.length)} pairs (instance type · Region)`;
}
