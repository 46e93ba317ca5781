/** A question and its events, however often the line is lost. */

import { Refused, call } from "./api.js";
import { eventsOf } from "./sse.js";
import { word } from "./messages.js";

/** Milliseconds between attempts to come back; the last one goes on for as long as the page is open. */
const WAITS = [100, 500, 1000, 2000, 4000, 8000];
const ENDS = ["done", "error"];
const STREAM = "text/event-stream";

/**
 * @param {object} question as the API takes it
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<{type: string, value?: any}>} the ids under ``accepted``, then what ``follow`` gives
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
 * @param {Response | null} [response] the stream where it is there already
 * @returns {AsyncGenerator<{type: string, value?: any}>} the events in HTML to the end; ``waiting`` while the line is
 *   lost. Throws ``Refused`` where the server has lost the turn itself.
 */
export async function* follow(turn, signal, response = null) {
  let last = 0;
  for (let failed = response ? 0 : -1; ; failed += 1) {
    if (failed > 0) {
      yield { type: "waiting" };
      await pause(WAITS[Math.min(failed, WAITS.length) - 1]);
    }
    if (failed) response = await comeBack(turn, last, signal);
    for await (const { id, event, data } of received(response, signal)) {
      [last, failed] = [Number(id) || last, 0];
      yield { type: event, value: JSON.parse(data) };
      if (ENDS.includes(event)) return;
    }
    failed = Math.max(failed, 0);
  }
}

/** The events of a response until it ends or its connection is lost. */
async function* received(response, signal) {
  try {
    if (response) yield* eventsOf(response.body);
  } catch (error) {
    if (signal.aborted) throw error;
  }
}

/** The stream again from after an event; null where nobody answers. */
async function comeBack(turn, last, signal) {
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

/** Waits so long, or until the line or the reader is back. */
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
