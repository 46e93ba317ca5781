/** The composer: the question being typed, whom it is for, the voice, and notices about why it can't be sent. */

import { host } from "./host.js";
import { word } from "./messages.js";

const COUNTED_FROM = 0.8; // of the characters that a question may have
const part = (id) => document.getElementById(id);

/** The form. A question stays in it until the server has accepted it. */
export class Composer {
  #form = part("ask");
  #text = part("query");
  #most = Number(this.#text.dataset.most);
  #button = part("ask").querySelector(".send");
  #voice = voiceOf(this.#form);
  #replaces = "";
  #timer = 0;

  /** @param {{onAsk: (asked: import("./turn.js").Asked, replaces: string) => void, onStop: () => void}} handlers */
  constructor({ onAsk, onStop }) {
    Object.assign(this, { onAsk, onStop, isRunning: false });
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#button.addEventListener("click", (event) => this.#stop(event));
    this.#text.addEventListener("input", () => this.#typed());
    this.#form.elements.creator.addEventListener("change", () => this.#showWhom());
    if (!this.#text.value) this.fill(host.draft());
    this.#typed();
  }

  /** @returns {boolean} whether an earlier question is being edited */
  get isEditing() {
    return this.#replaces !== "";
  }

  focus() {
    this.#text.focus();
    this.#text.setSelectionRange(this.#text.value.length, this.#text.value.length);
  }

  /** @param {string} text */
  fill(text) {
    this.#text.value = text;
    this.#typed();
  }

  /** @param {string} slug of a creator, "" for everyone */
  choose(slug) {
    const { creator } = this.#form.elements;
    creator.value = slug;
    if (creator.selectedIndex < 0) creator.value = "";
    creator.dispatchEvent(new Event("change"));
    return creator.selectedOptions[0].text;
  }

  /** Puts a question into the box and sends it. @param {string} query @param {string} creator slug */
  ask(query, creator) {
    if (this.isRunning) return;
    this.choose(creator);
    this.fill(query);
    this.#send();
  }

  /** Sends what is in the box. */
  send() {
    this.#form.requestSubmit();
  }

  /** @param {string} slug @returns {string} the name of a creator */
  nameOf(slug) {
    return [...this.#form.elements.creator.options].find(({ value }) => value === slug)?.text ?? slug;
  }

  /** Replaces the notice that the reader is offline. */
  backOnline() {
    if (part("notice").textContent === word("offline")) this.refuse(word("online"));
  }

  /** @param {{turn: string, query: string, creator: string, weight: number}} question to change, and its turn */
  edit({ turn, query, creator, weight }) {
    this.#replaces = turn;
    this.choose(creator);
    this.#voice.set(weight);
    this.fill(query);
    part("editing").hidden = false;
    this.focus();
  }

  /** Ends the editing of an earlier question, which stays as it was. */
  endEdit() {
    this.#replaces = "";
    part("editing").hidden = true;
  }

  /** @param {boolean} isRunning whether an answer is being written */
  show(isRunning) {
    this.isRunning = isRunning;
    this.#text.readOnly = isRunning && this.#text.value !== "";
    this.#button.firstElementChild.textContent = word(isRunning ? "stop" : "ask");
    this.#button.classList.toggle("stop", isRunning);
  }

  /** Empties the form: the server has accepted the question. */
  accepted() {
    this.endEdit();
    this.#text.readOnly = false;
    this.fill("");
  }

  /** @param {string} message why the question was not accepted @param {number} [seconds] until it can be asked again */
  refuse(message = word("unexpected"), seconds = 0) {
    this.#text.readOnly = false;
    part("notice").textContent = message;
    this.#countDown(Math.ceil(seconds));
    if ([document.body, this.#button].includes(document.activeElement)) this.focus();
  }

  /** Removes the notice and its countdown. */
  clearNotice() {
    part("notice").textContent = "";
    part("wait").textContent = "";
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  #countDown(left) {
    clearInterval(this.#timer);
    const tell = () => {
      part("wait").textContent = left > 0 ? word(left === 1 ? "wait_one" : "wait", { seconds: left }) : word("enter");
      if (left-- <= 0) this.#timer = clearInterval(this.#timer) ?? 0;
    };
    if (left > 0) this.#timer = setInterval(tell, 1000);
    tell();
  }

  #submit(event) {
    event.preventDefault();
    const example = event.submitter?.name === "example" ? event.submitter : null;
    if (example) this.ask(example.textContent, example.value.split(" ", 1)[0]);
    else this.#send();
  }

  #send() {
    const query = this.#text.value.trim();
    if (this.isRunning || this.#timer || !query || [...query].length > this.#most) return this.focus();
    const { creator } = this.#form.elements;
    const name = creator.value ? creator.selectedOptions[0].text : "";
    this.clearNotice();
    this.onAsk({ query, creator: creator.value, name, weight: this.#voice.weight() }, this.#replaces);
  }

  #stop(event) {
    if (!this.isRunning) return;
    event.preventDefault();
    this.onStop();
    this.focus();
  }

  #typed() {
    const { value } = this.#text;
    host.keepDraft(value);
    const length = [...value.trim()].length;
    const near = length >= COUNTED_FROM * this.#most ? word("left", { count: this.#most - length }) : "";
    part("count").textContent = length > this.#most ? word("over", { count: length - this.#most }) : near;
    part("count").classList.toggle("wrong", length > this.#most);
  }

  #showWhom() {
    const chosen = this.#form.elements.creator.value;
    for (const link of document.querySelectorAll(".people a[data-creator]")) {
      if (link.dataset.creator === chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}

/**
 * Wires the voice slider: five named stops, and a line in the creator's own words that changes as it moves.
 * @param {HTMLFormElement} form
 * @returns {{weight: () => number, set: (weight: number) => void}} `weight` is 0 where the creator has no voice
 */
function voiceOf(form) {
  const slider = form.elements.personality_weight;
  const names = [...form.querySelectorAll(".stops li")];
  const line = form.querySelector(".voice-line");
  const name = form.querySelector(".stop-name");

  const refresh = () => {
    const chosen = form.elements.creator.selectedOptions[0];
    const hasVoice = chosen.hasAttribute("data-line-0");
    slider.disabled = !hasVoice;
    const now = hasVoice ? Math.round(slider.value * (names.length - 1)) : 0;
    name.textContent = names[now].textContent;
    slider.setAttribute("aria-valuetext", names[now].textContent);
    names.forEach((one, index) => one.classList.toggle("now", index === now && hasVoice));
    line.textContent = hasVoice ? chosen.getAttribute(`data-line-${now}`) : why(chosen);
  };
  const set = (weight) => {
    slider.value = weight;
    refresh();
  };
  slider.addEventListener("input", refresh);
  form.elements.creator.addEventListener("change", refresh);
  names.forEach((one, index) =>
    one.addEventListener("click", () => slider.disabled || set(index / (names.length - 1))),
  );
  refresh();
  return { weight: () => (slider.disabled ? 0 : Number(slider.value)), set };
}

function why(chosen) {
  return chosen.value ? word("voice_unknown", { creator: chosen.text }) : word("voice_choose");
}
