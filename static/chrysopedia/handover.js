/** One article in the place of another: focus, open receipts and players go over, and nothing jumps. */

import { giveReceipts, hydrate, markersOf } from "./article.js";
import { handPlayer } from "./player.js";
import { release, reopen } from "./receipt.js";

const FOCUSABLE = "a, button, summary";

/**
 * @param {HTMLElement} old an article on the page
 * @param {HTMLElement} fresh the same turn once more
 */
export function handOver(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const isOpen = old.querySelector(".consulted")?.open;
  const receipts = release(old);
  const [before, begun] = [markersOf(old), pathOf(focused, old)];
  old.after(fresh);
  hydrate(fresh);
  const after = markersOf(fresh);
  for (const one of receipts) {
    const link = after[before.indexOf(one.link)];
    handReceipt(one, link?.textContent === one.link.textContent ? link : null);
  }
  handNotes(old, fresh);
  if (isOpen && fresh.querySelector(".consulted")) fresh.querySelector(".consulted").open = true;
  begun?.(fresh)?.focus({ preventScroll: true });
  old.remove();
}

/**
 * @param {HTMLElement | null} old a block of an answer on the page
 * @param {HTMLElement[]} fresh what it has grown to, which stands before it already
 */
export function handBlock(old, fresh) {
  const before = old ? markersOf(old) : [];
  const focused = before.indexOf(document.activeElement);
  const receipts = old ? release(old) : [];
  const after = fresh.flatMap(markersOf);
  giveReceipts(after);
  for (const one of receipts) handReceipt(one, after[before.indexOf(one.link)]);
  if (focused >= 0) after[focused]?.focus({ preventScroll: true });
  old?.remove();
}

function handReceipt(one, link) {
  const player = one.element.querySelector(".play-here");
  const again = link && reopen(link, one);
  if (player) handPlayer(player, again?.element.querySelector(".play-here"));
}

function handNotes(old, fresh) {
  for (const button of old.querySelectorAll(".notes .play-here")) {
    const spot = button.closest("[id]").id;
    const scope = spot && fresh.querySelector(`[id="${CSS.escape(spot)}"]`);
    handPlayer(button, scope?.querySelector(".play-here") ?? null);
  }
}

/** How to find in another article what has the focus in this one. */
function pathOf(focused, old) {
  if (!focused) return null;
  const scopes = (article) => [...markersOf(article).map((link) => link.nextElementSibling), ...notesOf(article), article];
  const index = scopes(old).findIndex((scope) => scope?.contains(focused));
  const marker = markersOf(old).indexOf(focused);
  if (marker >= 0) return (fresh) => markersOf(fresh)[marker];
  const id = focused.closest(".note")?.id;
  const at = [...scopes(old)[index].querySelectorAll(FOCUSABLE)].indexOf(focused);
  return (fresh) => {
    const scope = id ? fresh.querySelector(`[id="${CSS.escape(id)}"]`) : scopes(fresh)[index];
    return scope?.querySelectorAll(FOCUSABLE)[at];
  };
}

function notesOf(article) {
  return article.querySelectorAll(".note");
}
