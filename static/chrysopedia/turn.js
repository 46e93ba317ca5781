/** A turn on the page: its article grows from the HTML events of the stream and is swapped for the final one. */

import { bringOut, giveReceipts, hydrate, markersOf, release, reopen } from "./article.js";
import { copyOf, make, parsed, word } from "./messages.js";
import { handPlayer } from "./player.js";

export { hydrate };

/** @typedef {{query: string, creator: string, name: string, weight: number}} Asked */

/** Milliseconds after the question at which a reader who waits for the first word is shown what was found. */
const PATIENCE = 1400;

/** Milliseconds that the first word is given all the same, where the search took long. */
const LEAST_PATIENCE = 200;

/** A turn whose answer is being written. When it ends, `element` is replaced by the final article. */
export class Turn {
  #begun = performance.now();
  #patience = 0;
  #opened = null;
  #growing = make("span.growing");
  #block = null;
  #text = this.#growing.appendChild(document.createTextNode(""));
  #standing = "";
  isEnded = false;

  /** @param {HTMLElement} element its article, empty but for the question */
  constructor(element) {
    this.element = element;
    this.#part(".answer").replaceChildren(this.#growing);
    this.#part(".answer").ariaBusy = "true";
  }

  /** @param {Asked} asked @returns {Turn} a new one, not on the page yet */
  static asked({ query, name, creator, weight }) {
    const element = copyOf("turn");
    element.querySelector("h2").textContent = query;
    element.querySelector(".asked").textContent = name ? word("to", { creator: name }) : word("to_everyone");
    Object.assign(element.dataset, { creator, weight });
    const turn = new Turn(element);
    turn.#stand(name ? word("searching", { creator: name }) : word("searching_everyone"), true);
    return turn;
  }

  /** @returns {HTMLElement} the last line of the answer so far */
  get end() {
    return this.#growing;
  }

  /** @returns {boolean} whether nothing has been said yet */
  get isEmpty() {
    return !this.#part(".answer").textContent;
  }

  /** @param {string} type of the event @param {any} value its data */
  apply(type, value) {
    if (type === "waiting") return this.#stand(word("waiting"), true);
    if (type === "sources") this.#consult(value);
    else if (type === "token") this.#write(value);
    else if (type === "done" || type === "error") this.#finish(value);
  }

  /** Ends the answer early, because the server has lost it. @param {string} message */
  breakOff(message) {
    this.#closeConsulted();
    this.isEnded = true;
    this.#part(".answer").ariaBusy = "false";
    this.#growing.classList.remove("growing");
    this.#stand("");
    this.#part(".after").append(make("p.remark.wrong", message));
  }

  #consult({ standing, notes }) {
    this.#part(".notes")?.remove();
    this.element.append(parsed(notes));
    hydrate(this.element);
    this.#standing = standing;
    this.#stand(standing, true);
    const left = this.#begun + PATIENCE - performance.now();
    this.#patience = setTimeout(() => this.#openConsulted(), Math.max(LEAST_PATIENCE, left));
  }

  /** Opens what was found, to read while a slow model thinks. */
  #openConsulted() {
    const details = this.#part(".consulted:not([open])");
    if (!details) return;
    details.open = true;
    this.#opened = details;
  }

  #closeConsulted() {
    clearTimeout(this.#patience);
    if (this.#opened) this.#opened.open = false;
    this.#opened = null;
  }

  #write({ blocks = [], block, keep, tail, standing = this.#standing }) {
    this.#closeConsulted();
    this.#standing = standing;
    if (this.#part(".standing").matches(".waiting")) this.#stand(this.#standing);
    if (block !== undefined) this.#draw(blocks, block);
    if (keep !== undefined) this.#text.deleteData(keep, this.#text.length - keep);
    this.#text.appendData(tail);
  }

  /** Replaces the unfinished block by the blocks that are settled and by the complete sentences of the next one. */
  #draw(blocks, block) {
    const fresh = [...parsed(blocks.join("") + block).children];
    (this.#block ?? this.#growing).before(...fresh);
    swapBlock(this.#block, fresh);
    this.#block = block ? fresh.at(-1) : null;
    this.#text.data = "";
    if (this.#block) endOf(this.#block).append(this.#growing);
    else this.#part(".answer").append(this.#growing);
    if (fresh.some((one) => one.querySelector(".mark"))) bringOut(this.element);
  }

  #finish({ html }) {
    this.#closeConsulted();
    const fresh = parsed(html).querySelector("article");
    this.isEnded = true;
    if (this.element.isConnected) swapArticle(this.element, fresh);
    this.element = fresh;
  }

  #stand(text, isWaiting = false) {
    this.#part(".standing").textContent = text;
    this.#part(".standing").classList.toggle("waiting", isWaiting);
  }

  #part(selector) {
    return this.element.querySelector(selector);
  }
}

/** Returns the innermost element at the end of a block, such as the last item of a list, where its text goes on. */
function endOf(block) {
  const last = block.lastElementChild;
  return last?.matches("p, ul, ol, li, blockquote, pre, pre > code") ? endOf(last) : block;
}

const FOCUSABLE = "a, button, summary";

/**
 * Replaces an article without a jump: focus, open receipts and playing players are carried over.
 * @param {HTMLElement} old an article on the page
 * @param {HTMLElement} fresh the final article of the same turn
 */
export function swapArticle(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const isOpen = old.querySelector(".consulted")?.open;
  const { top } = old.getBoundingClientRect();
  const receipts = release(old);
  const [before, begun] = [markersOf(old), pathOf(focused, old)];
  old.after(fresh);
  hydrate(fresh);
  const after = markersOf(fresh);
  for (const one of receipts) {
    const link = after[before.indexOf(one.link)];
    handReceipt(one, link?.textContent === one.link.textContent ? link : null);
  }
  handNotes(old, fresh);
  if (isOpen && fresh.querySelector(".consulted")) fresh.querySelector(".consulted").open = true;
  begun?.(fresh)?.focus({ preventScroll: true });
  old.remove();
  // For a moment both stood there, and the browser's scroll anchoring may have kept the wrong one in its place.
  const moved = fresh.getBoundingClientRect().top - top;
  if (Math.abs(moved) > 1) scrollBy({ top: moved, behavior: "instant" });
}

/** Removes an unfinished block (null if there is none) in favour of the blocks that already stand before it. */
function swapBlock(old, fresh) {
  const before = old ? markersOf(old) : [];
  const focused = before.indexOf(document.activeElement);
  const receipts = old ? release(old) : [];
  const after = fresh.flatMap(markersOf);
  giveReceipts(after);
  for (const one of receipts) handReceipt(one, after[before.indexOf(one.link)]);
  if (focused >= 0) after[focused]?.focus({ preventScroll: true });
  old?.remove();
}

function handReceipt(one, link) {
  const player = one.element.querySelector(".play-here");
  const again = link && reopen(link, one);
  if (player) handPlayer(player, again?.element.querySelector(".play-here"));
}

function handNotes(old, fresh) {
  for (const button of old.querySelectorAll(".notes .play-here")) {
    const spot = button.closest("[id]").id;
    const scope = spot && fresh.querySelector(`[id="${CSS.escape(spot)}"]`);
    handPlayer(button, scope?.querySelector(".play-here") ?? null);
  }
}

/** Returns a function that finds, in another article, the counterpart of the focused element of this one. */
function pathOf(focused, old) {
  if (!focused) return null;
  const scopes = (article) => [...markersOf(article).map((link) => link.nextElementSibling), ...notesOf(article), article];
  const index = scopes(old).findIndex((scope) => scope?.contains(focused));
  const marker = markersOf(old).indexOf(focused);
  if (marker >= 0) return (fresh) => markersOf(fresh)[marker];
  const id = focused.closest(".note")?.id;
  const at = [...scopes(old)[index].querySelectorAll(FOCUSABLE)].indexOf(focused);
  return (fresh) => {
    const scope = id ? fresh.querySelector(`[id="${CSS.escape(id)}"]`) : scopes(fresh)[index];
    return scope?.querySelectorAll(FOCUSABLE)[at];
  };
}

function notesOf(article) {
  return article.querySelectorAll(".note");
}
