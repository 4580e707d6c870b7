// Adds lines without a round trip.
// Without this script the same buttons ask the server for one more line.

// Fields that tell one device from the next: a similar line leaves them empty.
const OWN = new Set(["id", "serial", "inventory_tag", "DELETE", "vanished"]);

function nameOf(control, prefix) {
  return control.name.startsWith(`${prefix}-`) ? control.name.replace(/^[^-]+-[^-]+-/, "") : "";
}

function addLine(prefix, similar) {
  const lines = document.querySelector(`[data-lines="${prefix}"]`);
  const empty = document.querySelector(`template[data-empty="${prefix}"]`);
  const total = document.querySelector(`#id_${prefix}-TOTAL_FORMS`);
  const last = lines.lastElementChild;
  const holder = document.createElement("template");
  holder.innerHTML = empty.innerHTML.replaceAll("__prefix__", total.value);
  const line = holder.content.firstElementChild;
  const rank = Number(total.value) + 1;
  line.setAttribute("aria-label", line.getAttribute("aria-label").replace("nouvelle", rank));
  lines.append(line);
  total.value = rank;
  if (similar && last) copyValues(last, line, prefix);
  line.dispatchEvent(new Event("line:added", { bubbles: true })); // js/choose.js
  line.querySelector("input:not([type=hidden]), select:not([hidden]), textarea")?.focus();
}

function copyValues(from, to, prefix) {
  const values = new Map();
  for (const control of from.querySelectorAll("input, select, textarea")) values.set(nameOf(control, prefix), control);
  for (const control of to.querySelectorAll("input, select, textarea")) {
    const name = nameOf(control, prefix);
    const model = values.get(name);
    if (!model || OWN.has(name) || control.type === "file") continue;
    if (control.type === "checkbox") control.checked = model.checked;
    else control.value = model.value;
  }
}

const form = document.querySelector("#dossier");
if (form) {
  for (const button of form.querySelectorAll("[data-add]")) {
    button.hidden = false;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      addLine(button.dataset.add, "similar" in button.dataset);
      form.dispatchEvent(new Event("kept:changed")); // js/keep.js
    });
  }
}
