/** The page in a frame of another site: it tells how high it is, takes on that site's look, and never leaves the frame. */

const THEMES = ["light", "dark"];
const { body, documentElement: root } = document;

/** The height and the title are all that the other site hears; who that may be is decided by frame-ancestors. */
function tell() {
  const height = Math.ceil(body.getBoundingClientRect().height);
  parent.postMessage({ chrysopedia: "size", height, title: document.title }, "*");
}

function hear({ source, data }) {
  if (source !== parent || data?.chrysopedia !== "theme" || !THEMES.includes(data.theme)) return;
  root.dataset.theme = data.theme;
  document.querySelector('meta[name="color-scheme"]').content = data.theme;
}

/** Whatever isn't on this page opens in a tab of its own, and so does a question to somebody else. */
function besides(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || link.id === "new" || link.getAttribute("href").startsWith("#")) return;
  if (link.dataset.creator === body.dataset.embed) return;
  Object.assign(link, { target: "_blank", rel: "noopener" });
  event.stopPropagation();
}

if (parent !== window) {
  addEventListener("message", hear);
  document.addEventListener("click", besides, { capture: true });
  new ResizeObserver(tell).observe(body);
}
