/** The script's messages, which the server wrote into a template, and the few ways to put text and HTML on the page. */

const texts = new Map();
for (const entry of document.getElementById("words")?.content.children ?? []) {
  texts.set(entry.dataset.key, entry.textContent);
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values] values for the names in braces
 * @returns {string}
 */
export function word(key, values = {}) {
  return (texts.get(key) ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/**
 * @param {string} tag with classes: "p.remark.wrong"
 * @param {...(string | Node)} children strings are inserted as text, never as HTML
 * @returns {HTMLElement}
 */
export function make(tag, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.classList.add(...classes);
  element.append(...children);
  return element;
}

/** @param {string} html from our own server only: it is not escaped @returns {DocumentFragment} */
export function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** @param {string} id of a template @returns {HTMLElement} a copy of the one element in it */
export function copyOf(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** Announces something to screen readers. @param {string} text */
export function announce(text) {
  const status = document.getElementById("status");
  if (status) status.textContent = text;
}

/** @returns {number} the pixels at the top of the window that the bar takes while it stays in sight */
export function ceiling() {
  return parseFloat(getComputedStyle(document.documentElement).scrollPaddingBlockStart) || 0;
}
