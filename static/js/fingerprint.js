// Computes the SHA-256 of the chosen file and sends it alone; the server asks for the file only if it does not know it.
// Without script, or where the browser cannot, the form sends the file.
const MAX = 20 * 1024 * 1024;

async function fingerprint(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

if (globalThis.crypto?.subtle) {
  for (const form of document.querySelectorAll("[data-fingerprint]")) {
    const input = form.querySelector("input[type=file]");
    form.querySelector("[data-fingerprint-note]").hidden = false;
    form.addEventListener("submit", async (event) => {
      const file = input.files[0];
      if (!file || file.size > MAX) return;
      event.preventDefault();
      form.querySelector("[name=sha256]").value = await fingerprint(file);
      input.disabled = true;
      form.submit();
      input.disabled = false;
    });
  }
}
