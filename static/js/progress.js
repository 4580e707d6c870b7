// Refreshes a progress block from its own page every two seconds, until it has gone: then loads the result.
const block = document.querySelector("[data-progress]");
if (block) {
  const url = block.dataset.progress;
  const refresh = async () => {
    if (document.hidden) return;
    const answer = await fetch(url, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-progress]");
    if (!next) return location.assign(url);
    const bar = block.querySelector("progress");
    const nextBar = next.querySelector("progress");
    if (!bar && nextBar) return block.replaceChildren(...next.children);
    block.querySelector(".progress-label").textContent = next.querySelector(".progress-label").textContent;
    if (bar && nextBar) bar.value = nextBar.value;
  };
  setInterval(refresh, 2000);
}
