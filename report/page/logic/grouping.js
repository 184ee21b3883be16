// @ts-check
// Rows that belong together.

/** @import {Pair} from "./collected" */

/**
 * Items by key, keys and items in the order in which they come.
 * @template Item, Key
 * @param {Iterable<Item>} items
 * @param {(item: Item) => Key} keyOf
 * @returns {Map<Key, Item[]>}
 */
export function groupBy(items, keyOf) {
  /** @type {Map<Key, Item[]>} */
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/**
 * Rows by pair, the largest group first, equally large ones by the pair's name.
 * @template {{pair: number}} Row
 * @param {Iterable<Row>} rows
 * @param {Pair[]} pairs
 * @param {(rows: Row[]) => number} [sizeOf] how large a group is, if not the number of its rows
 */
export function groupByPair(rows, pairs, sizeOf = rows => rows.length) {
  return [...groupBy(rows, row => row.pair)]
    .map(([pair, rows]) => ({pair, rows, size: sizeOf(rows)}))
    .sort((a, b) => b.size - a.size || (pairs[a.pair].name < pairs[b.pair].name ? -1 : 1));
}
