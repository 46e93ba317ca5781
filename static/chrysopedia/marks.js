/** Marks in an answer: signs at its markers, lines under sentences that have no ground, and light on the one pointed at. */

import { make, word } from "./words.js";

const LIT = "cited";

/**
 * Shows at a marker how well its sentence rests on the source.
 * @param {HTMLElement} link
 * @param {import("./note.js").Citation} citation
 */
export function judge(link, { number, verdict }) {
  if (!verdict) return;
  link.classList.add(verdict);
  link.ariaLabel = `Source ${number}: ${word(verdict)}`;
}

/** Lights up a part of an answer. @param {Range[]} ranges */
export function light(ranges) {
  if (!globalThis.Highlight) return;
  if (ranges.length) CSS.highlights.set(LIT, new Highlight(...ranges));
  else CSS.highlights.delete(LIT);
}

/** Marks a part of an answer for as long as it stands. @param {string} name @param {Range[]} ranges */
export function underline(name, ranges) {
  if (!globalThis.Highlight || !ranges.length) return;
  if (!CSS.highlights.has(name)) CSS.highlights.set(name, new Highlight());
  for (const range of ranges) CSS.highlights.get(name).add(range);
}

/**
 * Marks sentences that cite nothing, also for those who hear the page; it changes the text, so it comes last.
 * @param {Range[][]} sentences
 */
export function markBare(sentences) {
  underline("bare", sentences.flat());
  for (const end of sentences.map((ranges) => ranges.at(-1)?.cloneRange())) {
    end?.collapse(false);
    end?.insertNode(make("span.unseen", ` (${word("bare")})`));
  }
}
