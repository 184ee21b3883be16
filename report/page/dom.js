// @ts-check
// Looks up what page.html holds.

/**
 * The first element a selector finds; throws if there is none.
 * @param {string} selector
 * @param {ParentNode} root
 * @returns {HTMLElement}
 */
export function find(selector, root = document) {
  const element = root.querySelector(selector);
  if (!(element instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return element;
}

/**
 * The content of a script element that holds JSON.
 * @param {string} id
 */
export function readJson(id) {
  return JSON.parse(find(`#${id}`).textContent ?? "");
}

/**
 * A new element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{className?: string, textContent?: string}} properties
 * @param {Node[]} children put after the text
 */
export function create(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
