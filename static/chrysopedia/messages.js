/** The page's words, which the server wrote into a template, and small helpers to put things on the page. */

const texts = new Map();
for (const entry of document.getElementById("words")?.content.children ?? []) {
  texts.set(entry.dataset.key, entry.textContent);
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values] what stands in for the braces
 * @returns {string}
 */
export function word(key, values = {}) {
  return (texts.get(key) ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/**
 * @param {string} tag with classes: "p.remark.wrong"
 * @param {...(string | Node)} children text is only ever text
 * @returns {HTMLElement}
 */
export function make(tag, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.classList.add(...classes);
  element.append(...children);
  return element;
}

/** @param {string} html written by our own server, never by anybody else @returns {DocumentFragment} */
export function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** @param {string} id of a template @returns {HTMLElement} a copy of the one element in it */
export function copyOf(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** Has those who hear the page hear something, once. @param {string} text */
export function announce(text) {
  const status = document.getElementById("status");
  if (status) status.textContent = text;
}
