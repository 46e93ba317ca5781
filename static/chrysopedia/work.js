/** A work: its recording beside its words, the words that a second leads to, and the chapter that is being read. */

import { playerOf } from "./player.js";
import { Stage } from "./stage.js";

const WIDE = "(min-width: 68.75rem)";
const main = document.getElementById("main");
const pieces = [...document.querySelectorAll('.transcript span[id^="t-"]')].map((element) => ({
  element,
  second: Number(element.id.slice(2)),
}));

/** Light up the piece that is being said at a second, and no other. */
function light(second, name) {
  const found = pieces.findLast((piece) => piece.second <= second) ?? pieces[0];
  for (const old of document.querySelectorAll(`.${name}`)) if (old !== found?.element) old.classList.remove(name);
  found?.element.classList.add(name);
  return found?.element;
}

/** An address may name a second at which no piece begins: the piece that is being said then is shown. */
function show() {
  const second = Number(/^#t-(\d+)$/.exec(location.hash)?.[1] ?? NaN);
  if (Number.isNaN(second)) return;
  stage?.beginAt(second);
  const piece = light(second, "at");
  if (piece && `#${piece.id}` !== location.hash) piece.scrollIntoView({ block: "center" });
}

function openStage() {
  const original = document.querySelector(".original");
  if (!original || !playerOf(original.href)) return null;
  const made = new Stage(document.getElementById("stage"), {
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

/** While a player is open, a time plays there; a chapter is also gone to. */
function play(event) {
  const link = event.target.closest(".time, .contents a[data-second]");
  if (!link || !stage?.isOpen || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const second = Number(link.dataset.second ?? link.hash.slice(3));
  stage.playAt(second);
  if (!link.matches(".time")) return;
  event.preventDefault();
  light(second, "at");
  history.replaceState(null, "", link.hash);
}

/** The chapter that was gone to, as long as its beginning is in view; else the last that began above the middle. */
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

const stage = openStage();
const contents = document.querySelector(".contents details");
if (contents && matchMedia(WIDE).matches) contents.open = true;
document.addEventListener("click", play);
addEventListener("hashchange", show);
followChapters();
show();
if (!location.hash) document.getElementById("cited")?.scrollIntoView({ block: "center" });
