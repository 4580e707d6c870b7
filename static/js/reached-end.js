// Tells, once, that the end of the text was shown. Without script nothing is claimed.
const end = document.querySelector("[data-reached-end]");
const form = end?.querySelector("form[hidden]");
if (end && form && "IntersectionObserver" in window) {
  const watch = new IntersectionObserver((seen) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    fetch(end.dataset.reachedEnd, { method: "POST", body: new FormData(form), credentials: "same-origin" }).catch(() => {});
  });
  watch.observe(end);
}
