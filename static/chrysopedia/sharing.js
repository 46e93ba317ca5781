/** Sharing a conversation: a link that anybody can read, until it is taken back. */

import { call } from "./api.js";
import { copyText } from "./copying.js";
import { word } from "./messages.js";

const dialog = document.getElementById("share");
const { link, copy, end, close } = dialog.querySelector("form").elements;
let path = "";

/** Makes the link, or shows the one there is, in a dialog. @param {string} conversation its id */
export async function share(conversation) {
  path = `/api/v1/conversations/${conversation}/share`;
  show("");
  dialog.showModal();
  await tell(async () => {
    show((await (await call(path, { method: "POST" })).json()).url);
    link.select();
    return copyText(link.value);
  }, "shared");
}

async function unshare() {
  await call(path, { method: "DELETE" });
  show("");
  close.focus();
}

function show(url) {
  link.value = url;
  end.hidden = copy.hidden = !url;
}

async function tell(act, key) {
  const said = dialog.querySelector(".said");
  said.textContent = "";
  try {
    said.textContent = word((await act()) === false ? "not_copied" : key);
  } catch (error) {
    said.textContent = error.message;
  }
}

copy.addEventListener("click", () => tell(() => copyText(link.value), "copied"));
end.addEventListener("click", () => tell(unshare, "unshared"));
close.addEventListener("click", () => dialog.close());
