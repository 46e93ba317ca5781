/** A source as a note: who said it, in which work, and for each sentence the words it rests on, how well, and where. */

import { playButton } from "./player.js";
import { clock, make, word } from "./words.js";

/**
 * @typedef {{number: number, title: string, creator: string, creator_slug: string, work: string, kind: string,
 *   url: string, start_seconds: number | null, tier: string, excerpt: string}} Source
 * @typedef {{number: number, quote: string, start: number, end: number, start_seconds: number | null, url: string,
 *   verdict?: "supported" | "weak" | "unsupported", problems?: {message: string}[]}} Citation
 */

/** @param {string} text @returns {string} with single spaces, as a reader would see it */
function plain(text) {
  return text.split(/\s+/).filter(Boolean).join(" ");
}

/**
 * @param {Source} source
 * @param {boolean} isForeign whether another creator was asked
 * @returns {HTMLElement} who said it and in which work
 */
export function originOf(source, isForeign) {
  const origin = make("p.origin", make("span.unseen", `Source ${source.number}: `), make("b", source.creator));
  if (isForeign) origin.append(" ", make("i.tier", word("other_creator")));
  origin.append(" · ", make("cite", source.title));
  return origin;
}

/**
 * @param {Source} source
 * @param {{id: string, isForeign: boolean}} options
 * @returns {HTMLLIElement} a note without any places yet
 */
export function noteOf(source, { id, isForeign }) {
  const number = make("span.number", String(source.number));
  number.ariaHidden = "true";
  const note = make("li.note", number, originOf(source, isForeign));
  note.id = id;
  note.tabIndex = -1;
  return note;
}

/**
 * @param {Source} source
 * @returns {HTMLElement} the passage itself, for a source that no sentence rests on
 */
export function passageOf(source) {
  return spot(source, { words: plain(source.excerpt), find: "", seconds: source.start_seconds, url: source.url });
}

/**
 * @param {Source} source
 * @param {Citation} citation
 * @param {string} said the answer: what it says in the same words is not repeated
 * @returns {HTMLElement} what a sentence rests on, how well, and links to the place
 */
export function spotOf(source, citation, said) {
  const find = plain(citation.quote);
  const words = plain(said).includes(find) ? "" : find;
  const block = spot(source, { words, find, seconds: citation.start_seconds, url: citation.url });
  const problems = (citation.problems ?? []).map(({ message }) => make("p.problem", message));
  if (citation.verdict) block.prepend(make(`p.verdict.${citation.verdict}`, word(citation.verdict)), ...problems);
  return block;
}

/**
 * @param {Source} source
 * @param {Citation[]} citations
 * @param {string} said the answer
 * @returns {[HTMLElement, Citation[]][]} the spots; sentences that rest on the same words equally well share one
 */
export function spotsOf(source, citations, said) {
  const spots = new Map();
  for (const citation of citations) {
    const { quote, verdict, problems } = citation;
    const key = JSON.stringify([quote, verdict, problems]);
    if (!spots.has(key)) spots.set(key, [spotOf(source, citation, said), []]);
    spots.get(key)[1].push(citation);
  }
  return [...spots.values()];
}

function spot(source, { words, find, seconds, url }) {
  const isTimed = seconds !== null && seconds !== undefined;
  const fragment = find ? `#:~:text=${fragmentOf(find.split(" "))}` : "";
  const transcript = `/w/${source.work}${isTimed ? `?at=${seconds.toFixed(3)}` : fragment}`;
  const places = make("span.places");
  const beginning = find && !words ? `“${find.split(" ").slice(0, 4).join(" ")}…”` : "";
  const label = isTimed ? clock(seconds) : beginning;
  const sign = isTimed ? "a.play" : "a.read";
  if (url && !url.startsWith("/")) {
    const outside = link(sign, url, label || "open", ` in ${source.title}, opens a new tab`);
    outside.target = "_blank";
    outside.rel = "noopener";
    places.append(outside, link("a.read", transcript, "transcript", ""));
    places.append(...playButton(url, `${source.title} · ${source.creator}`));
  } else {
    places.append(link(sign, transcript, label || "read there", ` in the transcript of ${source.title}`));
  }
  const block = make("div.spot");
  if (words) block.append(make("q", words), " ");
  block.append(places);
  return block;
}

/** As the server writes it: of a long sentence the first and the last words. */
function fragmentOf(words) {
  const edges = words.length > 8 ? [words.slice(0, 4), words.slice(-4)] : [words];
  return edges.map((edge) => encodeURIComponent(edge.join(" ")).replaceAll("-", "%2D")).join(",");
}

function link(tag, address, text, more) {
  const element = make(tag, text);
  if (more) element.append(make("span.unseen", more));
  element.href = address;
  return element;
}
