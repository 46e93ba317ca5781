/** Requests to the server, with its CSRF token; whatever goes wrong becomes an error with a message for the reader. */

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
 * @param {{method?: string, body?: object, accept?: string, signal?: AbortSignal, headers?: object}} [options]
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

async function send(path, { method = "GET", body, accept = "application/json", signal, headers = {} }) {
  const sent = { Accept: accept, ...headers };
  if (method !== "GET") sent["X-CSRFToken"] = token();
  if (body) sent["Content-Type"] = "application/json";
  try {
    return await fetch(path, { method, headers: sent, body: body && JSON.stringify(body), signal, credentials });
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
