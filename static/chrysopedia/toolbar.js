/** The tools of an answer: copy it with its sources, ask again, edit the question, and say whether it was good. */

import { surroundings } from "./host.js";
import { announce, copyOf, word } from "./messages.js";

/** Puts the tools under articles and does what they say. */
export class Tools {
  #opinions = new WeakMap();

  /**
   * @param {{onAgain: (question: object) => void, onEdit: (question: object) => void}} hears who get the question of an
   *   article and the turn that it takes the place of
   */
  constructor({ onAgain, onEdit }) {
    Object.assign(this, { onAgain, onEdit });
    document.getElementById("thread").addEventListener("click", ({ target }) => {
      const button = target.closest(".tools > [data-do]");
      if (button) this.#do(button, button.closest("article"));
    });
  }

  /** @param {HTMLElement} article that has ended */
  give(article) {
    const tools = copyOf("tools");
    const isEmpty = !article.querySelector(".answer").textContent.trim();
    for (const tool of tools.querySelectorAll("[data-do=copy]")) tool.hidden = isEmpty;
    for (const thumb of tools.querySelectorAll(".thumb")) thumb.hidden = isEmpty || !surroundings.keeps;
    const { rating } = article.dataset;
    if (rating) tools.querySelector(`[data-do=${rating}]`)?.setAttribute("aria-pressed", "true");
    article.querySelector(".after").append(tools);
  }

  #do(button, article) {
    const what = button.dataset.do;
    if (what === "copy") this.#copy(button, article);
    else if (what === "again") this.onAgain(questionOf(article));
    else if (what === "edit") this.onEdit(questionOf(article));
    else this.#rate(button.parentElement, article, what);
  }

  async #rate(tools, article, which) {
    const { Opinion } = await import("./opinion.js");
    if (!this.#opinions.has(article)) this.#opinions.set(article, new Opinion(tools, article.dataset));
    this.#opinions.get(article).press(which);
  }

  async #copy(button, article) {
    const { copyText, textOf } = await import("./copying.js");
    const isCopied = await copyText(textOf(article));
    const said = word(isCopied ? "copied" : "not_copied");
    button.parentElement.querySelector(".said").textContent = said;
    announce(said);
  }
}

/** @param {HTMLElement} article @returns {object} what was asked there, and the turn */
export function questionOf(article) {
  const { turn, creator, weight } = article.dataset;
  return { turn, query: article.querySelector("h2").textContent, creator: creator ?? "", weight: Number(weight) || 0 };
}
