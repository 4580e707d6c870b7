// Keeps on the server what is typed in a sealed form ([data-keep]) and not saved; warns before leaving it unkept.
// Without this script, a form that is refused or whose session is over keeps its text by itself.
const PAUSE = 2000; // after the last key
const AGAIN = 10000; // after a failure

function keeper(mark) {
  const form = mark.form;
  const place = form.querySelector(".submit-row, .form-actions, .actions:last-child") ?? form;
  const said = document.createElement("p");
  said.className = "fine muted kept-said";
  let typed = "unsaved" in mark.dataset; // something is on the page that is not saved
  let kept = typed; // and the server has it
  let leaving = false;
  let sent = 0;
  let timer;

  const tell = (text, trouble) => {
    said.textContent = text;
    said.setAttribute("role", trouble ? "alert" : "note");
    if (!said.isConnected) place.append(said);
  };
  const body = () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const control = form.elements.namedItem(name);
      if (typeof value === "string" && control?.type !== "password") fields.append(name, value);
    }
    fields.append("_garder", "1");
    return fields;
  };
  const keep = async (last = false) => {
    clearTimeout(timer);
    if (!typed || kept || leaving) return;
    const number = ++sent;
    const fields = body();
    kept = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, credentials: "same-origin",
        keepalive: last && fields.toString().length < 60000, redirect: "error" });
      const found = answer.ok || answer.status === 403 ? await answer.json() : { kept: false };
      if (found.kept) {
        const time = new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
        if (number === sent && !leaving) tell(`Ce que vous écrivez est gardé (${time}), pas encore enregistré.`, false);
        return;
      }
      tell("Ce texte n’a pas pu être gardé. Enregistrez-le avant de quitter cette page.", true);
    } catch {
      if (leaving) return;
      tell("La connexion est coupée : ce que vous écrivez n’est pas encore gardé. Ne fermez pas cette page.", true);
    }
    kept = false;
    timer = setTimeout(keep, AGAIN);
  };
  const changed = (event) => {
    if (event.target.type === "password" || event.target.type === "file") return;
    typed = true;
    kept = leaving = false;
    clearTimeout(timer);
    timer = setTimeout(keep, event.type === "change" ? 300 : PAUSE);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  // Buttons and fields of the form that stand outside it.
  document.addEventListener("input", (event) => { if (event.target.form === form && !form.contains(event.target)) changed(event); });
  form.addEventListener("kept:changed", () => changed({ target: form, type: "change" }));
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("online", () => keep());
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(true); });
  window.addEventListener("pagehide", () => keep(true));
  window.addEventListener("beforeunload", (event) => { if (typed && !kept && !leaving) event.preventDefault(); });
}

for (const mark of document.querySelectorAll("[data-keep]")) keeper(mark);
