/** A shared conversation: to be read, with its receipts, players and citations, and nothing else. */

import { hydrate } from "./article.js";
import { listenToKeys } from "./keys.js";

for (const article of document.querySelectorAll(".turn")) hydrate(article);
listenToKeys({ onAsk() {}, onEscape() {}, onSend() {} });
