/** Keeping the growing end of an answer in sight, for as long as the reader stays with it. */

const ROOM = 24;

/** Follows the end of an answer; a reader who scrolls up is left alone until they are back at the end. */
export class Following {
  #isWith = true;
  #at = scrollY;
  #end = null;
  #stops = new AbortController();

  /** @param {() => HTMLElement} end the last line of the answer */
  constructor(end) {
    this.#end = end;
    addEventListener("scroll", () => this.#scrolled(), { passive: true, signal: this.#stops.signal });
  }

  /** To be called when something was added. */
  grown() {
    const over = this.#over();
    if (!this.#isWith || over <= 0) return;
    const above = this.#end().closest("article").getBoundingClientRect().top;
    // The question stays in sight until the reader goes on from it: what comes at once is read from its beginning.
    const by = above < -1 ? over : Math.min(over, Math.max(0, above));
    this.#isWith = by === over;
    scrollBy({ top: by, behavior: "instant" });
    this.#at = scrollY;
  }

  stop() {
    this.#stops.abort();
  }

  #scrolled() {
    if (scrollY < this.#at - 1) this.#isWith = false;
    else if (this.#over() <= 0) this.#isWith = true;
    this.#at = scrollY;
  }

  /** How far the end stands below what can be seen: the question box covers the rest. */
  #over() {
    const floor = document.getElementById("ask").getBoundingClientRect().top;
    return this.#end().getBoundingClientRect().bottom + ROOM - floor;
  }
}
