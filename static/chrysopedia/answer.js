/** An answer as it arrives: Markdown-like text appended to the page, block by block, and never written twice. */

import { InlineWriter } from "./inline.js";
import { Places } from "./places.js";
import { make } from "./words.js";

const UNDECIDED = /^\s{0,8}(?:[-+*>]|\d{1,4}[.)]?|#{1,6}|`{1,2})?$/;
const ITEM = /^(\s*)(?:[-+*]|(\d{1,4})[.)])\s/;
const QUOTE = /^\s*>/;
const HEADING = /^\s{0,3}#{1,6}\s+/;
const FENCE = /^\s{0,3}```/;

/** Appends pieces of an answer to an element. */
export class AnswerWriter {
  #head = "";
  #block = null;
  #lists = [];
  #line = "head";
  #afterBlank = true;
  #raw = 0;
  #headAt = 0;
  /** Where each part of the answer stands on the page. */
  places = new Places();

  /**
   * @param {HTMLElement} root
   * @param {(numbers: number[], raw: number) => (HTMLElement | null)} marker makes the element of a marker
   */
  constructor(root, marker) {
    this.root = root;
    this.inline = new InlineWriter(marker, (...run) => this.places.add(...run));
  }

  /** @param {string} text the next piece */
  feed(text) {
    for (const character of text) {
      this.#character(character);
      this.#raw += character.length;
    }
  }

  /** Ends the answer. */
  end() {
    this.#newline(true);
    this.#endBlock();
  }

  #character(character) {
    if (character === "\n") return this.#newline(false);
    if (this.#line === "skip") return;
    if (this.#line === "text") return this.inline.push(character, this.#raw);
    if (!this.#head) this.#headAt = this.#raw;
    this.#head += character;
    const inFence = this.#block?.localName === "code";
    if (inFence ? !/^\s*`{0,3}$/.test(this.#head) : !UNDECIDED.test(this.#head)) this.#decide();
  }

  #newline(isLast) {
    if (this.#line === "head" && this.#head.trim()) this.#decide();
    if (this.#block?.localName === "code") {
      if (this.#line !== "skip" && !isLast) this.#block.append("\n");
    } else if (this.#line === "text") this.inline.endLine(this.#raw);
    if (this.#line === "head") this.#blank();
    this.#head = "";
    this.#line = "head";
  }

  #blank() {
    if (this.#block?.localName === "code") return;
    this.#afterBlank = true;
    this.#endBlock();
  }

  /** The beginning of a line says what it is; the rest of it is then text. */
  #decide() {
    const head = this.#head;
    if (this.#block?.localName === "code") return this.#inFence(head);
    const item = ITEM.exec(head);
    if (FENCE.test(head)) return this.#fence();
    if (HEADING.test(head)) return this.#begin("h3", head.match(HEADING)[0].length);
    if (QUOTE.test(head)) return this.#quote(head.match(/^\s*>\s?/)[0].length);
    if (item && (!item[2] || item[2] === "1" || this.#afterBlank || this.#lists.length)) return this.#item(item);
    const indent = head.match(/^\s*/)[0].length;
    if (this.#block && !this.#afterBlank && this.#block.localName !== "h3") {
      this.inline.breakLine();
      return this.#write(indent);
    }
    if (this.#lists.length && indent >= 2) return this.#begin("p", indent, this.#lists.at(-1).list.lastElementChild);
    return this.#begin("p", indent);
  }

  #begin(tag, skip, parent = null) {
    this.#endBlock();
    if (!parent) this.#lists = [];
    this.#block = make(tag);
    (parent ?? this.root).append(this.#block);
    this.inline.start(this.#block);
    this.#write(skip);
  }

  #write(skip) {
    this.#line = "text";
    this.#afterBlank = false;
    [...this.#head.slice(skip)].reduce((at, character) => {
      this.inline.push(character, at);
      return at + character.length;
    }, this.#headAt + skip);
  }

  #quote(skip) {
    if (this.#block?.parentElement?.localName === "blockquote" && !this.#afterBlank) {
      this.inline.breakLine();
      return this.#write(skip);
    }
    const quote = make("blockquote");
    this.#endBlock();
    this.#lists = [];
    this.root.append(quote);
    return this.#begin("p", skip, quote);
  }

  #item([whole, indent, number]) {
    const tag = number ? "ol" : "ul";
    this.#endBlock();
    while (this.#lists.length && this.#lists.at(-1).indent > indent.length) this.#lists.pop();
    const top = this.#lists.at(-1);
    const isNested = top && indent.length >= top.indent + 2;
    if (top && !isNested && top.list.localName !== tag) this.#lists.pop();
    if (!this.#lists.length || isNested) {
      const list = make(tag);
      if (number && number !== "1") list.start = Number(number);
      (isNested ? top.list.lastElementChild : this.root).append(list);
      this.#lists.push({ list, indent: indent.length });
    }
    return this.#begin("li", whole.length, this.#lists.at(-1).list);
  }

  #fence() {
    this.#begin("pre", this.#head.length);
    const code = make("code");
    this.#block.append(code);
    this.#block = code;
    this.#line = "skip";
  }

  #inFence(head) {
    if (FENCE.test(head)) {
      this.#block = null;
      this.#line = "skip";
      this.#afterBlank = true;
      return;
    }
    this.#block.append(head);
    this.#head = "";
  }

  #endBlock() {
    if (this.#block && this.#block.localName !== "code") this.inline.close();
    this.#block = null;
  }
}
