// The worker that keeps the lessons on a device where somebody pressed the button for it, on the page "Without internet".
//
// The command that publishes puts one line above this text: KEPT = {version, files: {path: checksum}}. A page from the
// network always comes first, so that no old page is shown where there is internet. The copy is one version, whole: what
// comes is held to its checksum, a newer copy takes the place of the older one when all of it is there, and not before.

/* global KEPT */

const OURS = `alongside ${self.registration.scope} `; // as kept-copy.js knows it, too
const NAME = OURS + KEPT.version;
const AT_ONCE = 6; // pages that are fetched side by side
const PATIENCE = 5000; // milliseconds in which a page has to come; a line that hardly works is no reason to wait

/**
 * Fetches every page into a copy of this version. Whatever fails leaves none of it.
 */
async function fetchAll() {
  const copy = await caches.open(NAME);
  const waiting = Object.entries(KEPT.files);
  const some = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [path, integrity] = next;
      const address = new URL(path, self.registration.scope).href;
      // "no-store": what the browser remembers of visits gets no page that nobody visited.
      const answer = await fetch(address, { cache: "no-store", credentials: "same-origin", integrity });
      if (!answer.ok) throw new Error(`${answer.status}`);
      // Put together anew: what came by a detour can't be given to somebody who opens the page.
      const type = answer.headers.get("Content-Type") || "text/html; charset=utf-8";
      await copy.put(address, new Response(await answer.blob(), { headers: { "Content-Type": type } }));
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, some));
  } catch (failed) {
    await caches.delete(NAME);
    throw failed;
  }
}

async function removeOlder() {
  const names = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== NAME);
  await Promise.all(names.map((name) => caches.delete(name)));
}

/**
 * The page in the copy, if it is there. A folder's address is that of its first page; some hosts leave out the ending.
 * @param {string} address
 */
async function kept(address) {
  const url = new URL(address);
  url.hash = url.search = "";
  const names = [url.href, `${url.href}index.html`, `${url.href}.html`];
  for (const name of names) {
    const page = await caches.match(name, { cacheName: NAME });
    if (page) return page;
  }
  return undefined;
}

/**
 * From the network, or else from the copy.
 * @param {Request} request
 */
async function answer(request) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(fail, PATIENCE);
  });
  // The browser's own memory of pages is asked for nothing: it may hold an old one, and hold it for fresh.
  const asked = fetch(request.url, { cache: "no-cache", credentials: "same-origin", redirect: "manual" });
  try {
    const fresh = await Promise.race([asked, late]);
    if (fresh.status < 500) return fresh;
  } catch {
    // no network, or hardly any
  } finally {
    clearTimeout(timer);
  }
  return (await kept(request.url)) || asked;
}

self.addEventListener("install", (event) => event.waitUntil(fetchAll().then(() => self.skipWaiting())));

self.addEventListener("activate", (event) => event.waitUntil(removeOlder().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  // A page is one file and asks for nothing else.
  if (event.request.mode === "navigate" && event.request.method === "GET") event.respondWith(answer(event.request));
});

// Somebody removed the copy, and wants it again, while this worker was still there for an open page.
self.addEventListener("message", (event) => {
  const [port] = event.ports;
  event.waitUntil(
    fetchAll().then(
      () => port.postMessage(true),
      () => port.postMessage(false),
    ),
  );
});
