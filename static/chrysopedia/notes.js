/** The notes of one answer: in the margin beside their sentences where there is room, else under the answer. */

import { noteOf, showSpots } from "./note.js";
import { unitsIn } from "./places.js";
import { make, word } from "./words.js";

const WIDE = matchMedia("(min-width: 68.75rem)");
const GAP = 18;
const LIT = "cited";

/** Keeps the notes of one article. */
export class Notes {
  #notes = new Map();
  #markers = new Map();
  #claims = new Map();
  #list = make("ol");
  #rest = make("ol");
  #summary = make("summary");

  /**
   * @param {HTMLElement} article
   * @param {string} key begins the ids of its notes
   */
  constructor(article, key) {
    this.article = article;
    this.key = key;
    this.details = make("details.consulted", this.#summary, this.#rest);
    this.group = make("div.notes", this.#list, this.details);
    this.group.role = "group";
    this.group.ariaLabel = "Sources";
    new ResizeObserver(() => this.align()).observe(article.querySelector(".answer"));
    WIDE.addEventListener("change", () => this.align());
  }

  /**
   * @param {import("./note.js").Source[]} sources
   * @param {boolean} hasCreator whether one creator was asked
   */
  show(sources, hasCreator) {
    this.sources = new Map(sources.map((source) => [source.number, source]));
    if (!sources.length) return;
    for (const source of sources) {
      const isForeign = hasCreator && source.tier !== "creator";
      const note = noteOf(source, { id: `${this.key}-note-${source.number}`, isForeign });
      showSpots(note, source, [], "");
      note.addEventListener("pointerenter", () => this.#light(source.number));
      note.addEventListener("pointerleave", () => this.#light(null));
      this.#notes.set(source.number, note);
      this.#rest.append(note);
    }
    this.#count("consulted");
    this.article.append(this.group);
  }

  /**
   * Makes the marker of a sentence and brings its notes out.
   * @param {number[]} numbers
   * @returns {HTMLElement | null} null where there is no such source
   */
  marker(numbers) {
    if (!numbers.every((number) => this.#notes.has(number))) return null;
    return make("sup.mark", ...numbers.map((number) => this.#link(number)));
  }

  #link(number) {
    const link = make("a", String(number));
    link.href = `#${this.key}-note-${number}`;
    link.setAttribute("aria-label", `Source ${number}`);
    link.addEventListener("click", (event) => this.#open(event, link, number));
    for (const type of ["pointerenter", "focus"]) link.addEventListener(type, () => this.#light(number));
    for (const type of ["pointerleave", "blur"]) link.addEventListener(type, () => this.#light(null));
    if (!this.#markers.has(number)) {
      this.#markers.set(number, link);
      const note = this.#notes.get(number);
      showSpots(note, this.sources.get(number), [{ ...this.sources.get(number), quote: "" }], "");
      this.#list.append(note);
      this.#count("consulted");
      requestAnimationFrame(() => this.align());
    }
    return link;
  }

  /**
   * Shows what each sentence rests on, once that is known.
   * @param {import("./note.js").Citation[]} citations
   * @param {string} text the answer
   * @param {import("./places.js").Places} places
   */
  settle(citations, text, places) {
    const units = unitsIn(text);
    for (const [number, note] of this.#notes) {
      const mine = citations.filter((citation) => citation.number === number);
      if (mine.length) showSpots(note, this.sources.get(number), mine, text);
      this.#claims.set(number, mine.map(({ start, end }) => places.rangeOf(units(start), units(end))).filter(Boolean));
    }
    this.#count("more_consulted");
    this.align();
  }

  /** Puts every note beside its sentence, or below the note before it where two would meet. */
  align() {
    const notes = [...this.#list.children];
    this.#list.classList.toggle("aligned", WIDE.matches);
    const top = this.#list.getBoundingClientRect().top;
    const wanted = notes.map((note) => this.#topOf(note) - top);
    const heights = notes.map((note) => note.offsetHeight);
    let bottom = 0;
    notes.forEach((note, index) => {
      const at = Math.max(wanted[index], index ? bottom + GAP : 0);
      note.classList.toggle("placed", note.style.translate !== "");
      note.style.translate = WIDE.matches ? `0 ${at}px` : "";
      bottom = at + heights[index];
    });
    this.#list.style.blockSize = WIDE.matches ? `${bottom}px` : "";
  }

  #topOf(note) {
    const number = Number(note.querySelector(".number").textContent);
    const claim = this.#claims.get(number)?.[0] ?? this.#markers.get(number);
    return claim?.getClientRects()[0]?.top ?? 0;
  }

  #count(key) {
    const count = this.#rest.children.length;
    const only = key === "more_consulted" && !this.#list.children.length ? "consulted" : key;
    this.#summary.textContent = word(only, { count });
    this.details.hidden = !count;
  }

  #light(number) {
    for (const [key, note] of this.#notes) note.classList.toggle("lit", key === number);
    if (!globalThis.Highlight) return;
    if (number === null) CSS.highlights.delete(LIT);
    else CSS.highlights.set(LIT, new Highlight(...(this.#claims.get(number) ?? [])));
  }

  #open(event, link, number) {
    event.preventDefault();
    const note = this.#notes.get(number);
    if (WIDE.matches) return note.focus();
    const block = link.closest("li, p, blockquote, h3");
    const isOpen = link.ariaExpanded === "true";
    for (const other of block.querySelectorAll(".mark a")) other.ariaExpanded = "false";
    const place = block.localName === "li" ? block.lastElementChild : block.nextElementSibling;
    if (place?.matches(".here")) place.remove();
    if (isOpen) return undefined;
    const here = make("div.note.here", ...note.cloneNode(true).childNodes);
    here.role = "note";
    link.ariaExpanded = "true";
    return block.localName === "li" ? block.append(here) : block.after(here);
  }
}
