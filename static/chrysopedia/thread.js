/** The thread: sends one question at a time, shows the articles of the conversation, and picks up answers under way. */

import { Refused, ask, call, follow, tell, unreachable } from "./api.js";
import { host } from "./host.js";
import { ceiling, parsed, word } from "./messages.js";

const thread = document.getElementById("thread");
const whenIdle = globalThis.requestIdleCallback ?? setTimeout;

/** The code for articles is loaded when there is one, else when the page is idle. */
const loadTurn = () => import("./turn.js");

/**
 * @typedef {object} Handlers
 * @property {(isRunning: boolean) => void} onChange called when an answer begins or ends
 * @property {() => void} onAccepted called when the server has accepted the question
 * @property {(error: Error) => void} onRefused called with the reason when it has not
 * @property {(article: HTMLElement) => void} onEnd called when an answer has ended, for whatever reason
 * @property {(article: HTMLElement) => void} onShown called when a complete article is on the page
 */

/** Holds the articles on the page, and the answer that is being written, if any. */
export class Thread {
  #running = null;
  #kept = host.recall();
  #isAsking = false;
  #handlers;

  /** @param {Handlers} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
    whenIdle(() => loadTurn().catch(() => {}));
  }

  /** Hydrates the articles that came with the page, then resumes or restores what is missing. */
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
   * @param {string} [replaces] the turn that this one replaces, together with all after it
   */
  async ask(asked, replaces = "") {
    this.#isAsking = true;
    const written = await loadTurn().catch(() => null);
    this.#isAsking = false;
    if (!written) return this.#handlers.onRefused(unreachable());
    const leaving = this.#from(replaces);
    for (const article of leaving) article.hidden = true;
    const question = { query: asked.query, creator: asked.creator || null, personality_weight: asked.weight };
    if (this.conversation) question.conversation_id = this.conversation;
    if (replaces) question.replaces = replaces;
    return this.#run(written.Turn.asked(asked), (signal) => ask(question, signal), leaving);
  }

  /** Stops the answer that is being written; what has been said by then stays, with its sources. */
  async stop() {
    const running = this.#running;
    if (!running) return;
    if (!running.id) return running.controller.abort();
    await tell(`/api/v1/chat/${running.id}/stop`, { method: "POST" }).catch(() => {});
  }

  /** Loads the conversation again, in case it has changed in another tab or on another device. */
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

  /** Deletes what this browser has stored of the conversation. */
  forget() {
    this.#leave();
    host.forget();
    this.#kept = { conversation: "", turns: [] };
  }

  async #restore() {
    document.body.dataset.state = "talk";
    if (host.keeps) return this.refresh().catch((error) => this.#lost(error));
    const { Turn } = await loadTurn();
    for (const id of this.#kept.turns) {
      const turn = Turn.asked({ query: "", creator: "", name: "", weight: 0 });
      turn.element.dataset.turn = id;
      thread.append(turn.element);
      await this.#replay(turn, id);
    }
    if (!thread.children.length) document.body.dataset.state = "first";
  }

  /** Shows a turn that the database doesn't have by replaying its stream, which the server keeps for some minutes. */
  async #replay(turn, id) {
    await this.#run(turn, (signal) => follow(id, signal), [], { id, isReplayed: true });
    if (turn.isEmpty && !turn.element.dataset.finish) turn.element.remove();
  }

  #lost({ status }) {
    if (status === 404) this.forget();
    document.body.dataset.state = "first";
  }

  async #resume(id) {
    const { Turn } = await loadTurn();
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
    this.#handlers.onShown(turn.element);
    if (!isReplayed) this.#handlers.onEnd(turn.element);
  }

  #begin(turn) {
    document.body.dataset.state = "talk";
    if (!turn.element.isConnected) {
      thread.append(turn.element);
      turn.element.scrollIntoView({ block: "start" });
    }
    this.#handlers.onChange(true);
  }

  #accepted(running, { turn: id, conversation }, leaving) {
    const isNew = !this.conversation;
    for (const article of leaving) article.remove();
    running.id = running.turn.element.dataset.turn = id;
    this.#kept = { conversation: conversation ?? this.conversation, turns: host.keeps ? [] : this.turns };
    host.remember(this.#kept);
    this.#handlers.onAccepted(running.turn, isNew);
  }

  #failed(error, { id, turn, controller }, leaving) {
    const isLeft = controller.signal.aborted;
    if (!isLeft && !(error instanceof Refused)) reportError(error);
    if (id) return isLeft || turn.breakOff(error instanceof Refused ? error.message : word("unexpected"));
    for (const article of leaving) article.hidden = false;
    turn.element.remove();
    if (!thread.children.length) document.body.dataset.state = "first";
    this.#handlers.onRefused(isLeft ? null : error);
  }

  async #show(articles) {
    if (!articles.length) return;
    const { hydrate } = await loadTurn();
    for (const article of articles) {
      hydrate(article);
      this.#handlers.onShown(article);
    }
  }

  /** Closes the stream without stopping the answer on the server. */
  #leave() {
    this.#running?.controller.abort();
    if (this.#running) this.#rest();
  }

  #rest() {
    this.#running = null;
    this.#handlers.onChange(false);
  }

  #from(turn) {
    const articles = [...thread.children];
    const first = turn ? articles.findIndex((article) => article.dataset.turn === turn) : -1;
    return first < 0 ? [] : articles.slice(first);
  }
}

/**
 * Makes the thread hold the articles that the server has. Those that haven't changed, and the one being written, are
 * left alone.
 * @param {HTMLElement[]} articles as the server has them now
 * @param {string} running the turn that is being written here
 * @returns {HTMLElement[]} the complete articles that are new on the page
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

/** Keeps the end of a growing answer in view; it pauses when the reader scrolls up, until they return to the end. */
class Autoscroll {
  #isFollowing = true;
  #at = scrollY;
  #end = null;
  #painted = Infinity; // where the end was, from the top of the page, when the reader last saw it
  #stops = new AbortController();

  /** @param {() => HTMLElement} end the last line of the answer */
  constructor(end) {
    this.#end = end;
    addEventListener("scroll", () => this.#scrolled(), { passive: true, signal: this.#stops.signal });
  }

  /** Call this whenever the answer has grown. */
  grown() {
    requestAnimationFrame(() => (this.#painted = this.#end().getBoundingClientRect().bottom + scrollY));
    const over = this.#overflow();
    if (!this.#isFollowing || over <= 0) return;
    const above = this.#end().closest("article").getBoundingClientRect().top - ceiling();
    // Never scrolls the question out of view by itself: an answer that comes all at once is read from its beginning.
    const by = above < -1 ? over : Math.min(over, Math.max(0, above));
    this.#isFollowing = by === over;
    scrollBy({ top: by, behavior: "instant" });
    this.#at = scrollY;
  }

  stop() {
    this.#stops.abort();
  }

  #scrolled() {
    if (scrollY < this.#at - 1) this.#isFollowing = false;
    // What has come since the last frame is nothing that the reader could have scrolled to.
    else if (this.#overflow() <= 0 || floor() + scrollY >= this.#painted) this.#isFollowing = true;
    this.#at = scrollY;
  }

  /** Pixels by which the end lies below the visible part of the page, which ends where the composer begins. */
  #overflow() {
    return this.#end().getBoundingClientRect().bottom + ROOM - floor();
  }
}

/** Where the visible part of the page ends, from the top of the window. */
function floor() {
  return document.getElementById("ask").getBoundingClientRect().top;
}
