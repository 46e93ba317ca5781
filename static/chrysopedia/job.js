/** Keeps the page of an upload up to date while its files are looked at or brought in. */

const PAUSE = 1500;

/** Put the server's present account in the place of the one shown, unless somebody is reading an opened detail. */
async function renew() {
  const shown = document.getElementById("job");
  if (!shown?.hasAttribute("data-live")) return;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (response.ok) {
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("job");
      if (fresh) replace(shown, fresh);
    }
  } catch {
    // The server is away for a moment: ask again.
  }
  setTimeout(renew, PAUSE);
}

/** @param {HTMLElement} shown @param {HTMLElement} fresh */
function replace(shown, fresh) {
  const focused = document.activeElement?.getAttribute("name");
  const region = shown.querySelector(".desk-files");
  const [left, top] = [region?.scrollLeft ?? 0, region?.scrollTop ?? 0];
  shown.replaceWith(fresh);
  fresh.querySelector(".desk-files")?.scrollTo(left, top);
  if (focused) fresh.querySelector(`[name="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

setTimeout(renew, PAUSE);
