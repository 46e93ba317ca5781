/** Asking the server: one request, its events, and what can go wrong in words. */

import { eventsOf } from "./sse.js";
import { word } from "./words.js";

/** A refusal before the answer began; its message is for the reader. */
export class Refused extends Error {}

/** The stream ended before the answer did. */
export class Lost extends Error {}

/**
 * @param {{query: string, creator: string, weight: number, conversation: string}} question
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<{type: string, value: any}>} the events, ending with done or error
 */
export async function* ask({ query, creator, weight, conversation }, signal) {
  const response = await send({ query, creator, personality_weight: weight, conversation_id: conversation }, signal);
  yield { type: "accepted", value: response.headers.get("X-Conversation-Id") };
  try {
    for await (const { event, data } of eventsOf(response.body)) {
      yield { type: event, value: JSON.parse(data) };
      if (event === "done" || event === "error") return;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Lost("", { cause: error });
  }
  throw new Lost();
}

async function send(body, signal) {
  const sent = { ...body, creator: body.creator || null, conversation_id: body.conversation_id || null, stream: true };
  const headers = {
    "Content-Type": "application/json",
    Accept: "text/event-stream",
    "X-CSRFToken": document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "",
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
