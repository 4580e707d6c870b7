// Shows a « copier le lien » button where the browser can copy; the page is complete without it.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const label = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Lien copié";
      setTimeout(() => { button.textContent = label; }, 3000);
    });
  }
}
