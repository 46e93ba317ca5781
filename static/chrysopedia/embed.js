/**
 * Puts a creator's chat where this script stands, on any site:
 * <script src="https://chrysopedia.example/embed.js" data-creator="slug" async></script>
 * Options: data-theme="auto|light|dark", data-height="240 720" (the least and the most, in pixels).
 */
(() => {
  const script = document.currentScript;
  const { creator, theme: wanted = "auto", height = "" } = script.dataset;
  const { origin, host } = new URL(script.src);
  const path = encodeURIComponent(creator ?? "");
  const [least = 240, most = 720] = (height.match(/\d+/g) ?? []).map(Number);
  const PATIENCE = 3000; // milliseconds after the load event, which also fires when a frame is refused

  const frame = document.createElement("iframe");
  const link = document.createElement("a");
  let theme = "";
  let wished = least;
  let isHeard = false;

  /** The theme of the page around: its declared color-scheme, else the brightness of its background. */
  function themeAround() {
    if (wanted === "light" || wanted === "dark") return wanted;
    const place = frame.parentElement ?? script.parentElement;
    const scheme = getComputedStyle(place).colorScheme.split(" ");
    const knows = (one) => scheme.includes(one);
    if (knows("dark") && knows("light")) return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    return knows("dark") || (!knows("light") && isDark(place)) ? "dark" : "light";
  }

  function isDark(element) {
    for (let one = element; one; one = one.parentElement) {
      const [red, green, blue, alpha = 1] = (getComputedStyle(one).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
      if (alpha > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
    }
    return false;
  }

  function follow() {
    const now = themeAround();
    if (now === theme) return;
    theme = frame.style.colorScheme = now;
    tell();
  }

  function tell() {
    if (isHeard) frame.contentWindow.postMessage({ chrysopedia: "theme", theme }, origin);
  }

  /** Fits the frame to its content, within the limits and the window, so that its composer stays in reach. */
  function size() {
    frame.style.height = `${Math.max(least, Math.min(wished, most, innerHeight * 0.9))}px`;
  }

  function hear({ source, origin: from, data }) {
    if (source !== frame.contentWindow || from !== origin || data?.chrysopedia !== "size") return;
    if (Number.isFinite(data.height)) wished = Math.ceil(data.height);
    frame.title = String(data.title);
    isHeard = true;
    link.remove();
    frame.style.display = "block";
    tell(); // the theme may have changed since the address was written, and a reloaded frame has forgotten it
    size();
  }

  function giveUp() {
    if (isHeard) return;
    frame.style.display = "none";
    frame.after(link);
  }

  function put() {
    Object.assign(link, { href: `${origin}/c/${path}`, target: "_blank", rel: "noopener" });
    link.textContent = `Open the chat on ${host}`;
    script.after(frame);
    follow();
    Object.assign(frame.style, { display: "block", inlineSize: "100%", maxInlineSize: "46rem", border: "0" });
    size();
    frame.title = "Chat";
    frame.loading = "lazy";
    frame.referrerPolicy = "no-referrer";
    frame.allow = "clipboard-write; fullscreen; encrypted-media; picture-in-picture";
    frame.setAttribute(
      "sandbox",
      "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox",
    );
    frame.addEventListener("load", () => setTimeout(giveUp, PATIENCE));
    frame.src = `${origin}/embed/${path}?theme=${theme}`;
  }

  function listen() {
    addEventListener("message", hear);
    addEventListener("resize", size);
    if (wanted === "light" || wanted === "dark") return;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);
    const watch = new MutationObserver(follow);
    for (const one of [document.documentElement, document.body]) watch.observe(one, { attributes: true });
    document.addEventListener("transitionend", ({ target }) => {
      if (target === document.body || target === document.documentElement) follow();
    });
  }

  if (!creator || script.closest("head")) {
    console.error("embed.js needs data-creator, and stands in the body where the chat is to be.");
    return;
  }
  listen();
  put();
})();
