/** One question and its answer on the page, growing from the HTML events of the stream. */

import { bringOut, hydrate } from "./article.js";
import { handBlock, handOver } from "./handover.js";
import { copyOf, make, parsed, word } from "./messages.js";

export { hydrate };

/** @typedef {{query: string, creator: string, name: string, weight: number}} Asked */

/** An article of the thread whose answer is being written; ``element`` is another one once it has ended. */
export class Turn {
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

  /** @param {Asked} asked @returns {Turn} that is not on the page yet */
  static asked({ query, name, creator, weight }) {
    const element = copyOf("turn");
    element.querySelector("h2").textContent = query;
    element.querySelector(".asked").textContent = name ? word("to", { creator: name }) : word("to_everyone");
    Object.assign(element.dataset, { creator, weight });
    const turn = new Turn(element);
    turn.#stand(name ? word("searching", { creator: name }) : word("searching_everyone"), true);
    return turn;
  }

  /** @returns {HTMLElement} the last line of what is there */
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

  /** Ends it in the middle, where the server has lost it. @param {string} message */
  breakOff(message) {
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
  }

  #write({ blocks = [], block, keep, tail, standing = this.#standing }) {
    this.#standing = standing;
    if (this.#part(".standing").matches(".waiting")) this.#stand(this.#standing);
    if (block !== undefined) this.#draw(blocks, block);
    if (keep !== undefined) this.#text.deleteData(keep, this.#text.length - keep);
    this.#text.appendData(tail);
  }

  /** Puts settled blocks, and the one that is being written as far as its sentences go, in the place of that. */
  #draw(blocks, block) {
    const fresh = [...parsed(blocks.join("") + block).children];
    (this.#block ?? this.#growing).before(...fresh);
    handBlock(this.#block, fresh);
    this.#block = block ? fresh.at(-1) : null;
    this.#text.data = "";
    if (this.#block) endOf(this.#block).append(this.#growing);
    else this.#part(".answer").append(this.#growing);
    if (fresh.some((one) => one.querySelector(".mark"))) bringOut(this.element);
  }

  #finish({ html }) {
    const fresh = parsed(html).querySelector("article");
    this.isEnded = true;
    if (this.element.isConnected) handOver(this.element, fresh);
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

/** Where the words after the last sentence of a block belong: in the last item of a list, say. */
function endOf(block) {
  const last = block.lastElementChild;
  return last?.matches("p, ul, ol, li, blockquote, pre, pre > code") ? endOf(last) : block;
}
