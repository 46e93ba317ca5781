/** The side column, which opens and closes, and the conversations of this browser that it lists. */

import { call } from "./api.js";
import { preferences } from "./host.js";
import { announce, copyOf, word } from "./messages.js";

const WIDE = matchMedia("(min-width: 68.75rem)");

/** Wires the links that open and close it: a column beside the page where there is room, else a sheet over it. */
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
const SURE = 5000;

/** The list of conversations: opened by their links, and deleted one by one or all together. */
export class Conversations {
  #list = document.getElementById("past");
  #all = document.getElementById("forget");

  /** @param {{current: () => string, onDeleted: (id: string) => void}} hears ``id`` is "" where all were deleted */
  constructor({ current, onDeleted }) {
    Object.assign(this, { current, onDeleted });
    for (const row of this.#list.querySelectorAll("li")) this.#wire(row);
    twice(this.#all, () => this.#delete("", API));
    this.#show();
  }

  /** Reads the list again. */
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
    twice(button, () => this.#delete(id, `${API}/${id}`, row));
    return row;
  }

  async #delete(id, path, row) {
    try {
      await call(path, { method: "DELETE" });
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

/** What can't be taken back is asked for twice: the button says so, and after a while forgets it. */
function twice(button, act) {
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
    button.style.minInlineSize = `${button.offsetWidth}px`; // the second press finds it where the first one did
    button.textContent = word("sure");
    button.removeAttribute("aria-label");
    button.classList.add("sure");
  });
}
