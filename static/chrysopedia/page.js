/** The page: questions go out, articles come in. Everything here is an addition; without it the form still works. */

import { forget, keep, recall } from "./memory.js";
import { Lost, Refused, ask } from "./talk.js";
import { Turn } from "./turn.js";
import { voiceOf } from "./voice.js";
import { make, word } from "./words.js";

const LONGEST = 1000;
const form = document.getElementById("ask");
const thread = document.getElementById("thread");
const status = document.getElementById("status");
const notice = document.getElementById("notice");

class Page {
  running = null;
  kept = recall();

  constructor() {
    this.box = document.getElementById("query");
    this.whom = form.elements.creator;
    this.voice = voiceOf(form);
    this.button = form.querySelector(".send");
    if (!thread.children.length) for (const kept of this.kept.turns) this.#restore(kept);
    else this.kept = { ...this.kept, conversation: form.elements.conversation_id.value, turns: [] };
    form.addEventListener("submit", (event) => this.#submit(event));
    this.button.addEventListener("click", (event) => this.#stop(event));
    this.box.addEventListener("input", () => this.#count());
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("click", (event) => this.#click(event));
    this.#count();
  }

  async ask({ query, creator, weight }) {
    const name = creator ? this.whom.querySelector(`[value="${CSS.escape(creator)}"]`)?.text ?? creator : "";
    const turn = new Turn({ query, creator, name, weight });
    thread.querySelector(".failed")?.remove();
    this.#begin(turn);
    try {
      const question = { query, creator, weight, conversation: this.kept.conversation };
      for await (const { type, value } of ask(question, this.running.signal)) {
        if (type === "accepted") this.kept.conversation = value ?? this.kept.conversation;
        else turn.apply(type, value);
      }
    } catch (error) {
      this.#wentWrong(turn, error);
    } finally {
      this.#end(turn);
    }
  }

  #begin(turn) {
    this.running = new AbortController();
    document.body.dataset.state = "talk";
    notice.textContent = "";
    this.box.value = "";
    this.#count();
    this.#showButton("Stop");
    thread.append(turn.element);
    turn.element.scrollIntoView({ block: "start" });
    status.textContent = word("announce_begin");
  }

  #wentWrong(turn, error) {
    if (error instanceof Refused) turn.fail(error.message);
    else if (this.running.signal.aborted) turn.breakOff("stopped");
    else if (error instanceof Lost) turn.breakOff("lost");
    else {
      turn.fail(word("unexpected"));
      reportError(error);
    }
  }

  #end(turn) {
    const isWhole = turn.done && turn.done.finish !== "cut";
    const isStopped = this.running.signal.aborted;
    this.running = null;
    this.#showButton("Ask");
    status.textContent = isWhole ? word("announce_end", { count: turn.done.cited.length }) : word("announce_ended");
    if (!isWhole) this.#offerAgain(turn, isStopped);
    if (!turn.done && !turn.text && !isStopped) this.box.value ||= turn.asked.query;
    this.#count();
    if (!turn.text) return;
    const { asked, sources, text, done } = turn;
    this.kept.turns.push({ asked, sources, text, done, ended: isStopped ? "stopped" : "lost" });
    keep(this.kept);
  }

  #offerAgain(turn, isStopped) {
    const again = make("button.again", "Ask again");
    again.type = "button";
    again.addEventListener("click", () => {
      if (this.running) return;
      if (this.box.value === turn.asked.query) this.box.value = "";
      again.remove();
      this.ask(turn.asked);
    });
    turn.offer(again);
    if (!isStopped && turn.element.matches(".failed")) turn.element.querySelector(".remark").setAttribute("role", "alert");
  }

  #restore({ asked, sources, text, done, ended }) {
    const turn = new Turn(asked);
    document.body.dataset.state = "talk";
    thread.append(turn.element);
    turn.apply("sources", sources);
    turn.apply("token", text);
    if (done) turn.apply("done", done);
    else turn.breakOff(ended);
  }

  #submit(event) {
    event.preventDefault();
    const example = event.submitter?.name === "query" ? event.submitter : null;
    if (example) this.#choose(example.dataset.creator);
    const query = (example?.value ?? this.box.value).trim();
    if (this.running || !query || [...query].length > LONGEST) return this.box.focus();
    return this.ask({ query, creator: this.whom.value, weight: this.voice.weight() });
  }

  #stop(event) {
    if (!this.running) return;
    event.preventDefault();
    this.running.abort();
    this.box.focus();
  }

  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      this.box.focus();
    } else if (event.key === "Escape" && this.running) this.running.abort();
    else if (event.key === "Enter" && !event.shiftKey && event.target === this.box) {
      event.preventDefault();
      form.requestSubmit();
    }
  }

  #click(event) {
    const link = event.target.closest("a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.id === "new") this.#startAnew(event);
    else if (link.dataset.query && !this.running) this.#follow(event, link);
    else if ("creator" in link.dataset && document.body.dataset.state === "talk") this.#turnTo(event, link);
  }

  #startAnew(event) {
    event.preventDefault();
    this.running?.abort();
    forget();
    this.kept = { conversation: "", path: location.pathname, turns: [] };
    thread.replaceChildren();
    document.body.dataset.state = "first";
    this.box.focus();
  }

  #follow(event, link) {
    event.preventDefault();
    this.#choose(link.dataset.creator);
    this.ask({ query: link.dataset.query, creator: this.whom.value, weight: this.voice.weight() });
  }

  /** In the middle of a conversation a creator is chosen for the next question, without leaving the page. */
  #turnTo(event, link) {
    event.preventDefault();
    this.#choose(link.dataset.creator);
    status.textContent = word("asking", { creator: this.whom.selectedOptions[0].text });
    this.box.focus();
  }

  #choose(slug) {
    this.whom.value = slug;
    if (this.whom.selectedIndex < 0) this.whom.value = "";
    this.whom.dispatchEvent(new Event("change"));
  }

  #count() {
    const left = LONGEST - [...this.box.value.trim()].length;
    const count = document.getElementById("count");
    count.textContent = left < 0 ? word("over", { count: -left }) : left <= 200 ? word("left", { count: left }) : "";
    count.classList.toggle("wrong", left < 0);
  }

  #showButton(text) {
    this.button.firstElementChild.textContent = text;
    this.button.classList.toggle("stop", text === "Stop");
  }
}

if (form) new Page();
