// Where somebody has been, on the list of all lessons: told by the page alone, from what this tab keeps anyway. Nothing
// more is kept for it, so it is forgotten with the words.

import { sitting } from "./sitting.js";

/** Shows it at each lesson of which an answer, or a question that was skipped, is kept; now, and when that changes. */
export function showWhereIHaveBeen() {
  for (const one of document.querySelectorAll("[data-keys]")) {
    const keys = (/** @type {HTMLElement} */ (one).dataset.keys || "").split(" ");
    /** @type {HTMLElement} */ (one).hidden = !keys.some((key) => sitting.read(key));
  }
}
