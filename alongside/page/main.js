// How a page of ours begins: it mounts the bar, and every activity that it finds.

import { showWhereIHaveBeen } from "./been.js";
import { leaveTo } from "./exit.js";
import { mountActivity } from "./frame.js";
import { askIfStillYou } from "./gate.js";
import { kindOf } from "./kinds.js";
import { bar } from "./my-words.js";
import { sitting } from "./sitting.js";

/**
 * Whether the parser is through with an element: what we put into one that it is still in would stand before the rest.
 * @param {Element} element
 */
const isWhole = (element) => Boolean(element.nextSibling) || document.readyState !== "loading";

/**
 * What this script has mounted. No sign in the page says it: in a page that a browser saved as a file, everything stands
 * as it was, and nothing of it works until it is made anew.
 * @type {Set<Element>}
 */
const mounted = new Set();

/** Mounts the next activity that waits on the page, if there is one. */
function mountNext() {
  /** @type {NodeListOf<HTMLElement>} */
  const sections = document.querySelectorAll(".alongside-activity");
  const section = [...sections].find((one) => !mounted.has(one));
  if (!section || !isWhole(section)) return false;
  mounted.add(section);
  section.dataset.state = "open";
  const { activity = "", key = "", props = "{}" } = section.dataset;
  // The question stands on the page already, to be read without a script: it is sent once.
  const prompt = section.querySelector(".al-question")?.textContent;
  try {
    if (kindOf(activity)) mountActivity(section, activity, key, { prompt, ...JSON.parse(props) }, "page");
  } catch (broken) {
    // The others are there all the same, and here it is said what is missing.
    section.append(/** @type {Element} */ (document.querySelector(".al-off")).cloneNode(true));
    setTimeout(() => {
      throw broken;
    });
  }
  return true;
}

/**
 * Mounts the bar and every activity of a page, also those that arrive while the page is still loading. The first is
 * there at once; each further one has a task of its own, so that a slow phone draws and answers between them.
 */
export function mountPage() {
  const root = document.documentElement;
  root.classList.add("al-runs", "al-getting-ready");
  let waiting = false;
  const step = () => {
    waiting = false;
    if (mountNext()) goOn();
    else if (document.readyState !== "loading") root.classList.add("al-ready");
  };
  const goOn = () => {
    if (waiting) return;
    waiting = true;
    // After the next frame: what the last step made is seen before the next one begins. A hidden tab draws none.
    if (document.hidden) setTimeout(step);
    else requestAnimationFrame(() => setTimeout(step));
  };
  const look = () => {
    /** @type {HTMLElement | null} */
    const place = document.querySelector("[data-alongside-bar]");
    const link = /** @type {HTMLAnchorElement | null | undefined} */ (place?.firstElementChild);
    if (place && link && !mounted.has(place) && isWhole(link)) {
      mounted.add(place);
      // The address stays: whoever saves the page as a file can leave that, too. The link goes: a screen reader's first
      // one is the way past the bar.
      const address = place.dataset.alongsideBar || link.href;
      place.dataset.alongsideBar = address;
      place.replaceChildren(...bar(() => leaveTo(address)));
    }
    if (!waiting && mountNext()) goOn();
  };
  const watcher = new MutationObserver(look);
  watcher.observe(root, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    watcher.disconnect();
    root.classList.remove("al-getting-ready");
    look();
    goOn();
    showWhereIHaveBeen();
    if (sitting.asking) askIfStillYou();
  });
  // What lies folded is read on paper, too, and is folded again on the screen.
  /** @type {Element[]} */
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded.push(...document.querySelectorAll(".al-ours details:not([open])"));
    for (const one of unfolded) one.setAttribute("open", "");
  });
  window.addEventListener("afterprint", () => {
    for (const one of unfolded) one.removeAttribute("open");
    unfolded = [];
  });
  sitting.listen((/** @type {string} */ what) => {
    showWhereIHaveBeen();
    if (what === "all" && sitting.asking) askIfStillYou();
  });
}
