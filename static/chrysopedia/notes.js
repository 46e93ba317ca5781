/** The notes of one answer and the markers that lead to them: what each sentence rests on, and how well. */

import { align, onRoom } from "./margin.js";
import { judge, light, markBare, underline } from "./marks.js";
import { noteOf, originOf, passageOf, spotOf, spotsOf } from "./note.js";
import { unitsIn } from "./places.js";
import { giveReceipt } from "./receipt.js";
import { make, word } from "./words.js";

/** Keeps the notes of one article. */
export class Notes {
  #notes = new Map();
  #markers = [];
  #spots = new Map();
  #claims = new Map();
  #list = make("ol");
  #rest = make("ol");
  #summary = make("summary");
  #watch = new ResizeObserver(() => this.align());
  #said = "";

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
    this.#watch.observe(article.querySelector(".answer"));
    onRoom(() => this.align());
  }

  /**
   * @param {import("./note.js").Source[]} sources
   * @param {boolean} hasCreator whether one creator was asked
   */
  show(sources, hasCreator) {
    this.sources = new Map(sources.map((source) => [source.number, source]));
    this.isForeign = (source) => hasCreator && source.tier !== "creator";
    if (!sources.length) return;
    for (const source of sources) {
      const note = noteOf(source, { id: `${this.key}-note-${source.number}`, isForeign: this.isForeign(source) });
      note.append(passageOf(source));
      this.#notes.set(source.number, note);
      this.#rest.append(note);
    }
    this.#count("consulted");
    this.article.append(this.group);
  }

  /**
   * Makes the marker of a sentence and brings its notes out.
   * @param {number[]} numbers
   * @param {number} raw its offset in the answer
   * @returns {HTMLElement | null} null where there is no such source
   */
  marker(numbers, raw) {
    if (!numbers.every((number) => this.#notes.has(number))) return null;
    return make("sup.mark", ...numbers.map((number) => this.#link(number, raw)));
  }

  #link(number, raw) {
    const source = this.sources.get(number);
    const link = make("a", String(number));
    const marker = { link, number, raw, citation: { ...source, quote: "" } };
    link.href = `#${this.key}-note-${number}`;
    link.ariaLabel = `Source ${number}`;
    giveReceipt(link, {
      contents: () => [originOf(source, this.isForeign(source)), spotOf(source, marker.citation, this.#said)],
      onShow: () => this.#light([marker.citation], number),
      onHide: () => this.#light([]),
    });
    if (!this.#markers.some((other) => other.number === number)) this.#bringOut(number, marker.citation);
    this.#markers.push(marker);
    return link;
  }

  #bringOut(number, citation) {
    const note = this.#notes.get(number);
    this.#fill(note, [[spotOf(this.sources.get(number), citation, ""), []]]);
    this.#list.append(note);
    this.#watch.observe(note);
    this.#count("consulted");
    requestAnimationFrame(() => this.align());
  }

  /**
   * Shows what each sentence rests on and how well, once that is known.
   * @param {{citations: import("./note.js").Citation[], answered_by?: string,
   *   grounding?: {bare: {start: number, end: number}[]}}} done
   * @param {string} text the answer
   * @param {import("./places.js").Places} places
   */
  settle({ citations, grounding, answered_by: by }, text, places) {
    const units = unitsIn(text);
    const rangesOf = ({ start, end }) => places.rangesOf(units(start), units(end));
    this.#said = text;
    for (const citation of citations) this.#claims.set(citation, rangesOf(citation));
    for (const [number, note] of this.#notes) {
      const mine = citations.filter((citation) => citation.number === number);
      if (mine.length) this.#fill(note, spotsOf(this.sources.get(number), mine, text));
    }
    for (const marker of this.#markers) {
      const isHere = ({ start, end }) => units(start) <= marker.raw && marker.raw < units(end);
      const citation = citations.find((one) => one.number === marker.number && isHere(one));
      if (!citation) continue;
      marker.citation = citation;
      judge(marker.link, citation);
    }
    const unsupported = citations.filter(({ verdict }) => verdict === "unsupported");
    underline("unsupported", unsupported.flatMap((citation) => this.#claims.get(citation)));
    markBare(by === "none" ? [] : (grounding?.bare ?? []).map(rangesOf));
    this.#count("more_consulted");
    this.align();
  }

  #fill(note, spots) {
    note.querySelector(".play-here[aria-expanded=true]")?.click();
    for (const old of note.querySelectorAll(".spot")) old.remove();
    for (const [spot, citations] of spots) {
      for (const citation of citations) this.#spots.set(citation, spot);
      spot.addEventListener("pointerenter", () => this.#light(citations));
      spot.addEventListener("pointerleave", () => this.#light([]));
      note.append(spot);
    }
  }

  /** Puts every note beside its sentence. */
  align() {
    align(this.#list, (note) => {
      const marker = this.#markers.find(({ number }) => this.#notes.get(number) === note);
      return (this.#claims.get(marker?.citation)?.[0] ?? marker?.link)?.getClientRects()[0];
    });
  }

  #count(key) {
    const count = this.#rest.children.length;
    const only = key === "more_consulted" && !this.#list.children.length ? "consulted" : key;
    this.#summary.textContent = word(only, { count });
    this.details.hidden = !count;
  }

  #light(citations, number = null) {
    const spots = new Set(citations.map((citation) => this.#spots.get(citation)));
    for (const spot of this.#spots.values()) spot.classList.toggle("lit", spots.has(spot));
    for (const [key, note] of this.#notes) note.classList.toggle("lit", key === number || key === citations[0]?.number);
    light(citations.flatMap((citation) => this.#claims.get(citation) ?? []));
  }
}
