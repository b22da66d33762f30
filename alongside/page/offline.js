// Keeps the lessons on a device, where somebody asks for it; says whether they are there; and takes them away again.
//
// Nothing is registered, fetched or kept before the button is pressed.

import { button, h, statusLine } from "./dom.js";
import { removeCopy } from "./kept-copy.js";
import { sitting } from "./sitting.js";
import { say } from "./words.js";

const LOOK_AGAIN = 400; // milliseconds
const LOOKED = 10; // times

/** Why nothing can be kept here, or "". */
function whyNot() {
  if (window.location.host === "") return say("page.offline_file"); // from a folder
  if (window.location.pathname.includes("/voila/render/")) return say("page.offline_program");
  const needed = [navigator.serviceWorker?.getRegistration, window.caches?.keys];
  return needed.every(Boolean) ? "" : say("page.offline_cannot");
}

/** Whether a whole copy is there. */
async function isThere() {
  const worker = await navigator.serviceWorker?.getRegistration();
  if (!worker?.active) return false;
  return (await window.caches?.keys()).some((name) => name.startsWith(`alongside ${worker.scope} `));
}

/**
 * Waits until a worker has all pages, or none of them.
 * @param {ServiceWorker} worker
 * @returns {Promise<boolean>}
 */
const settled = (worker) =>
  new Promise((done) => {
    const look = () => {
      if (worker.state === "activated") done(true);
      if (worker.state === "redundant") done(false);
    };
    worker.addEventListener("statechange", look);
    look();
  });

/**
 * Has a worker that is still there for an open page fetch the pages once more.
 * @param {ServiceWorker} worker
 * @returns {Promise<boolean>}
 */
const filled = (worker) =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => done(event.data);
    worker.postMessage("fill", [port2]);
  });

/**
 * Keeps a copy; gives whether all of it came.
 * @param {string} address of the worker, at the top of the site
 */
async function keepCopy(address) {
  const registration = await navigator.serviceWorker?.register(address, { updateViaCache: "none" });
  const worker = registration.installing || registration.waiting || registration.active;
  const whole = worker && (await settled(worker)) && ((await isThere()) || (await filled(worker)));
  if (!whole) await registration.unregister();
  return Boolean(whole);
}

/** Puts the button, or the sentence in its stead, into its place on the page. */
export function mountOffline() {
  document.addEventListener("DOMContentLoaded", () => {
    /** @type {HTMLElement | null} */
    const home = document.querySelector(".al-offline");
    if (!home) return;
    const why = whyNot();
    if (why) return home.append(h("p", {}, why));
    const address = home.dataset.given || "";
    const { line, tell } = statusLine();
    let busy = false;

    const keep = button(say("page.offline_keep"), () => {
      work(say("page.offline_moment"), async () => {
        // A line that broke is a TypeError; whatever else is refused, is refused for good.
        const whole = await keepCopy(address).catch((error) => (error instanceof TypeError ? false : null));
        if (whole === null) return say("page.offline_cannot");
        return whole ? "" : say("page.offline_failed");
      });
    });
    const remove = button(say("page.offline_remove"), () => {
      work("", async () => {
        await removeCopy();
        return say("page.offline_removed");
      });
    });

    /** @param {string} [said] in place of whether it is there */
    async function draw(said) {
      const there = await isThere().catch(() => false);
      const focused = document.activeElement === keep || document.activeElement === remove;
      keep.hidden = there;
      remove.hidden = !there;
      if (focused) (there ? remove : keep).focus();
      tell(said || (there ? say("page.offline_kept") : say("page.offline_none")));
    }

    /**
     * @param {string} meanwhile
     * @param {() => Promise<string>} does gives what is said when it is done
     */
    async function work(meanwhile, does) {
      if (busy) return;
      busy = true;
      tell(meanwhile);
      await draw(await does());
      busy = false;
    }

    home.append(line, keep, remove);
    draw();
    // A newer version is looked for whenever this page is opened, beside what browsers do by themselves.
    navigator.serviceWorker
      ?.getRegistration()
      .then((worker) => worker?.update())
      .catch(() => {});
    sitting.listen((what) => {
      if (what !== "all") return;
      for (let times = 1; times <= LOOKED; times += 1) window.setTimeout(() => busy || draw(), times * LOOK_AGAIN);
    });
  });
}
