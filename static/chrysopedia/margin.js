/** The margin: notes beside their sentences where there is room. */

const WIDE = matchMedia("(min-width: 68.75rem)");
const GAP = 18;

/** Calls back when there begins or ceases to be a margin. @param {() => void} act */
export function onRoom(act) {
  WIDE.addEventListener("change", act);
}

/**
 * Puts every note beside its sentence, or below the note before it where two would meet.
 * @param {HTMLElement} list of notes
 * @param {(note: HTMLElement) => DOMRect | undefined} placeOf where the sentence of a note begins
 */
export function align(list, placeOf) {
  const notes = [...list.children];
  list.classList.toggle("aligned", WIDE.matches);
  const top = list.getBoundingClientRect().top;
  const wanted = notes.map((note) => (placeOf(note)?.top ?? 0) - top);
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
