/** The tools of an answer: copy it with its sources, ask again, edit the question, and say whether it was good. */

import { copyText, textOf } from "./copying.js";
import { Opinion } from "./opinion.js";
import { surroundings } from "./surroundings.js";
import { announce, copyOf, word } from "./words.js";

/** Puts the tools under articles and does what they say. */
export class Tools {
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
    if (!surroundings.keeps) for (const thumb of tools.querySelectorAll(".thumb")) thumb.remove();
    article.querySelector(".after").append(tools);
    article.opinion = new Opinion(tools, article.dataset);
  }

  #do(button, article) {
    const what = button.dataset.do;
    if (what === "copy") this.#copy(button, article);
    else if (what === "again") this.onAgain(questionOf(article));
    else if (what === "edit") this.onEdit(questionOf(article));
    else article.opinion.press(what);
  }

  async #copy(button, article) {
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
