/** The side column: put away and brought back where there is room for it, a sheet over the page where there isn't. */

import { preferences } from "./host.js";

const WIDE = matchMedia("(min-width: 68.75rem)");

/** Wires the links that open and close it. */
export function listenToSide() {
  const side = document.getElementById("side");
  if (!side) return;
  const [open, close] = [document.getElementById("open-side"), document.getElementById("close-side")];
  const show = (isOpen) => {
    document.body.dataset.side = isOpen ? "open" : "closed";
    open.ariaExpanded = String(isOpen);
  };
  const turn = (event, isOpen) => {
    event?.preventDefault();
    show(isOpen);
    if (WIDE.matches) preferences.write("side", isOpen ? null : "closed");
    (isOpen ? close : open).focus();
  };
  open.addEventListener("click", (event) => turn(event, true));
  close.addEventListener("click", (event) => turn(event, false));
  side.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || WIDE.matches || document.body.dataset.side !== "open") return;
    event.stopPropagation();
    turn(null, false);
  });
  const settle = () => show(WIDE.matches && preferences.read("side") !== "closed");
  WIDE.addEventListener("change", settle);
  settle();
}
