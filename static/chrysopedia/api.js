/** Requests to the server, and the streams of its answers; what goes wrong becomes an error with a message to show. */

import { host } from "./host.js";
import { word } from "./messages.js";

const { credentials } = host;

/** A request that failed; the message is for the reader. */
export class Refused extends Error {
  /**
   * @param {string} message
   * @param {{status?: number, seconds?: number, running?: string, cause?: unknown}} [more] `seconds` to wait,
   *   `running` the turn that is being answered
   */
  constructor(message, { status = 0, seconds = 0, running = "", cause } = {}) {
    super(message, { cause });
    Object.assign(this, { status, seconds, running });
  }
}

/**
 * @param {string} path
 * @param {{method?: string, body?: object, accept?: string, signal?: AbortSignal, headers?: object, keepalive?: boolean}} [options]
 * @returns {Promise<Response>} a successful one. Throws `Refused`, or the reason of `signal` if that was aborted
 */
export async function call(path, options = {}) {
  if (options.method && !token() && !host.isFramed) await renew();
  let response = await send(path, options);
  if (response.status === 403 && options.method) {
    await renew();
    response = await send(path, options);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

/**
 * Sends a request whose answer doesn't matter. Its body is read all the same: of what no cache keeps, one that is not
 * read holds its connection.
 * @param {string} path
 * @param {object} options those of `call`
 */
export async function tell(path, options) {
  await (await call(path, options)).text();
}

function token() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

/** Gets a new session and CSRF token, which the front page sets, when the old ones have expired. */
async function renew() {
  await (await send("/", { accept: "text/html" })).text();
}

async function send(path, { method = "GET", body, accept = "application/json", signal, headers = {}, keepalive = false }) {
  const sent = { Accept: accept, ...headers };
  if (method !== "GET") sent["X-CSRFToken"] = token();
  if (body) sent["Content-Type"] = "application/json";
  try {
    return await fetch(path, { method, headers: sent, body: body && JSON.stringify(body), signal, credentials, keepalive });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable(error);
  }
}

/** @param {unknown} cause @returns {Refused} the error for a server that can't be reached */
export function unreachable(cause) {
  return new Refused(word(navigator.onLine ? "lost_before" : "offline"), { cause });
}

async function refusal(response) {
  const { status } = response;
  const problem = await response.json().catch(() => null);
  const seconds = Number(response.headers.get("Retry-After")) || 0;
  const running = problem?.running_turn_id ?? "";
  if (status === 403) return new Refused(word("expired"), { status });
  if (running) return new Refused(word("busy"), { status, running });
  const reasons = (problem?.errors ?? []).map(({ reason }) => reason).join(" ");
  return new Refused(reasons || problem?.detail || word("unexpected"), { status, seconds });
}

/* Streams: a question is posted and its events are read (SSE, as in the HTML standard), reconnecting as needed. */

/**
 * @typedef {{id: string, event: string, data: string}} ServerEvent
 */

/** Parses the text of a stream, in pieces of any length, into events. */
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

  /** Lines end in CR, LF or CRLF; a CR at the end of one piece may have its LF at the beginning of the next. */
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

/** Milliseconds. The server sends a comment every 15 seconds, so a connection that is silent for longer is dead. */
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

/** Milliseconds between attempts to reconnect; the last is repeated for as long as the page is open. */
const RETRY_DELAYS = [100, 500, 1000, 2000, 4000, 8000];
const ENDS = ["done", "error"];
const STREAM = "text/event-stream";

/**
 * @param {object} question as the API takes it
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<{type: string, value?: any}>} first `accepted` with the two ids, then what `follow` yields
 */
export async function* ask(question, signal) {
  const response = await call("/chat/ask", { method: "POST", body: question, accept: STREAM, signal });
  if (!isStream(response)) throw new Refused(word("unexpected"));
  const turn = response.headers.get("X-Turn-Id");
  yield { type: "accepted", value: { turn, conversation: response.headers.get("X-Conversation-Id") } };
  yield* follow(turn, signal, response);
}

/**
 * @param {string} turn its id
 * @param {AbortSignal} signal
 * @param {Response | null} [response] the open stream, if there is one
 * @returns {AsyncGenerator<{type: string, value?: any}>} the HTML events up to the last, and `waiting` whenever the
 *   connection is lost. Throws `Refused` if the server no longer has the turn.
 */
export async function* follow(turn, signal, response = null) {
  let last = 0;
  for (let failed = response ? 0 : -1; ; failed += 1) {
    if (failed > 0) {
      yield { type: "waiting" };
      await pause(RETRY_DELAYS[Math.min(failed, RETRY_DELAYS.length) - 1]);
    }
    if (failed) response = await reconnect(turn, last, signal);
    for await (const { id, event, data } of received(response, signal)) {
      [last, failed] = [Number(id) || last, 0];
      yield { type: event, value: JSON.parse(data) };
      if (ENDS.includes(event)) return;
    }
    failed = Math.max(failed, 0);
  }
}

/** Yields the events of a response until it ends or the connection is lost. */
async function* received(response, signal) {
  try {
    if (response) yield* eventsOf(response.body);
  } catch (error) {
    if (signal.aborted) throw error;
  }
}

/** Opens the stream again after an event; null if the server doesn't answer. */
async function reconnect(turn, last, signal) {
  try {
    const response = await call(`/chat/turns/${turn}/events?after=${last}`, { accept: STREAM, signal });
    return isStream(response) ? response : null;
  } catch (error) {
    if (signal.aborted) throw error;
    if (error.status === 404) throw new Refused(word("lost"), { status: 404 });
    return null;
  }
}

function isStream(response) {
  return response.status === 200 && response.headers.get("Content-Type")?.startsWith(STREAM);
}

/** Waits this long, or until the network or the reader is back. */
function pause(milliseconds) {
  return new Promise((resolve) => {
    const ends = new AbortController();
    const end = () => {
      ends.abort();
      resolve();
    };
    setTimeout(end, milliseconds);
    for (const type of ["online", "pageshow"]) addEventListener(type, end, { signal: ends.signal });
    document.addEventListener("visibilitychange", end, { signal: ends.signal });
  });
}
