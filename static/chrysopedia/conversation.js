/** A conversation: questions go out one at a time, articles come in, and nothing that came is lost. */

import { forget, keep, recall } from "./memory.js";
import { Lost, Refused, ask, stop } from "./talk.js";
import { Turn } from "./turn.js";
import { make, word } from "./words.js";

const thread = document.getElementById("thread");
const status = document.getElementById("status");

/** Keeps the thread of articles; ``onChange`` hears when an answer begins and when it has ended. */
export class Conversation {
  #running = null;
  #kept = recall();

  /**
   * @param {{id: string, onChange: (isRunning: boolean) => void, onUnasked: (query: string) => void,
   *   onAgain: (query: string) => void}} options ``id`` goes on with a conversation that the server began;
   *   ``onUnasked`` gets a question that nobody took, ``onAgain`` one that is asked once more
   */
  constructor({ id, onChange, onUnasked, onAgain }) {
    Object.assign(this, { onChange, onUnasked, onAgain });
    if (thread.children.length) this.#kept = { conversation: id, path: location.pathname, turns: [] };
    for (const kept of this.#kept.turns) this.#restore(kept);
  }

  /** @returns {boolean} whether an answer is being written */
  get isRunning() {
    return this.#running !== null;
  }

  /** Stops the answer that is being written; what the server has said by then, and its sources, stay. */
  async stop() {
    const running = this.#running;
    if (running && !(running.turn && (await stop(running.turn)))) running.abort();
  }

  /** Begins a new conversation on an empty page. */
  clear() {
    this.stop();
    forget();
    this.#kept = { conversation: "", path: location.pathname, turns: [] };
    thread.replaceChildren();
    document.body.dataset.state = "first";
  }

  /** @param {import("./turn.js").Asked} asked */
  async ask(asked) {
    const turn = new Turn(asked);
    const running = (this.#running = new AbortController());
    this.#show(turn);
    try {
      const { query, creator, weight } = asked;
      const question = { query, creator, weight, conversation: this.#kept.conversation };
      for await (const { type, value } of ask(question, running.signal)) {
        if (type === "accepted") {
          this.#kept.conversation = value.conversation ?? this.#kept.conversation;
          running.turn = value.turn;
        } else turn.apply(type, value);
      }
    } catch (error) {
      explain(error, turn, running.signal.aborted);
    }
    this.#running = null;
    if (turn.element.isConnected) this.#end(turn, running.signal.aborted);
    this.onChange(false);
  }

  #show(turn) {
    thread.querySelector(".failed")?.remove();
    document.body.dataset.state = "talk";
    thread.append(turn.element);
    turn.element.scrollIntoView({ block: "start" });
    status.textContent = word("announce_begin");
    this.onChange(true);
  }

  #end(turn, isStopped) {
    const { asked, sources, text, done } = turn;
    const isWhole = done && !["cut", "stopped"].includes(done.finish);
    status.textContent = isWhole ? word("announce_end", { count: done.cited.length }) : word("announce_ended");
    if (!isWhole) this.#offerAgain(turn);
    if (!done && !text && !isStopped) this.onUnasked(asked.query);
    if (!text) return;
    this.#kept.turns.push({ asked, sources, text, done, ended: isStopped ? "stopped" : "lost" });
    keep(this.#kept);
  }

  #offerAgain(turn) {
    const again = make("button.again", "Ask again");
    again.type = "button";
    again.addEventListener("click", () => {
      if (this.isRunning) return;
      again.remove();
      this.onAgain(turn.asked.query);
      this.ask(turn.asked);
    });
    turn.offer(again);
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
}

function explain(error, turn, isStopped) {
  if (error instanceof Refused) turn.fail(error.message);
  else if (isStopped) turn.breakOff("stopped");
  else if (error instanceof Lost) turn.breakOff("lost");
  else {
    turn.fail(word("unexpected"));
    reportError(error);
  }
}
