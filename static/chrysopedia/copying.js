/** An answer as plain text with its sources, and the way of a text to the clipboard. */

const BREAKS = "p, li, h3, pre, blockquote";

/** @param {HTMLElement} article @returns {string} the answer with its markers, then the sources by number */
export function textOf(article) {
  const answer = article.querySelector(".answer").cloneNode(true);
  for (const extra of answer.querySelectorAll(".receipt, .unseen")) extra.remove();
  for (const link of answer.querySelectorAll(".mark > a")) link.textContent = `[${link.textContent}]`;
  for (const item of answer.querySelectorAll("li")) item.prepend("- ");
  for (const block of answer.querySelectorAll(BREAKS)) block.append(block.matches("li") ? "\n" : "\n\n");
  const text = answer.textContent.replace(/\n{3,}/g, "\n\n").trim();
  const sources = [...article.querySelectorAll(".notes > ol > .note")].map(sourceOf);
  return sources.length ? `${text}\n\n${sources.join("\n")}\n` : `${text}\n`;
}

function sourceOf(note) {
  const [number, creator, title] = [".number", ".origin b", ".origin cite"].map(
    (part) => note.querySelector(part)?.textContent.trim() ?? "",
  );
  const places = [...note.querySelectorAll(".places")].map((one) => one.querySelector("a")?.href).filter(Boolean);
  return `[${number}] ${creator}, ${title}: ${[...new Set(places)].join(" ")}`;
}

/** @param {string} text @returns {Promise<boolean>} whether it is in the clipboard now */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** Without https there is no clipboard to write to; what is selected can still be copied. */
function copySelected(text) {
  const [area, focused] = [document.createElement("textarea"), document.activeElement];
  area.value = text;
  area.className = "unseen";
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return isCopied;
}
