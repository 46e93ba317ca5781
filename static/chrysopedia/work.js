/** A work: its video in place, and links to a second, which show the piece that is being said then. */

import { playButton } from "./player.js";

function show() {
  const wanted = Number(/^#t-(\d+)$/.exec(location.hash)?.[1] ?? NaN);
  for (const old of document.querySelectorAll(".at")) old.classList.remove("at");
  if (Number.isNaN(wanted) || document.getElementById(location.hash.slice(1))) return;
  const pieces = [...document.querySelectorAll('.transcript span[id^="t-"]')];
  const piece = pieces.findLast((one) => Number(one.id.slice(2)) <= wanted) ?? pieces[0];
  piece?.classList.add("at");
  piece?.scrollIntoView({ block: "center" });
}

const original = document.querySelector(".original");
for (const button of original ? playButton(original.href, document.title) : []) original.after(" · ", button);

addEventListener("hashchange", show);
show();
