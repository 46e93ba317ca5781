/** The host page: whether this is the site itself or a frame of another one, and what address, storage and look follow. */

const slug = document.body.dataset.embed ?? "";
const NOTHING = { conversation: "", turns: [] };

/** @typedef {{conversation: string, turns: string[]}} Kept ``turns`` only where the server keeps no conversations */

/** Storage that may be forbidden or full: then it costs the reader only what it would have kept. */
class Store {
  #area;

  /** @param {() => Storage} area */
  constructor(area) {
    this.#area = area;
  }

  read(key) {
    try {
      return JSON.parse(this.#area().getItem(key));
    } catch {
      return null;
    }
  }

  write(key, value) {
    try {
      if (value === null) this.#area().removeItem(key);
      else this.#area().setItem(key, JSON.stringify(value));
    } catch {
      // Nothing was kept.
    }
  }
}

const tab = new Store(() => sessionStorage);
const browser = new Store(() => localStorage);

const drafts = {
  /** @returns {string} the question that was being typed */
  draft: () => tab.read(`draft${slug}`) ?? "",
  /** @param {string} text */
  keepDraft: (text) => tab.write(`draft${slug}`, text || null),
};

/** On the site: a conversation that is kept has an address of its own; one that isn't, the memory of this tab. */
const onPage = {
  ...drafts,
  credentials: "same-origin",
  keeps: "keeps" in document.body.dataset,

  /** @returns {Kept} */
  recall() {
    const shown = { ...NOTHING, conversation: document.getElementById("thread").dataset.conversation ?? "" };
    const kept = !this.keeps && !shown.conversation ? tab.read("conversation") : null;
    return kept?.path === location.pathname ? kept : shown;
  },

  /** @param {Kept} kept */
  remember(kept) {
    const address = `/chat/${kept.conversation}`;
    if (!this.keeps) tab.write("conversation", { ...kept, path: location.pathname });
    else if (location.pathname !== address) history.pushState(null, "", address);
  },

  forget() {
    tab.write("conversation", null);
  },

  /** @returns {string} the conversation that the address names, "" for a front */
  addressed: () => /^\/chat\/([0-9a-f-]{36})$/.exec(location.pathname)?.[1] ?? "",
};

/** In a frame: no cookie and no address, the id in the frame's own storage is all there is. */
const inFrame = {
  ...drafts,
  credentials: "omit",
  keeps: "keeps" in document.body.dataset,
  recall: () => ({ ...NOTHING, ...browser.read(`conversation-${slug}`) }),
  remember: (kept) => browser.write(`conversation-${slug}`, kept),
  forget: () => browser.write(`conversation-${slug}`, null),
};

/** What the rest of the script asks; `isFramed` says which of the two it is. */
export const host = { ...(slug ? inFrame : onPage), isFramed: Boolean(slug) };

/** What the reader has set for every page of this browser. */
export const preferences = browser;

/* The other site: it is told how high this page is, and tells which look to take on; no link leads out of the frame. */

const THEMES = ["light", "dark"];

/** The height and the title are all that the other site hears; who that may be is decided by frame-ancestors. */
function tell() {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  parent.postMessage({ chrysopedia: "size", height, title: document.title }, "*");
}

function hear({ source, data }) {
  if (source !== parent || data?.chrysopedia !== "theme" || !THEMES.includes(data.theme)) return;
  document.documentElement.dataset.theme = data.theme;
  document.querySelector('meta[name="color-scheme"]').content = data.theme;
}

/** Whatever isn't on this page opens in a tab of its own, and so does a question to somebody else. */
function besides(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || link.id === "new" || link.getAttribute("href").startsWith("#")) return;
  if (link.dataset.creator === slug) return;
  Object.assign(link, { target: "_blank", rel: "noopener" });
  event.stopPropagation();
}

if (host.isFramed && parent !== window) {
  addEventListener("message", hear);
  document.addEventListener("click", besides, { capture: true });
  new ResizeObserver(tell).observe(document.body);
}
