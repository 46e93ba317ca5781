/** Receipts: what a marker's sentence rests on, shown at the marker on hover and focus, and for good at a tap. */

import { make } from "./words.js";

/** Where there is room a receipt floats beside its marker; on a phone it opens under the line, and only at a tap. */
const FLOATS = matchMedia("(min-width: 48rem)");
const WAIT_TO_SHOW = 120;
const WAIT_TO_HIDE = 250;

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
 * @param {{contents: () => Node[], onShow: () => void, onHide: () => void}} options
 */
export function giveReceipt(link, options) {
  link.ariaExpanded = "false";
  given.set(link, options);
  const isMouse = (event) => event.pointerType === "mouse" && FLOATS.matches;
  link.addEventListener("pointerenter", (event) => isMouse(event) && later(WAIT_TO_SHOW, () => show(link, options)));
  link.addEventListener("pointerleave", (event) => isMouse(event) && leave());
  link.addEventListener("focus", () => {
    if (FLOATS.matches && link.matches(":focus-visible")) show(link, options);
  });
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
  if (FLOATS.matches) for (const other of shown.filter((one) => !isPlaying(one))) hide(other);
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
  if (FLOATS.matches) place(element, link);
  shown.push(one);
  onShow();
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

/** Keeps a receipt off the margin, and above its marker where the question box would cover it. */
function place(element, link) {
  const box = element.getBoundingClientRect();
  const column = link.closest(".answer").getBoundingClientRect();
  const floor = document.getElementById("ask")?.getBoundingClientRect().top ?? innerHeight;
  element.style.translate = `${Math.max(Math.min(0, column.right - box.right), column.left - box.left)}px`;
  const isBelow = box.bottom <= floor || link.getBoundingClientRect().top < box.height;
  element.classList.toggle("above", !isBelow);
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

document.addEventListener("pointerdown", ({ target }) => {
  if (!FLOATS.matches) return;
  for (const one of shown.filter((each) => !isPlaying(each) && !holds(each, target))) hide(one);
});
