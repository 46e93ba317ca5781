/** The sidebar: opening and closing it, and its list of this browser's conversations. */

import { call, tell } from "./api.js";
import { preferences } from "./host.js";
import { announce, copyOf, word } from "./messages.js";

const WIDE = matchMedia("(min-width: 68.75rem)");

/** Wires the links that open and close it: a column in a wide window, a sheet over the page in a narrow one. */
export function listenToSidebar() {
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

const API = "/api/v1/conversations";
const SURE = 5000; // milliseconds to press again

/** The list of conversations, which can be deleted one by one or all together. */
export class Conversations {
  #list = document.getElementById("past");
  #all = document.getElementById("forget");

  /** @param {{current: () => string, onDeleted: (id: string) => void}} handlers `id` is "" when all were deleted */
  constructor({ current, onDeleted }) {
    Object.assign(this, { current, onDeleted });
    for (const row of this.#list.querySelectorAll("li")) this.#wire(row);
    onSecondPress(this.#all, () => this.#delete("", API));
    this.#show();
  }

  /** Loads the list again. */
  async refresh() {
    const response = await call(`${API}?limit=50`).catch(() => null);
    if (!response) return;
    this.#list.replaceChildren(...(await response.json()).map((one) => this.#row(one)));
    this.#show();
  }

  #row({ conversation_id: id, title }) {
    const row = copyOf("conversation");
    row.dataset.id = id;
    row.querySelector("a").href = `/chat/${id}`;
    row.querySelector("a").textContent = title;
    return this.#wire(row);
  }

  #wire(row) {
    const { id } = row.dataset;
    const button = row.querySelector("button");
    button.hidden = false;
    button.setAttribute("aria-label", `${word("delete")}: ${row.querySelector("a").textContent}`);
    onSecondPress(button, () => this.#delete(id, `${API}/${id}`, row));
    return row;
  }

  async #delete(id, path, row) {
    try {
      await tell(path, { method: "DELETE" });
    } catch (error) {
      announce(error.message);
      return;
    }
    if (row) (row.nextElementSibling ?? row.previousElementSibling)?.querySelector("a").focus();
    if (row) row.remove();
    else this.#list.replaceChildren();
    this.#show();
    this.onDeleted(id);
  }

  #show() {
    const rows = [...this.#list.children];
    this.#list.closest("section").hidden = !rows.length;
    this.#all.hidden = !rows.length;
    for (const row of rows) {
      const link = row.querySelector("a");
      if (row.dataset.id === this.current()) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }
}

/** Has a button ask for a second press before it acts, since deleting can't be undone; it resets after a while. */
function onSecondPress(button, act) {
  const [text, label] = [button.textContent, button.getAttribute("aria-label")];
  let timer = 0;
  const rest = () => {
    timer = clearTimeout(timer) ?? 0;
    button.textContent = text;
    button.classList.remove("sure");
    if (label) button.setAttribute("aria-label", label);
  };
  button.addEventListener("blur", rest);
  button.addEventListener("click", () => {
    if (timer) {
      rest();
      return act();
    }
    timer = setTimeout(rest, SURE);
    button.style.minInlineSize = `${button.offsetWidth}px`; // so that it doesn't shrink away from under the pointer
    button.textContent = word("sure");
    button.removeAttribute("aria-label");
    button.classList.add("sure");
  });
}
