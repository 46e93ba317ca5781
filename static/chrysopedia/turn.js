/** One question and its answer on the page, built up from the events of the stream. */

import { AnswerWriter } from "./answer.js";
import { Notes } from "./notes.js";
import { disagreementOf, groundingLine } from "./verdicts.js";
import { counted, make, word } from "./words.js";

const TIERS = ["creator", "domain", "global"];
let made = 0;

/**
 * @typedef {{query: string, creator: string, name: string, weight: number}} Asked
 */

/** An article of the thread. */
export class Turn {
  text = "";
  sources = [];
  isEnded = false;

  /** @param {Asked} asked what was asked, of whom, and how much voice was wanted */
  constructor(asked) {
    this.asked = asked;
    this.element = document.getElementById("turn").content.firstElementChild.cloneNode(true);
    this.notes = new Notes(this.element, `t${(made += 1)}`);
    this.answer = this.#part(".answer");
    this.writer = new AnswerWriter(this.answer, (...found) => this.notes.marker(...found));
    this.#part("h2").textContent = asked.query;
    this.#part(".asked").textContent = asked.name ? `To ${asked.name}` : "To everyone";
    const searching = asked.name ? word("searching", { creator: asked.name }) : word("searching_everyone");
    this.#stand(searching, true);
    this.answer.ariaBusy = "true";
  }

  /** @param {string} type of the event @param {any} value its data */
  apply(type, value) {
    if (type === "sources") this.#consult(value);
    else if (type === "token") this.#write(value);
    else if (type === "done") this.#finish(value);
    else if (type === "error") this.fail(value.message);
  }

  /** Ends the turn in the middle. @param {string} key of the words that say why */
  breakOff(key) {
    this.#end();
    this.notes.settle({ citations: [] }, this.text, this.writer.places);
    this.#remark(word(key), key !== "stopped");
  }

  /** @param {string} message */
  fail(message) {
    this.#end();
    this.#remark(message, true);
    this.element.classList.add("failed");
  }

  /** @param {HTMLElement} element stands below the answer */
  offer(element) {
    this.#part(".after").append(element);
  }

  #consult(sources) {
    this.sources = sources;
    this.notes.show(sources, Boolean(this.asked.creator));
    if (!sources.length) return;
    const works = new Set(sources.map((source) => source.work)).size;
    const passages = counted(sources.length, "passage");
    this.#stand(word("reading", { passages, works: counted(works, "work") }), true);
  }

  #write(piece) {
    if (!this.text && this.sources.length) {
      const widest = Math.max(...this.sources.map((source) => TIERS.indexOf(source.tier)));
      this.#stand(word(`tier_${TIERS[widest]}`));
    }
    this.text += piece;
    this.writer.feed(piece);
  }

  #finish(done) {
    this.done = done;
    this.#end();
    this.notes.settle(done, this.text, this.writer.places);
    this.#stand(word(`tier_${done.cascade_tier}`));
    this.#part(".after").append(...groundingLine(done));
    if (["quotes", "fallback", "pinned"].includes(done.answered_by)) this.#remark(word(done.answered_by));
    if (done.voice_note) this.#remark(done.voice_note);
    else if (this.asked.weight && !done.voice_applied) this.#remark(word(`voice_${whyNoVoice(done)}`));
    if (done.finish !== "complete") this.#remark(word(done.finish));
    for (const one of done.disagreements ?? []) this.#part(".after").append(disagreementOf(one, this.sources));
    if (done.suggestions?.length) this.#suggest(done.suggestions);
  }

  #suggest(suggestions) {
    const topics = suggestions.map(({ topic, creator, creator_slug: slug }) => {
      const link = make("a", topic);
      const query = `What does ${creator} say about ${topic}?`;
      link.href = `/c/${slug}?query=${encodeURIComponent(query)}`;
      Object.assign(link.dataset, { creator: slug, query });
      return make("li", link, " ", make("span", creator));
    });
    this.#part(".after").append(make("p", word("suggestions")), make("ul.topics", ...topics));
  }

  #end() {
    this.isEnded = true;
    this.writer.end();
    this.answer.ariaBusy = "false";
    if (this.#part(".standing").matches(".waiting")) this.#stand("");
  }

  #stand(text, isWaiting = false) {
    this.#part(".standing").textContent = text;
    this.#part(".standing").classList.toggle("waiting", isWaiting);
  }

  #remark(text, isWrong = false) {
    this.#part(".after").append(make(isWrong ? "p.remark.wrong" : "p.remark", text));
  }

  #part(selector) {
    return this.element.querySelector(selector);
  }
}

function whyNoVoice({ answered_by: by, cascade_tier: tier }) {
  if (by === "quotes" || by === "none") return by;
  return tier === "creator" ? "other" : "others";
}
