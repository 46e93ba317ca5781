/** The page: box, thread, tools, list and keys put together. All of it is an addition; without it the form still works. */

import { call } from "./api.js";
import { Box } from "./composer.js";
import { listenToKeys } from "./keys.js";
import { List } from "./list.js";
import { listenToSide } from "./sidebar.js";
import { surroundings } from "./host.js";
import { hearTabs, tellTabs } from "./tabs.js";
import { Thread } from "./thread.js";
import { Tools } from "./toolbar.js";
import { announce, word } from "./messages.js";

class Page {
  constructor() {
    this.box = new Box({ onAsk: (...asked) => this.#ask(...asked), onStop: () => this.thread.stop() });
    this.tools = new Tools({ onAgain: (question) => this.#again(question), onEdit: (question) => this.#edit(question) });
    this.thread = new Thread({
      onChange: (isRunning) => this.box.show(isRunning),
      onAccepted: () => this.#accepted(),
      onRefused: (error) => this.#refused(error),
      onShown: (article) => this.tools.give(article),
      onEnd: (article) => this.#ended(article),
    });
    this.#offerSharing();
    if (document.getElementById("past")) this.#list();
    listenToKeys({ onAsk: () => this.box.focus(), onEscape: () => this.#escape(), onSend: () => this.box.send() });
    hearTabs({ onNews: (news) => this.#heard(news), onReturn: () => this.#returned() });
    document.addEventListener("click", (event) => this.#click(event));
    addEventListener("popstate", () => this.#moved());
    addEventListener("online", () => this.box.backOnline());
    this.thread.begin();
    this.#showConversation();
  }

  #offerSharing() {
    const button = document.getElementById("share-button");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", async () => (await import("./sharing.js")).share(this.thread.conversation));
  }

  #list() {
    this.list = new List({
      current: () => this.thread.conversation,
      onDeleted: (id) => {
        tellTabs({ what: "deleted", conversation: id });
        if (!id || id === this.thread.conversation) location.assign("/");
      },
    });
  }

  async #ask(asked, replaces) {
    announce(word("announce_begin"));
    await this.thread.ask(asked, replaces);
  }

  #again({ turn, query, creator, weight }) {
    if (this.thread.isRunning) return;
    const name = creator ? this.box.nameOf(creator) : "";
    this.#ask({ query, creator, name, weight }, turn);
  }

  #edit(question) {
    if (!this.thread.isRunning) this.box.edit(question);
  }

  #accepted() {
    this.box.taken();
    this.#showConversation();
    this.#tell("began");
    this.list?.refresh();
  }

  async #refused(error) {
    announce("");
    if (!error) return;
    this.box.refuse(error.message, error.seconds);
    if (error.running) await this.thread.refresh().catch(() => {});
  }

  #ended(element) {
    const { finish } = element.dataset;
    const count = element.querySelectorAll(".notes > ol > .note").length;
    announce(finish === "complete" ? word("announce_end", { count }) : word("announce_ended"));
    this.#tell("ended");
    if (finish !== "error") return;
    element.querySelector(".said").textContent = word("enter");
    element.querySelector("[data-do=again]").focus({ focusVisible: true });
  }

  #tell(what) {
    tellTabs({ what, conversation: this.thread.conversation });
  }

  async #heard({ what, conversation }) {
    this.list?.refresh();
    if (what === "deleted" && (!conversation || conversation === this.thread.conversation)) {
      if (!surroundings.isFramed) location.assign("/");
    } else if (conversation === this.thread.conversation) await this.thread.refresh().catch(() => {});
  }

  /** The reader is back: has the conversation gone on elsewhere? */
  async #returned() {
    const { conversation, isRunning } = this.thread;
    if (!conversation || isRunning || !surroundings.keeps) return;
    const response = await call(`/api/v1/conversations/${conversation}`).catch(() => null);
    const known = await response?.json();
    if (!known || this.thread.isRunning) return;
    const turns = known.turns.map((turn) => turn.turn_id);
    if (known.running_turn_id || turns.join() !== this.thread.turns.join()) await this.thread.refresh().catch(() => {});
  }

  #escape() {
    if (this.box.isEditing) {
      this.box.endEdit();
      this.box.fill("");
    } else this.thread.stop();
  }

  async #moved() {
    const conversation = surroundings.addressed?.() ?? this.thread.conversation;
    if (conversation === this.thread.conversation) return;
    await this.thread.turnTo(conversation).catch(() => location.reload());
    this.#showConversation();
  }

  #click(event) {
    const link = event.target.closest("a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.dataset.query) {
      event.preventDefault();
      this.box.ask(link.dataset.query, link.dataset.creator);
    } else if ("creator" in link.dataset && document.body.dataset.state === "talk") {
      event.preventDefault();
      announce(word("asking", { creator: this.box.choose(link.dataset.creator) }));
      this.box.focus();
    } else if (link.id === "new" && surroundings.isFramed) {
      event.preventDefault();
      this.thread.forget();
      this.thread.turnTo("");
      this.box.focus();
    } else if (link.id === "new") this.thread.forget();
  }

  /** What belongs to a conversation, in the head of the page, once there is one. */
  #showConversation() {
    const { conversation } = this.thread;
    const own = document.getElementById("whole");
    if (!own) return;
    own.hidden = !conversation;
    own.querySelector("[download]").href = `/chat/${conversation}/export.md`;
  }
}

listenToSide();
if (document.getElementById("ask")) new Page();
