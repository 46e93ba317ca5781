/** The page's words, which the server wrote into a template, and small helpers to put them on the page. */

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
 * @param {number} count
 * @param {string} noun
 * @returns {string} "1 work", "3 works"
 */
export function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * @param {number} seconds
 * @returns {string} as a player shows it: "2:05", "1:02:05"
 */
export function clock(seconds) {
  const whole = Math.floor(seconds);
  const pad = (number) => String(number).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
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
