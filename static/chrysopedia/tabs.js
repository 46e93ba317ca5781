/** Other tabs of this browser: what begins, ends or goes away in one is heard in the others. */

/** @typedef {{what: "began" | "ended" | "deleted", conversation: string}} News */

const channel = globalThis.BroadcastChannel ? new BroadcastChannel("chrysopedia") : null;

/** @param {News} news */
export function tellTabs(news) {
  channel?.postMessage(news);
}

/**
 * Calls back for news, and whenever the reader comes back to this tab.
 * @param {{onNews: (news: News) => void, onReturn: () => void}} hears
 */
export function hearTabs({ onNews, onReturn }) {
  channel?.addEventListener("message", ({ data }) => onNews(data));
  document.addEventListener("visibilitychange", () => document.hidden || onReturn());
  addEventListener("pageshow", ({ persisted }) => persisted && onReturn());
  addEventListener("online", onReturn);
}
