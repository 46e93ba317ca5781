/** The host page, this site or another that frames it: address, storage, cookies and theme depend on it. */

const slug = document.body.dataset.embed ?? "";
const NOTHING = { conversation: "", turns: [] };

/** @typedef {{conversation: string, turns: string[]}} Kept `turns` is empty where the server stores conversations */

/** A storage area that may be forbidden or full; then nothing is stored, and nothing else fails. */
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

/** On the site: a stored conversation has an address of its own; any other is remembered by this tab. */
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

  /** @returns {string} the id of the conversation in the address, "" where there is none */
  addressed: () => /^\/chat\/([0-9a-f-]{36})$/.exec(location.pathname)?.[1] ?? "",
};

/** In a frame there is neither cookie nor address, only the id in the frame's own storage. */
const inFrame = {
  ...drafts,
  credentials: "omit",
  keeps: "keeps" in document.body.dataset,
  recall: () => ({ ...NOTHING, ...browser.read(`conversation-${slug}`) }),
  remember: (kept) => browser.write(`conversation-${slug}`, kept),
  forget: () => browser.write(`conversation-${slug}`, null),
};

/** The host page of this document; `isFramed` says which of the two it is. */
export const host = { ...(slug ? inFrame : onPage), isFramed: Boolean(slug) };

/** The reader's settings, for all pages in this browser. */
export const preferences = browser;

/* In a frame: the other site is told our height and title and sends its theme; links open outside the frame. */

const THEMES = ["light", "dark"];

/** Sends height and title, and nothing else. Which sites may frame the page is decided by frame-ancestors. */
function sendSize() {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  parent.postMessage({ chrysopedia: "size", height, title: document.title }, "*");
}

function receiveTheme({ source, data }) {
  if (source !== parent || data?.chrysopedia !== "theme" || !THEMES.includes(data.theme)) return;
  document.documentElement.dataset.theme = data.theme;
  document.querySelector('meta[name="color-scheme"]').content = data.theme;
}

/** Opens links to other pages, and questions to another creator, in a new tab. */
function openOutside(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || link.id === "new" || link.getAttribute("href").startsWith("#")) return;
  if (link.dataset.creator === slug) return;
  Object.assign(link, { target: "_blank", rel: "noopener" });
  event.stopPropagation();
}

if (host.isFramed && parent !== window) {
  addEventListener("message", receiveTheme);
  document.addEventListener("click", openOutside, { capture: true });
  new ResizeObserver(sendSize).observe(document.body);
}
