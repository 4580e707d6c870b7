// A choice among many ([data-choose]): answers come as one types (forms/choosing.py). Also a text that is only
// suggested (input[data-suggest]). Without this script « Chercher » shows the form again with what was found.
const PAUSE = 180;
let count = 0;

function element(name, attributes = {}, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function combobox(input, address, pick) {
  const list = element("ul", { role: "listbox", id: `choix-${++count}`, class: "choose-list", "aria-label": "Réponses" });
  const said = element("span", { role: "status", class: "fine choose-said" });
  list.hidden = true;
  input.after(list, said);
  for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(key, value);
  let rows = [];
  let active = -1;
  let timer;
  let asked;

  const mark = (index) => {
    active = index;
    for (const [rank, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(rank === index));
    const option = list.children[index];
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  };
  const choose = (row) => {
    if (!row) return;
    pick(row);
    said.textContent = "";
    close();
  };
  const show = (found, note) => {
    rows = found;
    list.replaceChildren(...rows.map((row, rank) => {
      const option = element("li", { role: "option", id: `${list.id}-${rank}`, "aria-selected": "false" }, row.label);
      if (row.detail) option.append(" ", element("span", { class: "fine" }, row.detail));
      return option;
    }));
    list.hidden = rows.length === 0;
    input.setAttribute("aria-expanded", String(rows.length > 0));
    mark(-1);
    said.textContent = note || `${rows.length} réponse${rows.length > 1 ? "s" : ""}`;
  };
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    const url = new URL(address, location.href);
    url.searchParams.set("q", input.value);
    try {
      const answer = await fetch(url, { signal, credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      const found = await answer.json();
      if (!signal.aborted && document.activeElement === input) show(found.results, found.said);
    } catch {
      if (signal.aborted) return;
      close();
      said.textContent = "La recherche ne répond pas. Ce que vous écrivez sera cherché à l’enregistrement.";
    }
  };

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  input.addEventListener("click", () => { if (list.hidden) ask(); });
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
  list.addEventListener("click", (event) => choose(rows[[...list.children].indexOf(event.target.closest("li"))]));
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) { ask(); return; }
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(active < 0 && step < 0 ? rows.length - 1 : (active + step + rows.length) % rows.length);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      choose(rows[active < 0 && rows.length === 1 ? 0 : active]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    }
  });
}

function one(root, input, told) {
  const select = root.querySelector("select");
  const name = () => (select.value ? select.selectedOptions[0].text : "");
  if (!input.value) input.value = name();
  told.value = input.value === name() ? input.value : "";
  for (const key of ["id", "aria-describedby", "aria-invalid"]) {
    if (!select.hasAttribute(key)) continue;
    input.setAttribute(key, select.getAttribute(key));
    select.removeAttribute(key);
  }
  if (input.id) input.removeAttribute("aria-label"); // its label names it now
  select.hidden = true;
  const empty = () => {
    if (![...select.options].some((option) => !option.value)) select.prepend(new Option("", ""));
    select.value = "";
    told.value = "";
  };
  input.addEventListener("input", () => { if (!input.value.trim()) empty(); });
  return (row) => {
    const known = [...select.options].find((option) => option.value === String(row.key));
    if (!known) select.append(new Option(row.label, row.key));
    select.value = String(row.key);
    input.value = told.value = name();
    select.dispatchEvent(new Event("change", { bubbles: true })); // js/keep.js
  };
}

function several(root, input) {
  const boxes = root.querySelector(".choose-boxes");
  return (row) => {
    let box = [...boxes.querySelectorAll("input")].find((each) => each.value === String(row.key));
    if (!box) {
      const label = element("label");
      box = element("input", { type: "checkbox", name: input.name.replace(/_cherche$/, ""), value: row.key });
      label.append(box, ` ${row.label}`);
      boxes.append(label);
    }
    box.checked = true;
    input.value = "";
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
}

function enhance(place) {
  for (const root of place.querySelectorAll("[data-choose]")) {
    const [input, told] = root.querySelectorAll(".choose-search input");
    combobox(input, root.dataset.choose, "several" in root.dataset ? several(root, input) : one(root, input, told));
  }
  for (const input of place.querySelectorAll("input[data-suggest]")) {
    input.removeAttribute("list");
    combobox(input, input.dataset.suggest, (row) => {
      input.value = row.label;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

document.addEventListener("line:added", (event) => enhance(event.target));
enhance(document);
