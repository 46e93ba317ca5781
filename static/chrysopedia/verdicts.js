/** What is said under an answer about its ground: how many citations hold, and where the creators disagree. */

import { make, word } from "./words.js";

const DATE = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };

/**
 * @param {{answered_by: string, grounding?: object}} done
 * @returns {HTMLElement[]} a paragraph, or none where nothing was claimed
 */
export function groundingLine({ answered_by: by, grounding }) {
  if (!grounding || by === "none") return [];
  const { claims, supported, weak, unsupported, uncited } = grounding;
  const cited = supported + weak + unsupported;
  const said = [
    ...tell("supported", supported === cited ? cited : 0, cited),
    ...tell("unsupported", unsupported, cited),
    ...tell("weak", weak, cited),
    ...tell("bare", uncited, claims),
  ];
  return said.length ? [make("p.grounding", ...said)] : [];
}

function tell(what, count, of) {
  if (!count) return [];
  const form = of === 1 ? "only" : count === 1 ? "one" : "many";
  return [make(`span.verdict.${what}`, word(`${what}_${form}`, { count, of }))];
}

/**
 * @param {{parameter: string, settings: {number: number, creator: string, work: string, published: string,
 *   value: string, quote: string, url: string}[]}} disagreement
 * @param {import("./note.js").Source[]} sources
 * @returns {HTMLElement} who says what, where and when
 */
export function disagreementOf({ parameter, settings }, sources) {
  const rows = settings.map(({ number, creator, work, published, value, quote, url }) => {
    const title = sources.find((source) => source.number === number)?.title ?? work;
    const row = make("li", make("b", creator), ": ", make("span.value", value), make("q", quote));
    const link = make("a", title);
    link.href = url;
    if (!url.startsWith("/")) Object.assign(link, { target: "_blank", rel: "noopener" });
    row.append(make("span.origin", link, published ? `, ${dated(published)}` : ""));
    return row;
  });
  return make("section.differ", make("h3", word("disagree", { parameter })), make("ul", ...rows));
}

function dated(published) {
  const date = new Date(published);
  return Number.isNaN(date.getTime()) ? published : date.toLocaleDateString("en-GB", DATE);
}
