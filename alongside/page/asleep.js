// On a page with a tool that needs a program behind it: says so when that program is gone. It stands alone, and no
// page of activities loads it.

(() => {
  "use strict";
  const EVERY = 15000; // milliseconds

  /**
   * False where no such program is there, or no server that answers. "Forbidden" says nothing of the program: a hub
   * says that to whoever asks without its token.
   * @param {string} address
   */
  async function isThere(address) {
    const token = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie);
    try {
      const headers = { "X-XSRFToken": token ? token[1] : "" };
      const { status } = await fetch(address, { credentials: "same-origin", cache: "no-store", headers });
      return status < 500 && status !== 404 && status !== 424; // 424: a hub whose server is stopped
    } catch {
      return false;
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const told = document.getElementById("jupyter-config-data");
    /** @type {HTMLElement | null} */
    const sign = document.querySelector(".al-asleep");
    if (!told || !sign) return;
    const { baseUrl, kernelId } = JSON.parse(told.textContent);
    const look = async () => {
      const words = (await isThere(`${baseUrl}api/kernels/${kernelId}`)) ? "" : sign.dataset.words || "";
      if (sign.textContent !== words) sign.textContent = words;
    };
    window.setInterval(look, EVERY);
    // A computer that was closed for a while learns it at once.
    document.addEventListener("visibilitychange", look);
    window.addEventListener("online", look);
  });
})();
