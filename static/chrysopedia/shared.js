/** The page of a shared conversation: for reading only, with receipts, notes and players. */

import { hydrate } from "./article.js";

for (const article of document.querySelectorAll(".turn")) hydrate(article);
