/** What this tab remembers of the conversation, so that a reload doesn't lose it. */

const KEY = "chrysopedia";
const TURNS = 20;

/**
 * @typedef {{asked: import("./turn.js").Asked, sources: object[], text: string, done?: object, ended?: string}} Kept
 */

/** @returns {{conversation: string, path: string, turns: Kept[]}} */
export function recall() {
  const nothing = { conversation: "", path: location.pathname, turns: [] };
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    return kept?.path === location.pathname ? kept : nothing;
  } catch {
    return nothing;
  }
}

/** @param {{conversation: string, path: string, turns: Kept[]}} kept */
export function keep(kept) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...kept, turns: kept.turns.slice(-TURNS) }));
  } catch {
    // A full or forbidden store costs the reader only the reload.
  }
}

/** Forgets the conversation. */
export function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // There was nothing to forget.
  }
}
