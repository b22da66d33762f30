// The copy of all pages that somebody may have asked for on this device (offline.js): forgetting everything takes it along.

/** Removes the copy and its worker. Where there is none, or a browser keeps none, nothing happens. */
export async function removeCopy() {
  try {
    const worker = await navigator.serviceWorker?.getRegistration();
    for (const name of await window.caches?.keys()) {
      if (!name.startsWith(`alongside ${worker?.scope} `)) continue;
      await window.caches?.delete(name);
      await worker?.unregister();
    }
  } catch (none) {
    // a browser, an address or a window in which nothing is kept
  }
}
