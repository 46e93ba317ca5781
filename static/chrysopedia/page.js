/** The page: the question box, the keys and the links. All of it is an addition; without it the form still works. */

import { Conversation } from "./conversation.js";
import { voiceOf } from "./voice.js";
import { word } from "./words.js";

const LONGEST = 1000;
const COUNTED_FROM = 800;
const form = document.getElementById("ask");
const box = document.getElementById("query");

class Page {
  constructor() {
    this.whom = form.elements.creator;
    this.voice = voiceOf(form);
    this.button = form.querySelector(".send");
    this.conversation = new Conversation({
      id: form.elements.conversation_id.value,
      onChange: (isRunning) => this.#changed(isRunning),
      onUnasked: (query) => this.#fill(box.value || query),
      onAgain: (query) => this.#fill(box.value.trim() === query ? "" : box.value),
    });
    form.addEventListener("submit", (event) => this.#submit(event));
    this.button.addEventListener("click", (event) => this.#stop(event));
    this.whom.addEventListener("change", () => this.#showWhom());
    box.addEventListener("input", () => this.#count());
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("click", (event) => this.#click(event));
    this.#count();
  }

  #ask(query) {
    const creator = this.whom.value;
    const name = creator ? this.whom.selectedOptions[0].text : "";
    document.getElementById("notice").textContent = "";
    this.#fill("");
    this.conversation.ask({ query, creator, name, weight: this.voice.weight() });
  }

  #submit(event) {
    event.preventDefault();
    let query = box.value.trim();
    if (event.submitter?.name === "example") {
      this.#choose(event.submitter.value.split(" ", 1)[0]);
      query = event.submitter.textContent;
    }
    if (this.conversation.isRunning || !query || [...query].length > LONGEST) box.focus();
    else this.#ask(query);
  }

  #stop(event) {
    if (!this.conversation.isRunning) return;
    event.preventDefault();
    this.conversation.stop();
    box.focus();
  }

  #changed(isRunning) {
    this.button.firstElementChild.textContent = isRunning ? "Stop" : "Ask";
    this.button.classList.toggle("stop", isRunning);
  }

  #fill(text) {
    box.value = text;
    this.#count();
  }

  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.closest("input, textarea, select");
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      box.focus();
    } else if (event.key === "Escape") this.conversation.stop();
    else if (event.key === "Enter" && !event.shiftKey && event.target === box) {
      event.preventDefault();
      form.requestSubmit();
    }
  }

  #click(event) {
    const link = event.target.closest("a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const isTalking = document.body.dataset.state === "talk";
    if (link.id === "new") {
      event.preventDefault();
      this.conversation.clear();
      box.focus();
    } else if (link.dataset.query && !this.conversation.isRunning) {
      event.preventDefault();
      this.#choose(link.dataset.creator);
      this.#ask(link.dataset.query);
    } else if ("creator" in link.dataset && isTalking) this.#turnTo(event, link);
  }

  /** In the middle of a conversation a creator is chosen for the next question, without leaving the page. */
  #turnTo(event, link) {
    event.preventDefault();
    this.#choose(link.dataset.creator);
    document.getElementById("status").textContent = word("asking", { creator: this.whom.selectedOptions[0].text });
    box.focus();
  }

  #choose(slug) {
    this.whom.value = slug;
    if (this.whom.selectedIndex < 0) this.whom.value = "";
    this.whom.dispatchEvent(new Event("change"));
  }

  #showWhom() {
    for (const link of document.querySelectorAll(".people a")) {
      if (link.dataset.creator === this.whom.value) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  #count() {
    const length = [...box.value.trim()].length;
    const count = document.getElementById("count");
    const near = length >= COUNTED_FROM ? word("left", { count: LONGEST - length }) : "";
    count.textContent = length > LONGEST ? word("over", { count: length - LONGEST }) : near;
    count.classList.toggle("wrong", length > LONGEST);
  }
}

if (form) new Page();
