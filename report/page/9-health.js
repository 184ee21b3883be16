// The days: how many polls were done, and what was spent.
async function drawCalendar() {
  const rows = data.polls.map(([day, polls, expected, queries, failed]) => {
    const at = day * DAY, weekday = (new Date(at).getUTCDay() + 6) % 7, week = at - weekday * DAY;
    return {
      day: at, week, week_end: week + 7 * DAY, weekday: data.weekdays[weekday], polls, expected,
      share: Math.min(1, polls / expected), queries, failed,
    };
  });
  const weeks = new Set(rows.map(row => row.week)).size;
  document.querySelector("#calendar .chart").style.maxWidth = `${Math.max(230, 60 + 24 * weeks)}px`;
  const done = rows.reduce((sum, row) => sum + row.polls, 0), due = rows.reduce((sum, row) => sum + row.expected, 0);
  await show("calendar", "calendar", rows,
    `${number(done)} polls done of ${number(due)} due; a square is a day.`);
}

async function drawSpending() {
  const perBar = data.spending.length > 120 ? 7 : 1;
  const weeks = grouped(data.spending, ([day]) => Math.floor(day / perBar) * perBar);
  const rows = [...weeks].map(([day, its]) => (
    {from: day * DAY, to: (day + perBar) * DAY, usd: its.reduce((sum, [, usd]) => sum + usd, 0) / its.length, budget: data.budget}));
  const total = data.spending.reduce((sum, [, usd]) => sum + usd, 0);
  await show("spending", "spending", rows,
    `${total.toFixed(2)} US dollars in all; dashed: the daily budget.${perBar > 1 ? " A bar is a week's mean." : ""}`,
    {first: FIRST, last: LAST + DAY});
}
