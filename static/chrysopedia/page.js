/** A page with a question box: connects composer, thread, toolbar, sidebar and keys. The form works without it. */

import { call, tell } from "./api.js";
import { Composer } from "./composer.js";
import { host } from "./host.js";
import { announce, parsed, word } from "./messages.js";
import { Conversations, listenToSidebar } from "./sidebar.js";
import { Thread } from "./thread.js";
import { ShareDialog, Toolbar } from "./toolbar.js";

const OFFERED = 3; // questions to go on with

/** Has the server count that a source was opened, or played here: which work, and not by whom. */
function tellOpened({ target, button }) {
  if (button === 2) return; // the right one opens a menu
  const places = target.closest(".places a, .play-here:not([aria-expanded=false])")?.closest(".places");
  const turn = target.closest(".turn")?.dataset.turn;
  const [, work] = /\/w\/([^/?#]+)/.exec(places?.querySelector("[href*='/w/']")?.pathname) ?? [];
  if (!turn || !work) return;
  const body = { work: decodeURIComponent(work) };
  tell(`/api/v1/chat/${turn}/opened`, { method: "POST", body, keepalive: true }).catch(() => {});
}

class Page {
  constructor() {
    this.composer = new Composer({ onAsk: (...asked) => this.#ask(...asked), onStop: () => this.thread.stop() });
    this.toolbar = new Toolbar({
      onAgain: (question) => this.#again(question),
      onEdit: (question) => this.#edit(question),
    });
    this.thread = new Thread({
      onChange: (isRunning) => this.composer.show(isRunning),
      onAccepted: () => this.#accepted(),
      onRefused: (error) => this.#refused(error),
      onShown: (article) => this.toolbar.give(article),
      onEnd: (article) => this.#ended(article),
    });
    this.#offerSharing();
    if (document.getElementById("past")) this.#listConversations();
    listenToKeys({
      onAsk: () => this.composer.focus(),
      onEscape: () => this.#escape(),
      onSend: () => this.composer.send(),
    });
    hearTabs({ onNews: (news) => this.#heard(news), onReturn: () => this.#returned() });
    document.addEventListener("click", (event) => this.#click(event));
    for (const kind of ["click", "auxclick"]) document.addEventListener(kind, tellOpened);
    addEventListener("popstate", () => this.#moved());
    addEventListener("online", () => this.composer.backOnline());
    this.thread.begin();
    this.#showConversation();
  }

  #offerSharing() {
    const button = document.getElementById("share-button");
    if (!button) return;
    button.hidden = false;
    const dialog = new ShareDialog();
    button.addEventListener("click", () => dialog.open(this.thread.conversation));
  }

  #listConversations() {
    this.conversations = new Conversations({
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
    const name = creator ? this.composer.nameOf(creator) : "";
    this.#ask({ query, creator, name, weight }, turn);
  }

  #edit(question) {
    if (!this.thread.isRunning) this.composer.edit(question);
  }

  #accepted() {
    this.composer.accepted();
    this.#showConversation();
    this.#tell("began");
    this.conversations?.refresh();
  }

  async #refused(error) {
    announce("");
    if (!error) return;
    this.composer.refuse(error.message, error.seconds);
    if (error.running) await this.thread.refresh().catch(() => {});
  }

  #ended(element) {
    const { finish, coverage } = element.dataset;
    const count = element.querySelectorAll(".notes > ol > .note").length;
    const end = { partly: "announce_partly", none: "announce_none" }[coverage] ?? "announce_end";
    announce(finish === "complete" ? word(end, { count }) : word("announce_ended"));
    this.#tell("ended");
    if (finish !== "error") return this.#offerNext(element);
    element.querySelector(".said").textContent = word("enter");
    element.querySelector("[data-do=again]").focus({ focusVisible: true });
  }

  /** Shows questions to go on with, under an answer that has ended. */
  async #offerNext(article) {
    const { creator = "", works = "" } = article.dataset;
    const wanted = new URLSearchParams([["creator", creator], ...works.split(" ").map((work) => ["work", work])]);
    const response = await call(`/chat/next?${wanted}`, { accept: "text/html" }).catch(() => null);
    const offered = parsed((await response?.text()) ?? "").querySelector(".next");
    const asked = new Set([...document.querySelectorAll("#thread h2")].map((one) => one.textContent));
    for (const item of offered?.querySelectorAll("li") ?? []) if (asked.has(item.textContent.trim())) item.remove();
    const items = offered?.querySelectorAll("li") ?? [];
    for (const item of [...items].slice(OFFERED)) item.remove();
    if (items.length && article.isConnected && !article.querySelector(".next")) article.append(offered);
  }

  #tell(what) {
    tellTabs({ what, conversation: this.thread.conversation });
  }

  async #heard({ what, conversation }) {
    this.conversations?.refresh();
    if (what === "deleted" && (!conversation || conversation === this.thread.conversation)) {
      if (!host.isFramed) location.assign("/");
    } else if (conversation === this.thread.conversation) await this.thread.refresh().catch(() => {});
  }

  /** The reader has come back to this tab: reload the conversation if it has changed elsewhere. */
  async #returned() {
    const { conversation, isRunning } = this.thread;
    if (!conversation || isRunning || !host.keeps) return;
    const response = await call(`/api/v1/conversations/${conversation}`).catch(() => null);
    const known = await response?.json();
    if (!known || this.thread.isRunning) return;
    const turns = known.turns.map((turn) => turn.turn_id);
    if (known.running_turn_id || turns.join() !== this.thread.turns.join()) await this.thread.refresh().catch(() => {});
  }

  #escape() {
    if (this.composer.isEditing) {
      this.composer.endEdit();
      this.composer.fill("");
    } else this.thread.stop();
  }

  async #moved() {
    const conversation = host.addressed?.() ?? this.thread.conversation;
    if (conversation === this.thread.conversation) return;
    await this.thread.turnTo(conversation).catch(() => location.reload());
    this.#showConversation();
  }

  #click(event) {
    const link = event.target.closest("a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.dataset.query) {
      event.preventDefault();
      this.composer.ask(link.dataset.query, link.dataset.creator);
    } else if ("creator" in link.dataset && document.body.dataset.state === "talk") {
      event.preventDefault();
      announce(word("asking", { creator: this.composer.choose(link.dataset.creator) }));
      this.composer.focus();
    } else if (link.id === "new" && host.isFramed) {
      event.preventDefault();
      this.thread.forget();
      this.thread.turnTo("");
      this.composer.focus();
    } else if (link.id === "new") this.thread.forget();
  }

  /** Shows the links to share and export in the head of the page once there is a conversation. */
  #showConversation() {
    const { conversation } = this.thread;
    const own = document.getElementById("whole");
    if (!own) return;
    own.hidden = !conversation;
    own.querySelector("[download]").href = `/chat/${conversation}/export.md`;
  }
}

/* Keys: / to ask, Enter to send, Esc to leave or stop. */

const OWN = "input, textarea, select, summary, audio, video, iframe, [contenteditable]";

/** @param {{onAsk: () => void, onEscape: () => void, onSend: () => void}} acts */
function listenToKeys({ onAsk, onEscape, onSend }) {
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    // 229 is the keyCode of every key while an input method composes text.
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "Escape") return onEscape();
    const sends = key === "Enter" && !event.shiftKey && target.id === "query";
    if (!sends && (key !== "/" || target.closest(OWN))) return;
    event.preventDefault();
    if (sends) onSend();
    else onAsk();
  });
}

/* Other tabs of this browser hear what begins, ends or is deleted in this one. */

/** @typedef {{what: "began" | "ended" | "deleted", conversation: string}} News */

const channel = globalThis.BroadcastChannel ? new BroadcastChannel("chrysopedia") : null;

/** @param {News} news */
function tellTabs(news) {
  channel?.postMessage(news);
}

/**
 * Listens for news from other tabs, and for the reader's return to this one.
 * @param {{onNews: (news: News) => void, onReturn: () => void}} handlers
 */
function hearTabs({ onNews, onReturn }) {
  channel?.addEventListener("message", ({ data }) => onNews(data));
  document.addEventListener("visibilitychange", () => document.hidden || onReturn());
  addEventListener("pageshow", ({ persisted }) => persisted && onReturn());
  addEventListener("online", onReturn);
}

listenToSidebar();
if (document.getElementById("ask")) new Page();
