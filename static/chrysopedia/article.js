/** An article that the server wrote, brought to life: receipts at its markers, light on sentences, players, the margin. */

import { align, watch, watchReceipt } from "./margin.js";
import { playButton } from "./player.js";
import { giveReceipt } from "./receipt.js";

/**
 * @param {ParentNode} root
 * @returns {HTMLAnchorElement[]} its markers, in the order of the text
 */
export function markersOf(root) {
  return [...root.querySelectorAll(".answer .mark > a")];
}

/** @param {HTMLElement} article as the server writes it */
export function hydrate(article) {
  giveReceipts(article.querySelectorAll(".mark > a"));
  for (const places of article.querySelectorAll(".notes .places")) givePlayer(places);
  for (const spot of article.querySelectorAll(".spot[data-claims]")) {
    spot.addEventListener("pointerenter", () => light(spot, article));
    spot.addEventListener("pointerleave", () => light(null, article));
  }
  watch(article);
}

/** @param {Iterable<HTMLAnchorElement>} links markers that are on the page */
export function giveReceipts(links) {
  for (const link of links) {
    giveReceipt(link, {
      contents: () => contentsFor(link),
      onShow: (receipt) => {
        light(spotOf(link), link.closest(".turn"), link.dataset.claim);
        watchReceipt(receipt);
      },
      onHide: () => {
        const article = link.closest(".turn");
        light(null, article);
        if (article) align(article);
      },
    });
  }
}

/** Brings the note of each marker out from among those that were only consulted. @param {HTMLElement} article */
export function bringOut(article) {
  const cited = article.querySelector(".notes > ol");
  for (const link of markersOf(article)) {
    const note = targetOf(link)?.closest(".consulted .note");
    if (note) cited.append(note);
  }
  align(article);
}

/** The place in the notes that a marker leads to. */
function targetOf(link) {
  return document.getElementById(link.hash.slice(1));
}

function spotOf(link) {
  const target = targetOf(link);
  return target?.matches(".note") ? target.querySelector(".spot") : target;
}

function contentsFor(link) {
  const spot = spotOf(link);
  const parts = [spot?.closest(".note").querySelector(".origin"), spot].filter(Boolean);
  const copies = parts.map((part) => part.cloneNode(true));
  for (const copy of copies) {
    copy.removeAttribute("id");
    copy.classList.remove("lit");
    for (const extra of copy.querySelectorAll(".play-here, .player")) extra.remove();
    for (const places of copy.querySelectorAll(".places")) givePlayer(places, titleOf(spot));
  }
  return copies;
}

function givePlayer(places, title = titleOf(places)) {
  const outside = places.querySelector('a[target="_blank"]');
  if (outside) places.append(...playButton(outside.href, title));
}

function titleOf(inside) {
  const note = inside.closest(".note");
  return ["cite", "b"].map((part) => note?.querySelector(`.origin ${part}`)?.textContent).join(" · ");
}

/** Lights a spot with the sentences that rest on it, or with one of them; null puts every light out. */
function light(spot, article, claim) {
  const claims = claim === undefined ? (spot?.dataset.claims ?? "").split(" ") : [claim];
  for (const one of article?.querySelectorAll(".claim, .spot, .note") ?? []) {
    const isLit = one.matches(".claim") ? spot && claims.includes(one.dataset.claim) : one === spot || one.contains(spot);
    one.classList.toggle("lit", Boolean(isLit));
  }
}
