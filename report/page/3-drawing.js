// Puts tables of rows into the charts, and hands them out as CSV.
const charts = JSON.parse(document.getElementById("charts").textContent);
const drawn = new Map();   // element → its Vega view
const tables = new Map();  // figure id → the rows it shows
const PAIRED = new Set(["scores", "bands", "ranges"]);  // charts with a pair a row
const number = new Intl.NumberFormat("en").format;
const isNarrow = () => window.innerWidth < 640;

function style(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function theme() {
  const ink = style("ink"), muted = style("muted"), line = style("line"), font = style("font");
  const colours = name => style(name).split(/\s+/);
  return {
    background: null,
    padding: 0,
    axis: {
      labelColor: muted, titleColor: muted, gridColor: line, domainColor: line, tickColor: line, labelFont: font,
      titleFont: font, labelFontSize: 11, titleFontSize: 11, titleFontWeight: 400, titlePadding: 8,
    },
    axisY: {labelLimit: isNarrow() ? 138 : 220},
    legend: {
      labelColor: muted, titleColor: muted, labelFont: font, titleFont: font, labelFontSize: 11, titleFontSize: 11,
      titleFontWeight: 400, gradientLength: 120, gradientThickness: 8, symbolType: "square",
    },
    range: {heatmap: colours("scores"), ramp: colours("scores"), ordinal: colours("bands"), category: colours("kinds")},
    style: {cell: {stroke: null}, "guide-label": {font}, "guide-title": {font}},
    signals: {ink, accent: style("accent"), narrow: isNarrow()},
  };
}

let look = theme();

function specification(name, signals) {
  const values = {...look.signals, ...signals};
  if (look.signals.narrow && PAIRED.has(name)) values.y_step = 30;  // two lines a name
  const spec = structuredClone(charts[name]);
  for (const signal of spec.signals || []) if (signal.name in values) signal.value = values[signal.name];
  return spec;
}

async function draw(element, name, rows, signals = {}) {
  signals = {first: selection.from, last: selection.to + DAY, ...signals};
  let view = drawn.get(element);
  if (!view) {
    const {signals: _, ...config} = look;
    const embedded = await vegaEmbed(element, specification(name, signals), {
      mode: "vega", renderer: "svg", actions: false, defaultStyle: false, config,
      tooltip: {theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"},
    });
    view = embedded.view;
    drawn.set(element, view);
  }
  for (const [signal, value] of Object.entries(signals)) view.signal(signal, value);
  await view.data("rows", rows).resize().runAsync();
}

function forget(element) {
  drawn.get(element)?.finalize();
  drawn.delete(element);
}

// One figure: its chart, a line that says what it is made of, and its rows for the CSV button.
async function show(id, chart, rows, says, signals = {}, otherwise = nothing()) {
  const figure = document.getElementById(id);
  tables.set(id, rows);
  figure.classList.toggle("empty", !rows.length);
  figure.querySelector(".says").textContent = rows.length ? says : otherwise;
  figure.querySelector(".csv").disabled = !rows.length;
  const element = figure.querySelector(".chart");
  if (rows.length) return draw(element, chart, rows, signals);
  forget(element);
  element.replaceChildren();
}

function nothing() {
  return pairs.length ? "Nothing collected that these filters leave." : "Nothing collected yet.";
}

function redrawWith(newLook) {
  look = newLook;
  for (const element of [...drawn.keys()]) { forget(element); element.replaceChildren(); }
}

// --- CSV

const quoted = cell => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

function cellOf(column, value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (["from", "to", "day", "week", "week_end", "at"].includes(column)) return isoMinute(value);
  return quoted(typeof value === "number" ? String(Math.round(value * 1e6) / 1e6) : String(value));
}

function csv(rows) {
  const columns = Object.keys(rows[0]);
  const lines = rows.map(row => columns.map(column => cellOf(column, row[column])).join(","));
  return [columns.join(","), ...lines, ""].join("\n");
}

function download(id) {
  const address = URL.createObjectURL(new Blob([csv(tables.get(id))], {type: "text/csv"}));
  const link = Object.assign(document.createElement("a"), {
    href: address, download: `spot-${id}-${isoDay(selection.from)}-to-${isoDay(selection.to)}.csv`,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
