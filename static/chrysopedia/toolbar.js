/** The toolbar under an answer (copy, ask again, edit, feedback), and the dialog that shares a conversation. */

import { call, tell } from "./api.js";
import { isDoubtful, showSecondLook } from "./article.js";
import { host } from "./host.js";
import { announce, copyOf, word } from "./messages.js";

/** Adds the toolbar to articles and handles its buttons. */
export class Toolbar {
  #feedback = new WeakMap();

  /**
   * @param {{onAgain: (question: object) => void, onEdit: (question: object) => void}} handlers called with the
   *   question of the article and its turn, which the new one replaces
   */
  constructor({ onAgain, onEdit }) {
    Object.assign(this, { onAgain, onEdit });
    document.getElementById("thread").addEventListener("click", ({ target }) => {
      const button = target.closest(".tools [data-do]");
      if (button) this.#do(button, button.closest("article"));
    });
  }

  /** @param {HTMLElement} article that has ended */
  give(article) {
    const tools = copyOf("tools");
    const isEmpty = !article.querySelector(".answer").textContent.trim();
    for (const tool of tools.querySelectorAll("[data-do=copy]")) tool.hidden = isEmpty;
    for (const thumb of tools.querySelectorAll(".thumb")) thumb.hidden = isEmpty || !host.keeps;
    const looks = "looks" in document.body.dataset && isDoubtful(article);
    for (const look of tools.querySelectorAll("[data-do=look]")) look.hidden = !looks;
    const { rating } = article.dataset;
    if (rating) tools.querySelector(`[data-do=${rating}]`)?.setAttribute("aria-pressed", "true");
    const after = article.querySelector(".after");
    after.insertBefore(tools, after.querySelector(".grounding, .remark, .differ"));
  }

  #do(button, article) {
    const what = button.dataset.do;
    if (what === "copy") this.#copy(button, article);
    else if (what === "again") this.onAgain(questionOf(article));
    else if (what === "edit") this.onEdit(questionOf(article));
    else if (what === "look") this.#look(button, article);
    else this.#rate(button.closest(".tools"), article, what);
  }

  async #look(button, article) {
    const said = button.parentElement.querySelector(".said");
    button.disabled = true;
    said.textContent = word("looking");
    try {
      const answer = await call(`/api/v1/chat/${article.dataset.turn}/receipts`, {});
      const { citations, note } = await answer.json();
      const count = showSecondLook(article, citations);
      said.textContent = count ? word("looked", { count }) : note || word("looked_at_none");
      button.hidden = true; // what a model has said, be it nothing of use, it is not asked again
    } catch (error) {
      said.textContent = error.message;
      button.disabled = false;
    }
    announce(said.textContent);
  }

  #rate(tools, article, which) {
    if (!this.#feedback.has(article)) this.#feedback.set(article, new Feedback(tools, article.dataset));
    this.#feedback.get(article).press(which);
  }

  async #copy(button, article) {
    const isCopied = await copyText(textOf(article));
    const said = word(isCopied ? "copied" : "not_copied");
    button.parentElement.querySelector(".said").textContent = said;
    announce(said);
  }
}

/** @param {HTMLElement} article @returns {object} what was asked there, and the turn */
function questionOf(article) {
  const { turn, creator, weight } = article.dataset;
  return { turn, query: article.querySelector("h2").textContent, creator: creator ?? "", weight: Number(weight) || 0 };
}

/** Feedback on an answer: a thumb up or down, and a form for the reason. */
class Feedback {
  #tools;
  #turn;
  #form = null;
  #rating;

  /** @param {HTMLElement} tools @param {{turn: string, rating?: string}} article */
  constructor(tools, { turn, rating = "" }) {
    [this.#tools, this.#turn, this.#rating] = [tools, turn, rating];
    this.#show(rating);
  }

  /** @param {"up" | "down"} which a second press takes back */
  press(which) {
    const rating = this.#rating === which ? "" : which;
    this.#form?.remove();
    this.#form = null;
    this.#show(rating);
    if (rating === "down") this.#ask();
    this.#send({ rating: rating || null, reason: "", comment: "" }, rating ? "thanks" : "taken_back");
  }

  #show(rating) {
    this.#rating = rating;
    for (const thumb of this.#tools.querySelectorAll(".thumb")) {
      thumb.setAttribute("aria-pressed", String(thumb.dataset.do === rating));
    }
  }

  #ask() {
    const form = (this.#form = copyOf("reasons"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { reason, comment } = form.elements;
      this.#close();
      this.#send({ rating: "down", reason: reason.value, comment: comment.value.trim() }, "thanks");
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.#close();
    });
    form.elements.cancel.addEventListener("click", () => this.#close());
    this.#tools.after(form);
    form.scrollIntoView({ block: "nearest" });
    form.querySelector("input").focus({ preventScroll: true });
  }

  #close() {
    this.#form.remove();
    this.#form = null;
    this.#tools.querySelector("[data-do=down]").focus();
  }

  async #send(feedback, thanks) {
    let said = word(thanks);
    try {
      await tell(`/api/v1/chat/${this.#turn}/feedback`, { method: "POST", body: feedback });
    } catch (error) {
      said = error.message;
      this.#show("");
    }
    this.#tools.querySelector(".said").textContent = said;
    announce(said);
  }
}

/* The clipboard: an answer as plain text with its sources, and the link of a share. */

const BREAKS = "p, li, h3, pre, blockquote, tr, table";

/** @param {HTMLElement} article @returns {string} the answer with its markers, then the sources by number */
function textOf(article) {
  const answer = article.querySelector(".answer").cloneNode(true);
  for (const extra of answer.querySelectorAll(".receipt, .unseen, .whence")) extra.remove();
  for (const link of answer.querySelectorAll(".mark > a")) link.textContent = `[${link.textContent}]`;
  for (const item of answer.querySelectorAll("li")) item.prepend("- ");
  for (const cell of answer.querySelectorAll(":is(th, td):not(:last-child)")) cell.append(" | ");
  for (const block of answer.querySelectorAll(BREAKS)) block.append(block.matches("li, tr") ? "\n" : "\n\n");
  const text = answer.textContent.replace(/\n{3,}/g, "\n\n").trim();
  const sources = [...article.querySelectorAll(".notes > ol > .note")].map(sourceOf);
  return sources.length ? `${text}\n\n${sources.join("\n")}\n` : `${text}\n`;
}

function sourceOf(note) {
  const [number, creator, title] = [".number", ".origin b", ".origin cite"].map(
    (part) => note.querySelector(part)?.textContent.trim() ?? "",
  );
  const places = [...note.querySelectorAll(".places")].map((one) => one.querySelector("a")?.href).filter(Boolean);
  return `[${number}] ${creator}, ${title}: ${[...new Set(places)].join(" ")}`;
}

/** @param {string} text @returns {Promise<boolean>} whether it is in the clipboard now */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** Without https there is no Clipboard API; copying a selection still works. */
function copySelected(text) {
  const [area, focused] = [document.createElement("textarea"), document.activeElement];
  area.value = text;
  area.className = "unseen";
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return isCopied;
}

/** The dialog with the public link to a conversation, which works until sharing is ended. */
export class ShareDialog {
  #dialog = document.getElementById("share");
  #form = this.#dialog.querySelector("form").elements;
  #path = "";

  constructor() {
    const { link, copy, end, close } = this.#form;
    copy.addEventListener("click", () => this.#tell(() => copyText(link.value), "copied"));
    end.addEventListener("click", () => this.#tell(() => this.#end(), "unshared"));
    close.addEventListener("click", () => this.#dialog.close());
  }

  /** Shows the link to a conversation, making it if there is none. @param {string} conversation its id */
  open(conversation) {
    this.#path = `/api/v1/conversations/${conversation}/share`;
    this.#show("");
    this.#dialog.showModal();
    return this.#tell(async () => {
      this.#show((await (await call(this.#path, { method: "POST" })).json()).url);
      this.#form.link.select();
      return copyText(this.#form.link.value);
    }, "shared");
  }

  async #end() {
    await tell(this.#path, { method: "DELETE" });
    this.#show("");
    this.#form.close.focus();
  }

  #show(url) {
    const { link, copy, end } = this.#form;
    link.value = url;
    end.hidden = copy.hidden = !url;
  }

  async #tell(act, key) {
    const said = this.#dialog.querySelector(".said");
    said.textContent = "";
    try {
      said.textContent = word((await act()) === false ? "not_copied" : key);
    } catch (error) {
      said.textContent = error.message;
    }
  }
}
