/** An article that the server wrote, brought to life: receipts at its markers, and notes beside its sentences. */

import { ceiling, make, word } from "./messages.js";
import { playButton } from "./player.js";

/** Only a wide window has a margin, where notes and receipts stand beside their sentences. */
const WIDE = matchMedia("(min-width: 68.75rem)");

/**
 * @param {ParentNode} root
 * @returns {HTMLAnchorElement[]} its markers, in the order of the text
 */
export function markersOf(root) {
  return [...root.querySelectorAll(".answer .mark > a")];
}

/** @param {HTMLElement} article as the server writes it */
export function hydrate(article) {
  giveReceipts(article.querySelectorAll(".mark > a"));
  for (const places of article.querySelectorAll(".notes .places")) givePlayer(places, titleOf(places));
  for (const spot of article.querySelectorAll(".spot[data-claims]")) {
    spot.addEventListener("pointerenter", () => light(article, spot));
    spot.addEventListener("pointerleave", () => light(article, null));
  }
  for (const part of article.querySelectorAll(".answer, .notes > ol > .note")) watcher.observe(part);
  align(article);
}

/** @param {HTMLElement} article @returns {boolean} whether a sentence of it is not supported by what it cites */
export function isDoubtful(article) {
  return Boolean(article.querySelector(".answer .mark > a:is(.weak, .unsupported)"));
}

/**
 * Writes below each spot what a language model says of the sentences that rest on it.
 *
 * @param {HTMLElement} article
 * @param {{number: number, start: number, second_look: {verdict: string, reason: string} | null}[]} citations
 * @returns {number} how many it says something of
 */
export function showSecondLook(article, citations) {
  const looked = citations.filter((one) => one.second_look);
  for (const one of article.querySelectorAll(".second")) one.remove();
  for (const { number, start, second_look: look } of looked) {
    const spots = [...article.querySelectorAll(`.spot[data-claims~="${start}"]`)];
    const spot = spots.find((one) => one.closest(".note").id.endsWith(`note-${number}`));
    const said = make("p.second", make("b", word(`second_${look.verdict}`)), look.reason ? ` ${look.reason}` : "");
    spot?.querySelector(".places").before(said);
  }
  align(article);
  return looked.length;
}

/** Moves the cited notes out from among those that were only consulted. @param {HTMLElement} article */
export function bringOut(article) {
  const cited = article.querySelector(".notes > ol");
  for (const link of markersOf(article)) {
    const note = targetOf(link)?.closest(".consulted .note");
    if (!note) continue;
    cited.append(note);
    note.querySelector(".number").textContent = link.textContent;
  }
  align(article);
}

/** The place in the notes that a marker leads to. */
function targetOf(link) {
  return document.getElementById(link.hash.slice(1));
}

function spotOf(link) {
  const target = targetOf(link);
  return target?.matches(".note") ? target.querySelector(".spot") : target;
}

function givePlayer(places, title) {
  const outside = places.querySelector('a[target="_blank"]');
  if (outside) places.append(...playButton(outside.href, title));
}

function titleOf(inside) {
  const note = inside.closest(".note");
  return ["cite", "b"].map((part) => note?.querySelector(`.origin ${part}`)?.textContent).join(" · ");
}

/** Highlights a spot and the sentences that rest on it, or one of them; null removes every highlight. */
function light(article, spot, claim) {
  const claims = claim === undefined ? (spot?.dataset.claims ?? "").split(" ") : [claim];
  for (const one of article?.querySelectorAll(".claim, .spot, .note") ?? []) {
    const isLit = one.matches(".claim") ? spot && claims.includes(one.dataset.claim) : one === spot || one.contains(spot);
    one.classList.toggle("lit", Boolean(isLit));
  }
}

/* Receipts: what a marker's sentence rests on. Hover and keyboard focus open them, a click or a tap keeps them open. */

const WAIT_TO_SHOW = 120; // milliseconds
/** Enough for the pointer to reach the margin; a receipt that lingers there covers no text. */
const WAIT_TO_HIDE = 500;

let count = 0;
let timer = 0;
/** @typedef {{link: HTMLAnchorElement, element: HTMLElement, isPinned: boolean}} Receipt */
/** @type {Receipt[]} the open ones, the latest is the last */
let shown = [];

/** @param {Iterable<HTMLAnchorElement>} links markers that are on the page */
export function giveReceipts(links) {
  // Under its line a receipt moves the text below, which only a click or the keyboard should do.
  const isMouse = (event) => event.pointerType === "mouse" && WIDE.matches;
  for (const link of links) {
    link.ariaExpanded = "false";
    link.addEventListener("pointerenter", (event) => isMouse(event) && later(WAIT_TO_SHOW, () => show(link)));
    link.addEventListener("pointerleave", (event) => isMouse(event) && leave());
    link.addEventListener("focus", () => link.matches(":focus-visible") && show(link));
    link.addEventListener("blur", (event) => blurred(event, link));
    link.addEventListener("click", (event) => clicked(event, link));
  }
}

/**
 * Lets go of the open receipts in a part of the page that is about to be replaced.
 * @param {Node} root
 * @returns {Receipt[]} those receipts, to be opened again with `reopen`
 */
export function release(root) {
  const released = shown.filter(({ link }) => root.contains(link));
  shown = shown.filter((one) => !released.includes(one));
  return released;
}

/** Opens a receipt as another one was. @param {HTMLAnchorElement} link @param {Receipt} like @returns {Receipt} */
export function reopen(link, like) {
  const one = show(link);
  one.isPinned = like.isPinned;
  return one;
}

function receiptOf(link) {
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

/** Whether a node is the receipt's link or inside the receipt; another link of the same marker is neither. */
function holds({ link, element }, node) {
  return link === node || element.contains(node);
}

function blurred({ relatedTarget }, link) {
  const one = receiptOf(link);
  if (one && !one.isPinned && !holds(one, relatedTarget)) hide(one);
}

function clicked(event, link) {
  event.preventDefault();
  clearTimeout(timer);
  const one = receiptOf(link);
  if (one?.isPinned) hide(one);
  else show(link).isPinned = true;
}

function show(link) {
  const already = receiptOf(link);
  if (already) return already;
  if (WIDE.matches) for (const other of shown.filter((one) => !isPlaying(one))) hide(other);
  const element = make("span.receipt", ...contentsFor(link));
  const one = { link, element, isPinned: false };
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
  light(link.closest(".turn"), spotOf(link), link.dataset.claim);
  watcher.observe(element);
  return one;
}

function contentsFor(link) {
  const spot = spotOf(link);
  const parts = [spot?.closest(".note").querySelector(".origin"), spot].filter(Boolean);
  const copies = parts.map((part) => part.cloneNode(true));
  for (const copy of copies) {
    copy.removeAttribute("id");
    copy.classList.remove("lit");
    for (const extra of copy.querySelectorAll(".play-here, .player")) extra.remove();
    for (const places of copy.querySelectorAll(".places")) givePlayer(places, titleOf(spot));
  }
  return copies;
}

function hide(one) {
  const { link, element } = one;
  if (element.contains(document.activeElement)) link.focus();
  shown = shown.filter((other) => other !== one);
  element.querySelector(".play-here[aria-expanded=true]")?.click();
  element.remove();
  link.ariaExpanded = "false";
  link.removeAttribute("aria-describedby");
  const article = link.closest(".turn");
  light(article, null);
  if (article) align(article);
}

function isPlaying(one) {
  return one.element.querySelector(".player") !== null;
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !shown.length || event.isComposing) return;
    event.stopPropagation(); // so that it takes a second Escape to stop the answer
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

/* The margin: notes and open receipts beside their sentences, none over another. */

const GAP = 18; // pixels between two notes
const EDGE = 8; // pixels that remain free above and below a receipt in the window

const watcher = new ResizeObserver((entries) => {
  const targets = entries.map(({ target }) => target).filter(({ isConnected }) => isConnected);
  for (const target of targets) if (target.matches(".receipt")) place(target);
  for (const article of new Set(targets.map((target) => target.closest(".turn")))) if (article) align(article);
});
WIDE.addEventListener("change", () => document.querySelectorAll(".turn").forEach(align));

/** Puts a receipt at the height of its marker, and as far from there as it takes to be seen whole. */
function place(receipt) {
  receipt.style.translate = "";
  if (!WIDE.matches) return;
  const { top, height } = receipt.getBoundingClientRect();
  const wanted = Math.min(receipt.previousElementSibling.getBoundingClientRect().top, innerHeight - height) - EDGE;
  receipt.style.translate = `0 ${Math.max(ceiling() + EDGE, wanted) - top}px`;
}

/** Puts every note beside its sentence, or below the note or the receipt that it would meet. */
function align(article) {
  const list = article.querySelector(".notes > ol");
  if (!list) return;
  const notes = [...list.children];
  const links = markersOf(article);
  list.classList.toggle("aligned", WIDE.matches);
  const { top } = list.getBoundingClientRect();
  const wanted = notes.map((note) => (lineOf(note, links)?.top ?? 0) - top);
  const heights = notes.map((note) => note.offsetHeight);
  const receipts = receiptsIn(article, top);
  let bottom = 0;
  notes.forEach((note, index) => {
    const at = clearOf(receipts, Math.max(wanted[index], index ? bottom + GAP : 0), heights[index]);
    note.classList.toggle("placed", note.style.translate !== "");
    note.style.translate = WIDE.matches ? `0 ${at}px` : "";
    bottom = at + heights[index];
  });
  const consulted = article.querySelector(".consulted")?.offsetHeight ?? 0;
  list.style.blockSize = WIDE.matches ? `${clearOf(receipts, bottom + GAP, consulted) - GAP}px` : "";
}

/** Where open receipts begin and end, in pixels from the top of the notes, the highest first. */
function receiptsIn(article, top) {
  const places = [...article.querySelectorAll(".receipt")].map((receipt) => receipt.getBoundingClientRect());
  return places.map((one) => ({ begin: one.top - top, end: one.bottom - top })).sort((a, b) => a.begin - b.begin);
}

/** The first place from `at` on where something of this height keeps clear of the receipts. */
function clearOf(receipts, at, height) {
  for (const { begin, end } of receipts) if (at < end + GAP && at + height > begin - GAP) at = end + GAP;
  return at;
}

/** The box of the line where the first sentence that cites a note begins. */
function lineOf(note, links) {
  const link = links.find(({ hash }) => isWithin(note, hash.slice(1)));
  const claim = link?.dataset.claim;
  const sentence = claim && link.closest(".answer").querySelector(`.claim[data-claim="${claim}"]`);
  return (sentence ?? link)?.getClientRects()[0];
}

function isWithin(note, id) {
  return note.id === id || note.querySelector(`:scope > .spot[id="${CSS.escape(id)}"]`) !== null;
}

/* The arrow keys go from marker to marker. */

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };
const WITH_ARROWS = "input, textarea, select, summary, audio, video, iframe, [contenteditable]";

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (!STEPS[key] || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (!target.closest(WITH_ARROWS)) walk(event, STEPS[key]);
});

/** Goes to the next or previous marker; from elsewhere on the page, to the first or last one in view. */
function walk(event, step) {
  const links = [...document.querySelectorAll("#thread .answer .mark > a")];
  const here = links.findIndex((link) => link === event.target || link.nextElementSibling?.contains(event.target));
  const next = here < 0 ? nearest(links, step) : links[here + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function nearest(links, step) {
  const isSeen = (link) => {
    const { top, bottom } = link.getBoundingClientRect();
    return bottom > ceiling() && top < innerHeight;
  };
  return step > 0 ? (links.find(isSeen) ?? links[0]) : (links.findLast(isSeen) ?? links.at(-1));
}
