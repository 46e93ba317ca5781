/** The page of a work: its player, the words that a second leads to, and the chapter that is being read. */

import { make, word } from "./messages.js";
import { playerBox, playerOf } from "./player.js";

const WIDE = "(min-width: 68.75rem)";
const main = document.getElementById("main");
const pieces = [...document.querySelectorAll('.transcript span[id^="t-"]')].map((element) => ({
  element,
  second: Number(element.id.slice(2)),
}));

/** Marks the piece of the transcript that is said at a second, and no other. */
function light(second, name) {
  const found = pieces.findLast((piece) => piece.second <= second) ?? pieces[0];
  for (const old of document.querySelectorAll(`.${name}`)) if (old !== found?.element) old.classList.remove(name);
  found?.element.classList.add(name);
  return found?.element;
}

/** Shows the second in the address; if no piece begins then, the piece that is being said. */
function show() {
  const second = Number(/^#t-(\d+)$/.exec(location.hash)?.[1] ?? NaN);
  if (Number.isNaN(second)) return;
  player?.beginAt(second);
  const piece = light(second, "at");
  if (piece && `#${piece.id}` !== location.hash) piece.scrollIntoView({ block: "center" });
}

function givePlayer() {
  const original = document.querySelector(".original");
  if (!original || !playerOf(original.href)) return null;
  const made = new WorkPlayer(document.getElementById("stage"), {
    address: original.href,
    title: document.title,
    onTime: (second) => light(second, "now"),
  });
  const line = document.querySelector(".listen");
  if (line) line.append(made.home);
  else original.after(" · ", made.home);
  made.beginAt(Number(main.dataset.opened ?? 0));
  return made;
}

/** While the player is open, a press on a time plays from there; a chapter is also scrolled to. */
function play(event) {
  const link = event.target.closest(".time, .contents a[data-second]");
  if (!link || !player?.isOpen || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const second = Number(link.dataset.second ?? link.hash.slice(3));
  player.playAt(second);
  if (!link.matches(".time")) return;
  event.preventDefault();
  light(second, "at");
  history.replaceState(null, "", link.hash);
}

/** The chapter that was opened, while its beginning is in view; else the last that begins in the upper two fifths. */
function chapterOf(parts) {
  const top = (part) => part?.getBoundingClientRect().top ?? Infinity;
  const gone = parts.findIndex((part) => part && `#${part.id}` === decodeURIComponent(location.hash));
  if (gone >= 0 && top(parts[gone]) >= 0 && top(parts[gone]) < innerHeight) return gone;
  return parts.findLastIndex((part) => top(part) <= innerHeight * 0.4);
}

function followChapters() {
  const links = [...document.querySelectorAll(".contents a")];
  const parts = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  let isDue = false;
  const mark = () => {
    isDue = false;
    const reached = chapterOf(parts);
    for (const [number, link] of links.entries()) {
      if (number === reached) link.ariaCurrent = "location";
      else link.ariaCurrent = null;
    }
  };
  const soon = () => {
    if (!isDue) requestAnimationFrame(mark);
    isDue = true;
  };
  if (!links.length) return;
  addEventListener("scroll", soon, { passive: true });
  addEventListener("hashchange", soon);
  mark();
}

/** The player of a work, which stays in view while the transcript is read. */
class WorkPlayer {
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

  /** @returns {HTMLElement} where the button stands while nothing plays; else it is at the player, to close it */
  get home() {
    return this.#home;
  }

  /** @returns {boolean} */
  get isOpen() {
    return this.#box !== null;
  }

  /** @param {number} second where the player will begin */
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

  /** Players of other sites take the second in their address; a new iframe adds no entry to the browser's history. */
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

const player = givePlayer();
const contents = document.querySelector(".contents details");
if (contents && matchMedia(WIDE).matches) contents.open = true;
document.addEventListener("click", play);
addEventListener("hashchange", show);
followChapters();
show();
if (!location.hash) document.getElementById("cited")?.scrollIntoView({ block: "center" });
