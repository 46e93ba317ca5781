/** Where a work is played on its own page: one player, which stays in view while its words are read. */

import { playerBox, playerOf } from "./player.js";
import { make, word } from "./messages.js";

export class Stage {
  #place;
  #address;
  #title;
  #onTime;
  #box = null;
  #second = 0;
  #home = make("span");

  /**
   * @param {HTMLElement} place
   * @param {{address: string, title: string, onTime: (second: number) => void}} work `onTime` hears of files only
   */
  constructor(place, { address, title, onTime }) {
    this.#place = place;
    this.#address = address;
    this.#title = title;
    this.#onTime = onTime;
    this.button = make("button.play-here");
    this.button.type = "button";
    this.button.addEventListener("click", () => (this.isOpen ? this.close() : this.playAt(this.#second)));
    this.#home.append(this.button);
    this.beginAt(0);
  }

  /** @returns {HTMLElement} where the button waits while nothing plays; meanwhile it is at the player, to close it */
  get home() {
    return this.#home;
  }

  /** @returns {boolean} */
  get isOpen() {
    return this.#box !== null;
  }

  /** @param {number} second where the player begins once the reader starts it */
  beginAt(second) {
    this.#second = second;
    if (!this.isOpen) this.#label();
  }

  /** @param {number} second */
  playAt(second) {
    const media = this.#box?.querySelector("video, audio");
    if (media) {
      media.currentTime = second;
      media.play().catch(() => {});
    } else this.#load(second);
  }

  close() {
    this.#box = null;
    this.#label();
    this.#home.append(this.button);
    this.#place.replaceChildren();
    this.button.focus({ preventScroll: true });
  }

  /** A player of another site is told the second by its address; a new one leaves nothing to go back through. */
  #load(second) {
    this.#box = playerBox(playerOf(this.#address, second), this.#title);
    this.#box.firstElementChild.addEventListener("timeupdate", (event) => this.#onTime(event.target.currentTime));
    this.#label();
    this.#place.replaceChildren(this.#box, this.button);
    this.button.focus({ preventScroll: true });
  }

  #label() {
    const begin = this.#second ? word("play_from", { time: clock(this.#second) }) : word("play_here");
    this.button.textContent = this.isOpen ? word("play_close") : begin;
    this.button.ariaExpanded = String(this.isOpen);
  }
}

/** "2:05", "1:02:05" */
function clock(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first, ...rest] = parts[0] ? parts : parts.slice(1);
  return [first, ...rest.map((part) => String(part).padStart(2, "0"))].join(":");
}
