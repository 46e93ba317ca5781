/** A source as a note: who said it, in which work, the words, and links to the place. */

import { clock, make, word } from "./words.js";

/**
 * @typedef {{number: number, title: string, creator: string, creator_slug: string, work: string, kind: string,
 *   url: string, start_seconds: number | null, tier: string, excerpt: string}} Source
 * @typedef {{number: number, quote: string, start: number, end: number, start_seconds: number | null,
 *   url: string}} Citation
 */

/** @param {string} text @returns {string} with single spaces, as a reader would see it */
export function plain(text) {
  return text.split(/\s+/).filter(Boolean).join(" ");
}

/**
 * @param {Source} source
 * @param {{id: string, isForeign: boolean}} options
 * @returns {HTMLLIElement} a note that shows the passage's own excerpt until its citations are known
 */
export function noteOf(source, { id, isForeign }) {
  const number = make("span.number", String(source.number));
  number.ariaHidden = "true";
  const origin = make("p.origin", make("span.unseen", `Source ${source.number}: `), make("b", source.creator));
  if (isForeign) origin.append(" ", make("i.tier", word("other_creator")));
  origin.append(" · ", make("cite", source.title));
  const note = make("li.note", number, origin);
  note.id = id;
  note.tabIndex = -1;
  return note;
}

/**
 * Shows the places in a note, in place of those that it showed.
 * @param {HTMLElement} note
 * @param {Source} source
 * @param {Citation[]} citations the places that the answer rests on; without any, the passage itself
 * @param {string} said the answer: what it says in the same words is not repeated
 */
export function showSpots(note, source, citations, said) {
  for (const old of note.querySelectorAll(".spot")) old.remove();
  const quotes = new Map(citations.map((citation) => [citation.quote, citation]));
  const whole = plain(said);
  for (const { quote, start_seconds: seconds, url } of quotes.values()) {
    const words = whole.includes(plain(quote)) ? "" : plain(quote);
    note.append(spot(source, { words, find: plain(quote), seconds, url }));
  }
  if (quotes.size) return;
  const { excerpt, start_seconds: seconds, url } = source;
  note.append(spot(source, { words: plain(excerpt), find: "", seconds, url }));
}

function spot(source, { words, find, seconds, url }) {
  const isTimed = seconds !== null && seconds !== undefined;
  const fragment = find ? `#:~:text=${encodeURIComponent(find).replaceAll("-", "%2D")}` : "";
  const transcript = `/w/${source.work}${isTimed ? `?at=${seconds.toFixed(3)}` : fragment}`;
  const places = make("span.places");
  const beginning = find && !words ? `“${find.split(" ").slice(0, 4).join(" ")}…”` : "";
  const label = isTimed ? clock(seconds) : beginning;
  const sign = isTimed ? "a.play" : "a.read";
  if (url && !url.startsWith("/")) {
    const outside = link(sign, url, label || "open", ` in ${source.title}, opens a new tab`);
    outside.target = "_blank";
    outside.rel = "noopener";
    places.append(outside, " ", link("a.read", transcript, "transcript", ""));
  } else {
    places.append(link(sign, transcript, label || "read there", ` in the transcript of ${source.title}`));
  }
  const block = make("div.spot");
  if (words) block.append(make("q", words), " ");
  block.append(places);
  return block;
}

function link(tag, address, text, more) {
  const element = make(tag, text);
  if (more) element.append(make("span.unseen", more));
  element.href = address;
  return element;
}
