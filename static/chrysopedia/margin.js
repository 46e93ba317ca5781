/** The margin: notes beside their sentences where there is room. */

const WIDE = matchMedia("(min-width: 68.75rem)");
const GAP = 18;

const watcher = new ResizeObserver((entries) => {
  for (const article of new Set(entries.map(({ target }) => target.closest(".turn")))) if (article) align(article);
});
WIDE.addEventListener("change", () => document.querySelectorAll(".turn").forEach(align));

/** Keeps the notes of an article beside their sentences from now on. @param {HTMLElement} article */
export function watch(article) {
  for (const part of article.querySelectorAll(".answer, .notes > ol > .note")) watcher.observe(part);
  align(article);
}

/**
 * Puts every note beside its sentence, or below the note before it where two would meet.
 * @param {HTMLElement} article
 */
export function align(article) {
  const list = article.querySelector(".notes > ol");
  if (!list) return;
  const notes = [...list.children];
  const links = [...article.querySelectorAll(".answer .mark > a")];
  list.classList.toggle("aligned", WIDE.matches);
  const top = list.getBoundingClientRect().top;
  const wanted = notes.map((note) => (placeOf(note, links)?.top ?? 0) - top);
  const heights = notes.map((note) => note.offsetHeight);
  let bottom = 0;
  notes.forEach((note, index) => {
    const at = Math.max(wanted[index], index ? bottom + GAP : 0);
    note.classList.toggle("placed", note.style.translate !== "");
    note.style.translate = WIDE.matches ? `0 ${at}px` : "";
    bottom = at + heights[index];
  });
  list.style.blockSize = WIDE.matches ? `${bottom}px` : "";
}

/** Where the first sentence that cites a note begins. */
function placeOf(note, links) {
  const link = links.find(({ hash }) => isWithin(note, hash.slice(1)));
  const claim = link?.dataset.claim;
  const sentence = claim && link.closest(".answer").querySelector(`.claim[data-claim="${claim}"]`);
  return (sentence ?? link)?.getClientRects()[0];
}

function isWithin(note, id) {
  return note.id === id || note.querySelector(`:scope > .spot[id="${CSS.escape(id)}"]`) !== null;
}
