// How well what was known beforehand foretold what launching did.
const secondHalfReady = probe => probe.ready[Math.ceil(probe.levels / 2) - 1];

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
