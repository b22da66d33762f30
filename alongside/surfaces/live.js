// A live page: loads itself anew when a file was saved, and asks what `check` finds. No learner's page brings this.

(() => {
  const panel = document.getElementById("alongside-live");
  const { version, changes, found, lost } = panel.dataset;
  const status = panel.querySelector("[role=status]");

  const source = new EventSource(changes);
  source.addEventListener("message", (event) => {
    if (event.data === version) return;
    source.close();
    window.location.reload();
  });
  // Before a page is left, too: a change that comes while the next one is on its way would bring this one back.
  for (const leaving of ["beforeunload", "pagehide"]) window.addEventListener(leaving, () => source.close());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload(); // Back: the page that was kept may be old
  });

  const show = ({ says, findings }) => {
    status.textContent = says;
    const list = panel.querySelector("ul");
    for (const sentence of findings) {
      const item = document.createElement("li");
      item.textContent = sentence;
      list.append(item);
    }
  };
  fetch(found)
    .then((answer) => answer.json())
    .then(show)
    .catch(() => {
      status.textContent = lost;
    });
})();
