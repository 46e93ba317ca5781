/** The thread of a conversation: questions go out one at a time, articles come in, and nothing that came is lost. */

import { Refused, call, unreachable } from "./api.js";
import { host } from "./host.js";
import { ask, follow } from "./sse.js";
import { parsed, word } from "./messages.js";

const thread = document.getElementById("thread");
const whenIdle = globalThis.requestIdleCallback ?? setTimeout;

/** What writes and enlivens articles is fetched once there is one, else when the page has nothing better to do. */
const writing = () => import("./turn.js");

/**
 * @typedef {object} Hears
 * @property {(isRunning: boolean) => void} onChange an answer has begun or ended
 * @property {() => void} onAccepted the server has taken the question
 * @property {(error: Error) => void} onRefused it has not, and why
 * @property {(article: HTMLElement) => void} onEnd an answer has ended, one way or another
 * @property {(article: HTMLElement) => void} onShown an article that is complete is on the page
 */

/** Keeps the articles and the one answer that is being written. */
export class Thread {
  #running = null;
  #kept = host.recall();
  #isAsking = false;
  #hears;

  /** @param {Hears} hears */
  constructor(hears) {
    this.#hears = hears;
    whenIdle(() => writing().catch(() => {}));
  }

  /** Brings what the server wrote to life, and takes up what is missing. */
  async begin() {
    const { running } = thread.dataset;
    await this.#show([...thread.children].filter((article) => article.dataset.turn !== running));
    if (running) await this.#resume(running);
    else if (this.conversation && !thread.children.length) await this.#restore();
  }

  /** @returns {string} its id, "" before the first question */
  get conversation() {
    return this.#kept.conversation;
  }

  /** @returns {boolean} whether an answer is being written */
  get isRunning() {
    return this.#running !== null || this.#isAsking;
  }

  /** @returns {string} the turn that is being answered here, "" for none */
  get running() {
    return this.#running?.id ?? "";
  }

  /** @returns {string[]} the turns on the page, the oldest first */
  get turns() {
    return [...thread.children].map((article) => article.dataset.turn).filter(Boolean);
  }

  /**
   * @param {import("./turn.js").Asked} asked
   * @param {string} [replaces] the turn that this one takes the place of, with all after it
   */
  async ask(asked, replaces = "") {
    this.#isAsking = true;
    const written = await writing().catch(() => null);
    this.#isAsking = false;
    if (!written) return this.#hears.onRefused(unreachable());
    const leaving = this.#from(replaces);
    for (const article of leaving) article.hidden = true;
    const question = { query: asked.query, creator: asked.creator || null, personality_weight: asked.weight };
    if (this.conversation) question.conversation_id = this.conversation;
    if (replaces) question.replaces = replaces;
    return this.#run(written.Turn.asked(asked), (signal) => ask(question, signal), leaving);
  }

  /** Stops the answer that is being written; what the server has said by then, and its sources, stay. */
  async stop() {
    const running = this.#running;
    if (!running) return;
    if (!running.id) return running.controller.abort();
    await call(`/api/v1/chat/${running.id}/stop`, { method: "POST" }).catch(() => {});
  }

  /** Shows what the conversation has become elsewhere. */
  async refresh() {
    const shown = this.#running;
    const response = await call(`/chat/${this.conversation}`, { accept: "text/html", headers: { "X-Fragment": "thread" } });
    const fresh = parsed(await response.text()).firstElementChild;
    if (this.#running !== shown || (shown && !shown.id)) return;
    const { running } = fresh.dataset;
    if (shown && shown.id !== running) this.#leave();
    this.#show(reconcile([...fresh.querySelectorAll("article")], this.running));
    if (running && this.running !== running) this.#resume(running);
  }

  /** Goes to another conversation. @param {string} conversation its id, "" for a new one */
  async turnTo(conversation) {
    this.#leave();
    this.#kept = { conversation, turns: [] };
    thread.replaceChildren();
    document.body.dataset.state = conversation ? "talk" : "first";
    if (conversation) await this.refresh();
  }

  /** Forgets what was kept of it here. */
  forget() {
    this.#leave();
    host.forget();
    this.#kept = { conversation: "", turns: [] };
  }

  async #restore() {
    document.body.dataset.state = "talk";
    if (host.keeps) return this.refresh().catch((error) => this.#lost(error));
    const { Turn } = await writing();
    for (const id of this.#kept.turns) {
      const turn = Turn.asked({ query: "", creator: "", name: "", weight: 0 });
      turn.element.dataset.turn = id;
      thread.append(turn.element);
      await this.#replay(turn, id);
    }
    if (!thread.children.length) document.body.dataset.state = "first";
  }

  /** A turn that is not kept in the database is replayed from its log, while there is one. */
  async #replay(turn, id) {
    await this.#run(turn, (signal) => follow(id, signal), [], { id, isReplayed: true });
    if (turn.isEmpty && !turn.element.dataset.finish) turn.element.remove();
  }

  #lost({ status }) {
    if (status === 404) this.forget();
    document.body.dataset.state = "first";
  }

  async #resume(id) {
    const { Turn } = await writing();
    const article = [...thread.children].find((one) => one.dataset.turn === id);
    if (article && !this.#running) return this.#run(new Turn(article), (signal) => follow(id, signal), [], { id });
  }

  async #run(turn, events, leaving, { id = "", isReplayed = false } = {}) {
    const running = (this.#running = { id, turn, controller: new AbortController() });
    const autoscroll = new Autoscroll(() => (turn.isEnded ? turn.element.querySelector(".answer") : turn.end));
    this.#begin(turn);
    let failure = null;
    try {
      for await (const { type, value } of events(running.controller.signal)) {
        if (type === "accepted") this.#accepted(running, value, leaving);
        else turn.apply(type, value);
        autoscroll.grown();
      }
    } catch (error) {
      failure = error;
    }
    autoscroll.stop();
    const isHere = this.#running === running;
    if (isHere) this.#rest();
    if (failure) this.#failed(failure, running, leaving);
    if (!isHere || !turn.isEnded || !turn.element.isConnected) return;
    this.#hears.onShown(turn.element);
    if (!isReplayed) this.#hears.onEnd(turn.element);
  }

  #begin(turn) {
    document.body.dataset.state = "talk";
    if (!turn.element.isConnected) {
      thread.append(turn.element);
      turn.element.scrollIntoView({ block: "start" });
    }
    this.#hears.onChange(true);
  }

  #accepted(running, { turn: id, conversation }, leaving) {
    const isNew = !this.conversation;
    for (const article of leaving) article.remove();
    running.id = running.turn.element.dataset.turn = id;
    this.#kept = { conversation: conversation ?? this.conversation, turns: host.keeps ? [] : this.turns };
    host.remember(this.#kept);
    this.#hears.onAccepted(running.turn, isNew);
  }

  #failed(error, { id, turn, controller }, leaving) {
    const isLeft = controller.signal.aborted;
    if (!isLeft && !(error instanceof Refused)) reportError(error);
    if (id) return isLeft || turn.breakOff(error instanceof Refused ? error.message : word("unexpected"));
    for (const article of leaving) article.hidden = false;
    turn.element.remove();
    if (!thread.children.length) document.body.dataset.state = "first";
    this.#hears.onRefused(isLeft ? null : error);
  }

  async #show(articles) {
    if (!articles.length) return;
    const { hydrate } = await writing();
    for (const article of articles) {
      hydrate(article);
      this.#hears.onShown(article);
    }
  }

  /** Lets go of the stream, without stopping the answer. */
  #leave() {
    this.#running?.controller.abort();
    if (this.#running) this.#rest();
  }

  #rest() {
    this.#running = null;
    this.#hears.onChange(false);
  }

  #from(turn) {
    const articles = [...thread.children];
    const first = turn ? articles.findIndex((article) => article.dataset.turn === turn) : -1;
    return first < 0 ? [] : articles.slice(first);
  }
}

/**
 * Makes the thread hold the articles that the server has, without touching those that are as they were, nor the one
 * that is being written.
 * @param {HTMLElement[]} articles as the server has them now
 * @param {string} running the turn that is being written here
 * @returns {HTMLElement[]} those that are new on the page and complete
 */
function reconcile(articles, running) {
  const shown = [...thread.children];
  const order = articles.map((fresh) => {
    const here = shown.find(({ dataset }) => dataset.turn === fresh.dataset.turn);
    const isSame = here && (here.dataset.finish === fresh.dataset.finish || here.dataset.turn === running);
    return isSame ? here : fresh;
  });
  if (order.length === shown.length && order.every((one, index) => one === shown[index])) return [];
  thread.replaceChildren(...order);
  return order.filter((article) => !shown.includes(article) && article.dataset.finish);
}

const ROOM = 24; // pixels kept free below the end of an answer

/** Keeps the growing end of an answer in sight; a reader who scrolls up is left alone until they are back at the end. */
class Autoscroll {
  #isWith = true;
  #at = scrollY;
  #end = null;
  #stops = new AbortController();

  /** @param {() => HTMLElement} end the last line of the answer */
  constructor(end) {
    this.#end = end;
    addEventListener("scroll", () => this.#scrolled(), { passive: true, signal: this.#stops.signal });
  }

  /** To be called when something was added. */
  grown() {
    const over = this.#over();
    if (!this.#isWith || over <= 0) return;
    const above = this.#end().closest("article").getBoundingClientRect().top;
    // The question stays in sight until the reader goes on from it: what comes at once is read from its beginning.
    const by = above < -1 ? over : Math.min(over, Math.max(0, above));
    this.#isWith = by === over;
    scrollBy({ top: by, behavior: "instant" });
    this.#at = scrollY;
  }

  stop() {
    this.#stops.abort();
  }

  #scrolled() {
    if (scrollY < this.#at - 1) this.#isWith = false;
    else if (this.#over() <= 0) this.#isWith = true;
    this.#at = scrollY;
  }

  /** How far the end stands below what can be seen: the question box covers the rest. */
  #over() {
    const floor = document.getElementById("ask").getBoundingClientRect().top;
    return this.#end().getBoundingClientRect().bottom + ROOM - floor;
  }
}
