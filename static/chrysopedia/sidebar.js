/** The sidebar: opening and closing it, and its list of this browser's conversations. */

import { call, tell } from "./api.js";
import { preferences } from "./host.js";
import { announce, copyOf, make, word } from "./messages.js";

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
const LONGEST_NAME = 200; // characters
const WORTH_SEARCHING = 3; // conversations

const TYPED = 250; // milliseconds without a key before a search begins

/** The list of conversations, which can be searched, renamed, and deleted one by one or all together. */
export class Conversations {
  #list = document.getElementById("past");
  #all = document.getElementById("forget");
  #find = document.getElementById("find");
  #found = document.getElementById("found");
  #timer = 0;

  /** @param {{current: () => string, onDeleted: (id: string) => void}} handlers `id` is "" when all were deleted */
  constructor({ current, onDeleted }) {
    Object.assign(this, { current, onDeleted });
    for (const row of this.#list.querySelectorAll("li")) this.#wire(row);
    onSecondPress(this.#all, () => this.#delete("", API));
    this.#find.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.refresh(), TYPED);
    });
    this.#show();
  }

  /** Loads the list again: all of it, or what is searched for. */
  async refresh() {
    const sought = this.#find.value.trim();
    const response = await call(`${API}?${new URLSearchParams({ limit: 50, q: sought })}`).catch(() => null);
    if (!response || sought !== this.#find.value.trim()) return;
    const rows = await response.json();
    this.#list.replaceChildren(...rows.map((one) => this.#row(one)));
    const found = rows.length ? word("found", { count: rows.length }) : word("found_none");
    this.#found.textContent = sought ? found : "";
    if (sought) announce(found);
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
    const button = (what) => row.querySelector(`[data-do=${what}]`);
    for (const what of ["rename", "delete"]) {
      button(what).hidden = false;
      button(what).setAttribute("aria-label", `${word(what)}: ${row.querySelector("a").textContent}`);
    }
    button("rename").addEventListener("click", () => this.#askName(row));
    onSecondPress(button("delete"), () => this.#delete(id, `${API}/${id}`, row));
    return row;
  }

  /** Shows a field in place of a title: Enter renames the conversation, Escape or going elsewhere leaves its name. */
  #askName(row) {
    const link = row.querySelector("a");
    const field = make("input");
    Object.assign(field, { value: link.textContent, maxLength: LONGEST_NAME, ariaLabel: word("new_name") });
    let isOver = false;
    const rest = (focus) => {
      if (isOver) return; // taking the field away takes its focus too
      isOver = true;
      field.replaceWith(link);
      if (focus) row.querySelector("[data-do=rename]").focus();
    };
    field.addEventListener("blur", () => rest(false));
    field.addEventListener("keydown", async (event) => {
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      const title = field.value.trim();
      rest(true);
      if (event.key === "Enter" && title && title !== link.textContent) await this.#rename(row, title);
    });
    link.replaceWith(field);
    field.select();
  }

  async #rename(row, title) {
    try {
      await tell(`${API}/${row.dataset.id}`, { method: "PATCH", body: { title } });
    } catch (error) {
      return announce(error.message);
    }
    await this.refresh();
    this.#list.querySelector(`[data-id="${row.dataset.id}"] [data-do=rename]`)?.focus();
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
    const isSought = this.#find.value.trim() !== "";
    this.#list.closest("section").hidden = !rows.length && !isSought;
    this.#find.hidden = rows.length < WORTH_SEARCHING && !isSought;
    this.#all.hidden = !rows.length || isSought;
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
