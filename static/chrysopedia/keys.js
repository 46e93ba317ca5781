/** Keyboard shortcuts: / to ask, Enter to send, Esc to leave or stop, and arrows to go from citation to citation. */

const OWN = "input, textarea, select, summary, audio, video, iframe, [contenteditable]";
const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/** @param {{onAsk: () => void, onEscape: () => void, onSend: () => void}} acts */
export function listenToKeys({ onAsk, onEscape, onSend }) {
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    // 229 is the keyCode of every key while an input method composes text.
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "Escape") return onEscape();
    if (key === "Enter" && !event.shiftKey && target.id === "query") done(event, onSend);
    else if (key === "/" && !target.closest(OWN)) done(event, onAsk);
    else if (STEPS[key] && !event.shiftKey && !target.closest(OWN)) walk(event, STEPS[key]);
  });
}

function done(event, act) {
  event.preventDefault();
  act();
}

/** Goes to the next or previous marker; from elsewhere on the page, to the first or last one in view. */
function walk(event, step) {
  const links = [...document.querySelectorAll("#thread .answer .mark > a")];
  const here = links.findIndex((link) => link === event.target || link.nextElementSibling?.contains(event.target));
  const next = here < 0 ? nearest(links, step) : links[here + step];
  if (!next) return;
  done(event, () => next.focus());
  next.scrollIntoView({ block: "nearest" });
}

function nearest(links, step) {
  const isSeen = (link) => link.getBoundingClientRect().bottom > 0 && link.getBoundingClientRect().top < innerHeight;
  return step > 0 ? (links.find(isSeen) ?? links[0]) : (links.findLast(isSeen) ?? links.at(-1));
}
