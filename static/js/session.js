// Warns two minutes before the session closes; after the end, what was typed stays on the page.
// Reads [data-session-left] (seconds), data-session-url, data-session-user, data-sign-in of one element.
const WARNING = 120;
const place = document.querySelector("[data-session-left]");
if (place) {
  const { sessionUrl, sessionUser, signIn } = place.dataset;
  const dialog = place.querySelector("dialog");
  const [title, text] = [dialog.querySelector("h2"), dialog.querySelector("p")];
  const [stay, again] = [dialog.querySelector("button"), dialog.querySelector("a")];
  let ends;
  let timer;

  const show = () => { if (!dialog.open) dialog.showModal(); };
  const plan = (left) => {
    ends = Date.now() + left * 1000;
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(0, (left - WARNING) * 1000));
  };
  const look = () => {
    const left = Math.round((ends - Date.now()) / 1000);
    if (left <= 0) return over();
    if (left > WARNING) return plan(left);
    title.textContent = "Votre session va se fermer";
    text.textContent = "Sans réponse de votre part, elle se ferme dans deux minutes. Ce que vous avez écrit reste sur cette page.";
    stay.textContent = "Rester connecté";
    again.hidden = true;
    show();
    timer = setTimeout(look, left * 1000);
  };
  const over = () => {
    title.textContent = "Votre session est fermée";
    text.textContent = "Ce que vous avez écrit est encore sur cette page. Connectez-vous dans un nouvel onglet, revenez ici, puis continuez.";
    stay.textContent = "Je suis reconnecté";
    again.href = signIn;
    again.hidden = false;
    show();
  };
  const ask = async () => {
    const heard = async (method, headers) => {
      const response = await fetch(sessionUrl, { method, headers, credentials: "same-origin" });
      return response.ok ? response.json() : { left: 0, user: 0, token: "" };
    };
    let found = await heard("GET", {});
    if (found.left > 0 && String(found.user) === sessionUser) found = await heard("POST", { "X-CSRFToken": found.token });
    if (found.left <= 0 || String(found.user) !== sessionUser) return over();
    // A new sign-in gave a new token: the forms of this page take it.
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = found.token;
    dialog.close();
    plan(found.left);
  };
  stay.addEventListener("click", () => ask().catch(over));
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  plan(Number(place.dataset.sessionLeft));
}
