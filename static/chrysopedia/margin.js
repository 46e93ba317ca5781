/** The margin: notes and open receipts beside their sentences where there is room, none over another. */

const WIDE = matchMedia("(min-width: 68.75rem)");
const GAP = 18;
/** What remains free above and below a receipt in the window, in pixels. */
const EDGE = 8;

const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target.isConnected && target.matches(".receipt")) place(target);
  for (const article of new Set(entries.map(({ target }) => target.closest(".turn")))) if (article) align(article);
});
WIDE.addEventListener("change", () => document.querySelectorAll(".turn").forEach(align));

/** Keeps the notes of an article beside their sentences from now on. @param {HTMLElement} article */
export function watch(article) {
  for (const part of article.querySelectorAll(".answer, .notes > ol > .note")) watcher.observe(part);
  align(article);
}

/** Keeps a receipt at its marker and the notes out of its way, whatever opens in it. @param {HTMLElement} receipt */
export function watchReceipt(receipt) {
  watcher.observe(receipt);
}

/** Puts a receipt at the height of its marker, and as far from there as it takes to be seen whole. */
function place(receipt) {
  receipt.style.translate = "";
  if (!WIDE.matches) return;
  const { top, height } = receipt.getBoundingClientRect();
  const wanted = Math.min(receipt.previousElementSibling.getBoundingClientRect().top, innerHeight - height) - EDGE;
  receipt.style.translate = `0 ${Math.max(EDGE, wanted) - top}px`;
}

/**
 * Puts every note beside its sentence, or below the note or the receipt that it would meet.
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
  const receipts = receiptsOf(article, top);
  let bottom = 0;
  notes.forEach((note, index) => {
    const at = clearOf(receipts, Math.max(wanted[index], index ? bottom + GAP : 0), heights[index]);
    note.classList.toggle("placed", note.style.translate !== "");
    note.style.translate = WIDE.matches ? `0 ${at}px` : "";
    bottom = at + heights[index];
  });
  const consulted = article.querySelector(".consulted")?.offsetHeight ?? 0;
  list.style.blockSize = WIDE.matches ? `${clearOf(receipts, bottom + GAP, consulted) - GAP}px` : "";
}

/** Where open receipts begin and end, from the top of the notes, the highest first. */
function receiptsOf(article, top) {
  const places = [...article.querySelectorAll(".receipt")].map((receipt) => receipt.getBoundingClientRect());
  return places.map((place) => ({ begin: place.top - top, end: place.bottom - top })).sort((a, b) => a.begin - b.begin);
}

/** The first place from `at` on where so much fits between the receipts. */
function clearOf(receipts, at, height) {
  for (const { begin, end } of receipts) if (at < end + GAP && at + height > begin - GAP) at = end + GAP;
  return at;
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
