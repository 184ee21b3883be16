// @ts-check
// Sums, means, quantiles and rank correlation of plain numbers.

/**
 * @param {Iterable<number>} values
 */
export function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/**
 * @param {number[]} values
 */
export function mean(values) {
  return sum(values) / values.length;
}

/**
 * A copy in ascending order.
 * @param {number[]} values
 */
export function sorted(values) {
  return [...values].sort((a, b) => a - b);
}

/**
 * The least of the values (ascending, at least one) that is not below a share of them.
 * @param {ArrayLike<number>} ascending
 * @param {number} share 0 to 1
 */
export function quantile(ascending, share) {
  return ascending[Math.min(ascending.length - 1, Math.max(0, Math.ceil(share * ascending.length) - 1))];
}

/**
 * The same of whole numbers from 0 on, given how often each occurs: a year of them need not be sorted.
 * @param {Float64Array} counts
 * @param {number} share 0 to 1
 */
export function quantileOfCounts(counts, share) {
  const wanted = share * sum(counts) * (1 - 1e-12);  // sums of parts may be a trifle off
  let passed = 0;
  return counts.findIndex(count => (passed += count) >= wanted);
}

/**
 * Kaplan and Meier's estimate of the share that has arrived by each second, of some that were watched for unlike times:
 * NaN once nobody was watched any longer and some had not arrived.
 * @param {Float64Array} arrived by second, how many arrived
 * @param {Float64Array} left by second, how many were last watched then, and had not arrived
 * @returns {number[]} by second
 */
export function shareArrived(arrived, left) {
  let watched = sum(arrived) + sum(left), waiting = 1;
  return Array.from(arrived, (count, second) => {
    if (watched < 1e-9) return waiting < 1e-9 ? 1 : NaN;
    waiting *= 1 - count / watched;
    watched -= count + left[second];
    return 1 - waiting;
  });
}

/**
 * The first second by which a share has arrived; null if that is not known to be ever reached.
 * @param {number[]} shares by second, ascending
 * @param {number} share
 */
export function secondReached(shares, share) {
  const second = shares.findIndex(reached => reached >= share - 1e-9);
  return second < 0 ? null : second;
}

/**
 * Spearman's rank correlation, from -1 to 1; null if all xs or all ys are equal.
 * @param {number[]} xs
 * @param {number[]} ys as many
 */
export function rankCorrelation(xs, ys) {
  const xRanks = ranks(xs);
  const yRanks = ranks(ys);
  const middle = (xs.length - 1) / 2;
  let covariance = 0, xVariance = 0, yVariance = 0;
  for (let i = 0; i < xRanks.length; i++) {
    covariance += (xRanks[i] - middle) * (yRanks[i] - middle);
    xVariance += (xRanks[i] - middle) ** 2;
    yVariance += (yRanks[i] - middle) ** 2;
  }
  return xVariance && yVariance ? covariance / Math.sqrt(xVariance * yVariance) : null;
}

/**
 * The place of each value in ascending order, from 0; equal values share their mean place.
 * @param {number[]} values
 * @returns {number[]}
 */
export function ranks(values) {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranked = new Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let place = start; place < end; place++) ranked[order[place]] = (start + end - 1) / 2;
  }
  return ranked;
}
