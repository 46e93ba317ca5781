/** Reading an event stream out of a fetch, as the HTML standard describes it. */

/**
 * @typedef {{id: string, event: string, data: string}} ServerEvent
 */

/** Turns text, however it is cut, into events. */
export class EventParser {
  #rest = "";
  #afterReturn = false;
  #isFirst = true;
  #event = "";
  #data = [];
  #id = "";

  /**
   * @param {string} text the next piece of the stream
   * @returns {ServerEvent[]} the events that it completes
   */
  feed(text) {
    const events = [];
    for (const line of this.#lines(text)) {
      if (line === "") this.#dispatch(events);
      else this.#field(line);
    }
    return events;
  }

  /** Lines end in CR, LF or both; a CR at the very end of a piece may have its LF in the next one. */
  #lines(text) {
    if (this.#isFirst && text) {
      text = text.replace(/^\uFEFF/, "");
      this.#isFirst = false;
    }
    if (this.#afterReturn && text.startsWith("\n")) text = text.slice(1);
    if (text) this.#afterReturn = text.endsWith("\r");
    const lines = (this.#rest + text).split(/\r\n|\r|\n/);
    this.#rest = lines.pop();
    return lines;
  }

  #field(line) {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.#event = value;
    else if (name === "data") this.#data.push(value);
    else if (name === "id" && !value.includes("\0")) this.#id = value;
  }

  #dispatch(events) {
    if (this.#data.length) {
      events.push({ id: this.#id, event: this.#event || "message", data: this.#data.join("\n") });
    }
    this.#event = "";
    this.#data = [];
  }
}

/** The server lets something be heard every fifteen seconds: a line that is silent for longer is dead, if not cut. */
const SILENCE = 40_000;

/**
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<ServerEvent>} until the stream ends or has been silent for too long
 */
export async function* eventsOf(body) {
  const parser = new EventParser();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const reader = body.getReader();
  let timer = 0;
  try {
    for (;;) {
      timer = setTimeout(() => reader.cancel().catch(() => {}), SILENCE);
      const { done, value } = await reader.read();
      clearTimeout(timer);
      if (done) return;
      yield* parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => {});
  }
}
