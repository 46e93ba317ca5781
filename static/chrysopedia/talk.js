/** Asking the server: a question, its events however often the line is lost, its end, and what can go wrong in words. */

import { eventsOf } from "./sse.js";
import { word } from "./words.js";

/** A refusal before the answer began; its message is for the reader. */
export class Refused extends Error {}

/** The stream ended before the answer did. */
export class Lost extends Error {}

/** Milliseconds between the attempts to take a lost stream up again; the answer waits about twenty seconds. */
const WAITS = [100, 500, 1000, 2000, 4000, 8000];

/**
 * @param {{query: string, creator: string, weight: number, conversation: string}} question
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<{type: string, value: any}>} the ids under ``accepted``, then the events, ending with done or error
 */
export async function* ask({ query, creator, weight, conversation }, signal) {
  const asked = { query, creator, personality_weight: weight, conversation_id: conversation };
  let response = await send(asked, signal);
  const turn = response.headers.get("X-Turn-Id");
  yield { type: "accepted", value: { turn, conversation: response.headers.get("X-Conversation-Id") } };
  let last = 0;
  for (let lost = 0; ; lost += 1) {
    for await (const { id, event, data } of received(response, signal)) {
      [last, lost] = [Number(id), 0];
      yield { type: event, value: JSON.parse(data) };
      if (event === "done" || event === "error") return;
    }
    if (lost === WAITS.length) throw new Lost();
    await new Promise((resolve) => setTimeout(resolve, WAITS[lost]));
    response = await comeBack(turn, last, signal);
  }
}

/** Has the server end an answer. @param {string} turn its id @returns {Promise<boolean>} whether it has heard it */
export async function stop(turn) {
  try {
    return (await fetch(`/api/v1/chat/${turn}/stop`, { method: "POST", headers: { "X-CSRFToken": token() } })).ok;
  } catch {
    return false;
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
  let response;
  try {
    response = await fetch(`/api/v1/chat/${turn}/events?after=${last}`, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
  if (response.status === 404 || response.status === 204) throw new Lost();
  return response.ok ? response : null;
}

function token() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

async function send(body, signal) {
  const sent = { ...body, creator: body.creator || null, conversation_id: body.conversation_id || null, stream: true };
  const headers = {
    "Content-Type": "application/json",
    Accept: "text/event-stream",
    "X-CSRFToken": token(),
  };
  let response;
  try {
    response = await fetch("/api/v1/chat", { method: "POST", headers, body: JSON.stringify(sent), signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Refused(word(navigator.onLine ? "lost_before" : "offline"), { cause: error });
  }
  if (!response.ok) throw new Refused(await refusal(response));
  if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) throw new Refused(word("unexpected"));
  return response;
}

async function refusal(response) {
  if (response.status === 403) return word("expired");
  if (response.status === 409) return word("busy");
  const problem = await response.json().catch(() => ({}));
  const reasons = (problem.errors ?? []).map(({ reason }) => reason).join(" ");
  const seconds = response.headers.get("Retry-After");
  const wait = /^\d+$/.test(seconds ?? "") ? word("retry", { seconds }) : "";
  return [reasons || problem.detail || word("unexpected"), wait].filter(Boolean).join(" ");
}
