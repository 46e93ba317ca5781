/** What a reader thinks of an answer: a thumb up or down, and why. */

import { call } from "./api.js";
import { announce, copyOf, word } from "./messages.js";

/** The two thumbs of an article and the form for a reason. */
export class Opinion {
  #tools;
  #turn;
  #form = null;
  #rating;

  /** @param {HTMLElement} tools @param {{turn: string, rating?: string}} article */
  constructor(tools, { turn, rating = "" }) {
    [this.#tools, this.#turn, this.#rating] = [tools, turn, rating];
    this.#show(rating);
  }

  /** @param {"up" | "down"} which thumb; a second press takes it back */
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

  async #send(opinion, thanks) {
    let said = word(thanks);
    try {
      await call(`/api/v1/chat/${this.#turn}/feedback`, { method: "POST", body: opinion });
    } catch (error) {
      said = error.message;
      this.#show("");
    }
    this.#tools.querySelector(".said").textContent = said;
    announce(said);
  }
}
