// A page of the room follows the room: it asks every few seconds whether there is anything new, and says so when it can't reach it.
// Without this script every page works by its buttons and links.

(() => {
  const EVERY = 4000;
  const PATIENCE = 5000;
  const SOON = 1000;
  const lost = document.getElementById("lost");
  const status = document.getElementById("status");
  const main = () => document.querySelector("main");
  let failed = 0;

  const ask = async (address, options) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(address, { ...options, cache: "no-store", signal: stop.signal });
      return { status: answer.status, text: await answer.text() };
    } finally {
      clearTimeout(timer);
    }
  };

  const show = (text) => {
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("main");
    if (!fresh) return;
    const old = main();
    const within = old.contains(document.activeElement) && document.activeElement !== document.body;
    old.replaceWith(document.adoptNode(fresh));
    if (within) fresh.focus();
    status.textContent = fresh.dataset.status || "";
  };

  const reached = (yes) => {
    failed = yes ? 0 : failed + 1;
    // Once may be a moment of bad Wi-Fi.
    if (yes) lost.hidden = true;
    else if (failed > 1) lost.hidden = false;
  };

  const follow = async () => {
    try {
      const tag = main().dataset.tag;
      const answer = await ask(location.pathname, { headers: tag ? { "If-None-Match": tag } : {} });
      reached(true);
      // A page of one sentence stays until it was read. Too many at once: it will be asked again.
      if (![304, 429, 503].includes(answer.status) && main().dataset.tag === tag && tag) show(answer.text);
    } catch {
      reached(false);
    }
    setTimeout(follow, failed === 1 ? SOON : EVERY);
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-answer]")) return;
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await ask(form.action, { method: "POST", body });
      reached(true);
      show(answer.text);
    } catch {
      // It may have come or not. The same phone counts once, so pressing again does no harm.
      failed = 1;
      reached(false);
      button.removeAttribute("aria-disabled");
    }
  });

  // Back: what the browser kept may be old.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  setTimeout(follow, SOON);
})();
