/** Receipts: what a marker's sentence rests on, shown on hover and keyboard focus, and kept open by a click or tap. */

import { make } from "./messages.js";

/**
 * Where there is a margin, a receipt lies in it, at the height of its line; elsewhere it opens under the line. Over the
 * text it would cover other markers: with a marker in every sentence, no place there is free of them.
 */
const WIDE = matchMedia("(min-width: 68.75rem)");
const WAIT_TO_SHOW = 120; // milliseconds
/** Long enough for the pointer to travel to the margin; meanwhile the receipt covers nothing that is being read. */
const WAIT_TO_HIDE = 500;

let count = 0;
let timer = 0;
/** @typedef {{link: HTMLElement, element: HTMLElement, isPinned: boolean, onHide: () => void}} Receipt */
/** @type {Receipt[]} the latest is the last */
let shown = [];
const given = new WeakMap();

/**
 * Lets go of the receipts of an article that is about to leave the page with all that is in it.
 * @param {Node} root
 * @returns {Receipt[]} those that were open
 */
export function release(root) {
  const released = shown.filter(({ link }) => root.contains(link));
  shown = shown.filter((one) => !released.includes(one));
  return released;
}

/** Opens a receipt as another one was. @param {HTMLAnchorElement} link @param {Receipt} like @returns {Receipt} */
export function reopen(link, like) {
  const one = show(link, given.get(link));
  one.isPinned = like.isPinned;
  return one;
}

/**
 * Gives a marker its receipt.
 * @param {HTMLAnchorElement} link
 * @param {{contents: () => Node[], onShow: (receipt: HTMLElement) => void, onHide: () => void}} options
 */
export function giveReceipt(link, options) {
  link.ariaExpanded = "false";
  given.set(link, options);
  // Under its line a receipt moves the text below, which only a click should do.
  const isMouse = (event) => event.pointerType === "mouse" && WIDE.matches;
  link.addEventListener("pointerenter", (event) => isMouse(event) && later(WAIT_TO_SHOW, () => show(link, options)));
  link.addEventListener("pointerleave", (event) => isMouse(event) && leave());
  link.addEventListener("focus", () => link.matches(":focus-visible") && show(link, options));
  link.addEventListener("blur", (event) => blurred(event, link));
  link.addEventListener("click", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    const one = of(link);
    if (one?.isPinned) hide(one);
    else show(link, options).isPinned = true;
  });
}

function of(link) {
  return shown.find((one) => one.link === link);
}

function later(wait, act) {
  clearTimeout(timer);
  timer = setTimeout(act, wait);
}

function leave() {
  later(WAIT_TO_HIDE, () => {
    for (const one of shown.filter((each) => !each.isPinned && !holds(each, document.activeElement))) hide(one);
  });
}

/** Whether something is the marker of a receipt or within it; its neighbour in the same marker is neither. */
function holds({ link, element }, node) {
  return link === node || element.contains(node);
}

function blurred({ relatedTarget }, link) {
  const one = of(link);
  if (one && !one.isPinned && !holds(one, relatedTarget)) hide(one);
}

function show(link, { contents, onShow, onHide }) {
  const already = of(link);
  if (already) return already;
  if (WIDE.matches) for (const other of shown.filter((one) => !isPlaying(one))) hide(other);
  const element = make("span.receipt", ...contents());
  const one = { link, element, isPinned: false, onHide };
  element.role = "note";
  element.id = `receipt-${(count += 1)}`;
  element.addEventListener("pointerenter", () => clearTimeout(timer));
  element.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && leave());
  element.addEventListener("focusout", (event) => blurred(event, link));
  element.addEventListener("click", () => (one.isPinned = true));
  link.after(element);
  link.ariaExpanded = "true";
  link.setAttribute("aria-describedby", element.id);
  shown.push(one);
  onShow(element);
  return one;
}

function hide(one) {
  if (one.element.contains(document.activeElement)) one.link.focus();
  shown = shown.filter((other) => other !== one);
  one.element.querySelector(".play-here[aria-expanded=true]")?.click();
  one.element.remove();
  one.link.ariaExpanded = "false";
  one.link.removeAttribute("aria-describedby");
  one.onHide();
}

function isPlaying(one) {
  return one.element.querySelector(".player") !== null;
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !shown.length || event.isComposing) return;
    event.stopPropagation(); // the answer being written is stopped by the next one
    clearTimeout(timer);
    hide(shown.at(-1));
  },
  true,
);

// Not before the click: the notes move back as it closes, away from under a press on one of them.
document.addEventListener("click", ({ target }) => {
  if (!WIDE.matches) return;
  for (const one of shown.filter((each) => !isPlaying(each) && !holds(each, target))) hide(one);
});
