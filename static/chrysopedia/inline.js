/** Formatting inside a line, decided character by character, so that what stands on the page never changes. */

import { make } from "./words.js";

const MARKER = /^\[\d{1,3}(\s*,\s*\d{1,3})*\]/;
const MAYBE_MARKER = /^\[[\d\s,]{0,20}$/;
const WORD = /[\p{L}\p{N}]/u;

/** Writes characters into an element: bold, emphasis, code and markers; what stays open is taken back as text. */
export class InlineWriter {
  #held = "";
  #open = [];
  #before = "";

  /**
   * @param {(numbers: number[], raw: number) => (HTMLElement | null)} marker makes the element of a marker, told its
   *   offset in the answer; null leaves it as text
   * @param {(node: Text, at: number, raw: number, length: number) => void} wrote told where a piece of the answer is
   */
  constructor(marker, wrote) {
    this.marker = marker;
    this.wrote = wrote;
    this.root = null;
  }

  /** @param {HTMLElement} root where the next characters go */
  start(root) {
    this.root = root;
    this.#before = "";
  }

  /**
   * @param {string} character
   * @param {number} raw its offset in the answer
   */
  push(character, raw) {
    this.#held += character;
    this.#settle(raw + character.length, false);
  }

  /** Ends the line: nothing is waited for any more. @param {number} raw the offset of its end */
  endLine(raw) {
    this.#settle(raw, true);
  }

  breakLine() {
    this.#place().append(make("br"));
    this.#before = "";
  }

  /** Ends the block: what was opened and not closed becomes the text that it was. */
  close() {
    for (const { element, sign } of this.#open.reverse()) element.replaceWith(sign, ...element.childNodes);
    this.#open = [];
    this.root = null;
  }

  #settle(end, isLast) {
    while (this.#held) {
      const used = this.#next(this.#held, isLast, end - this.#held.length);
      if (!used) return;
      this.#before = this.#held[used - 1];
      this.#held = this.#held.slice(used);
    }
  }

  /** Returns how many of the held characters were dealt with; 0 waits for more. */
  #next(held, isLast, raw) {
    const isCode = this.#open.at(-1)?.sign === "`";
    const first = held[0];
    if (first === "`") return this.#toggle("`", "code", raw);
    if (isCode) return this.#text(first, raw);
    if (first === "*" || first === "_") return this.#emphasis(held, isLast, raw);
    if (first === "[") return this.#bracket(held, isLast, raw);
    if (first === "\\" && held.length < 2 && !isLast) return 0;
    if (first === "\\" && /^\\[!-/:-@[-`{-~]/.test(held)) return this.#text(held[1], raw + 1) + 1;
    return this.#text(first, raw);
  }

  #emphasis(held, isLast, raw) {
    if (held.length < 3 && !isLast) {
      const closes = held.length === 2 && held[0] === held[1] && this.#isOpen(held);
      if (!closes) return 0;
    }
    const sign = held[1] === held[0] ? held.slice(0, 2) : held[0];
    const isInside = held[0] === "_" && WORD.test(this.#before);
    const canOpen = !isInside && /\S/.test(held[sign.length] ?? " ");
    if (this.#isOpen(sign) || canOpen) return this.#toggle(sign, sign.length > 1 ? "strong" : "em", raw);
    return this.#text(sign, raw);
  }

  #bracket(held, isLast, raw) {
    const found = MARKER.exec(held)?.[0];
    if (!found) return MAYBE_MARKER.test(held) && !isLast ? 0 : this.#text("[", raw);
    const element = this.marker(found.match(/\d+/g).map(Number), raw);
    if (!element) return this.#text(found, raw);
    const before = this.#place().lastChild;
    if (before instanceof Element && before.matches(".mark")) before.append(...element.childNodes);
    else this.#place().append(element);
    // A marker never begins a line: the space before it becomes one that doesn't break.
    if (before instanceof Text && before.data.endsWith(" ")) before.replaceData(before.length - 1, 1, "\u00A0");
    return found.length;
  }

  #toggle(sign, tag, raw) {
    if (!this.#isOpen(sign)) {
      const element = make(tag);
      this.#place().append(element);
      this.#open.push({ element, sign });
    } else if (this.#open.at(-1).sign === sign) this.#open.pop();
    else return this.#text(sign, raw);
    return sign.length;
  }

  #isOpen(sign) {
    return this.#open.some((one) => one.sign === sign);
  }

  #place() {
    return this.#open.at(-1)?.element ?? this.root;
  }

  #text(text, raw) {
    const place = this.#place();
    let node = place.lastChild;
    if (!(node instanceof Text)) place.append((node = document.createTextNode("")));
    this.wrote(node, node.length, raw, text.length);
    node.appendData(text);
    return text.length;
  }
}
