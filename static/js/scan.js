// As a reader ends a label with Enter, say which device it is. The lines themselves are all that is sent.
const form = document.querySelector("[data-scan]");
const lines = form?.querySelector("textarea");
const said = form?.querySelector("[data-scan-said]");

async function tell(label, rank) {
  const address = `${form.dataset.scan}?${new URLSearchParams({ etiquette: label })}`;
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return;
    const { said: words } = await answer.json();
    said.textContent = words ? `${rank} : ${words}` : "";
  } catch {
    said.textContent = ""; // without network the lines are typed all the same
  }
}

lines?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  const typed = lines.value.slice(0, lines.selectionStart).split("\n");
  const label = typed.at(-1).trim();
  if (label) tell(label, typed.filter((line) => line.trim()).length);
});
lines?.focus();
