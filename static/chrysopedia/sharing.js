/** Sharing a conversation: a link that anybody can read, until it is taken back. */

import { call } from "./api.js";
import { copyText } from "./copying.js";
import { word } from "./words.js";

/**
 * @param {HTMLButtonElement} button
 * @param {() => string} conversation its id
 */
export function offerSharing(button, conversation) {
  const dialog = document.getElementById("share");
  const { link, copy, end, close } = dialog.querySelector("form").elements;
  const said = dialog.querySelector(".said");
  const tell = async (act, key) => {
    said.textContent = "";
    try {
      const done = await act();
      said.textContent = word(done === false ? "not_copied" : key);
    } catch (error) {
      said.textContent = error.message;
    }
  };
  const path = () => `/api/v1/conversations/${conversation()}/share`;
  const show = async () => {
    const { url, token } = await (await call(path(), { method: "POST" })).json();
    link.value = new URL(url ?? `/share/${token}`, location.href).href;
    link.select();
    end.hidden = copy.hidden = false;
    return copyText(link.value);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    link.value = "";
    end.hidden = copy.hidden = true;
    dialog.showModal();
    tell(show, "shared");
  });
  copy.addEventListener("click", () => tell(() => copyText(link.value), "copied"));
  end.addEventListener("click", () =>
    tell(async () => {
      await call(path(), { method: "DELETE" });
      link.value = "";
      end.hidden = copy.hidden = true;
      close.focus();
    }, "unshared"),
  );
  close.addEventListener("click", () => dialog.close());
}
