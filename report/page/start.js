// Draws everything, and again whenever a filter, the width or the colours change: one drawing after the other.
let wanted = 0, drawing = Promise.resolve();

// A breath before each, so that the browser shows what is there already.
const breath = () => new Promise(resolve => setTimeout(resolve));

function soon(draw) {
  drawing = drawing.then(breath).then(draw).catch(error => console.error(error));
}

function drawChosen() {
  const turn = ++wanted;
  applyFilters();
  rememberFilters();
  soon(async () => {
    for (const part of [drawScores, drawBands, drawRanking, drawLaunches])
      if (turn === wanted) await breath().then(part);  // else another filter was set meanwhile
    if (turn === wanted) document.documentElement.dataset.drawn = String(turn);
  });
}

function drawAll() {
  soon(drawCalendar);
  soon(drawSpending);
  drawChosen();
}

function redraw() {
  soon(() => redrawWith(theme()));
  drawAll();
}

function afterwards(milliseconds, act) {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(act, milliseconds); };
}

fillChoices();
recallFilters();
form.addEventListener("input", afterwards(150, drawChosen));
form.addEventListener("submit", event => event.preventDefault());
form.addEventListener("click", event => {
  const last = event.target.dataset?.days;
  if (last === undefined) return;
  if (last) form.elements.from.value = isoDay(Math.max(FIRST, LAST - (Number(last) - 1) * DAY));
  else resetFilters();
  form.elements.to.value = isoDay(LAST);
  drawChosen();
});
document.addEventListener("click", event => {
  const figure = event.target.closest?.("figure");
  if (figure && event.target.matches(".csv")) download(figure.id);
  if (!figure || !event.target.matches(".more")) return;
  if (figure.id === "readiness") shownCurves += CURVES;
  else shownRows[figure.id] *= 2;
  soon({readiness: () => drawReadiness(chosenProbes()), scores: drawScores, bands: drawBands}[figure.id]);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
let width = window.innerWidth;
window.addEventListener("resize", afterwards(250, () => {
  if (window.innerWidth === width) return;  // a phone hides its address bar: no reason to draw
  width = window.innerWidth;
  redraw();
}));
drawAll();
