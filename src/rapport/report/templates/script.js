// Copies a query at a click, opens what is folded before printing, and shows in the contents where one is reading.
(() => {
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const query = button.parentElement.querySelector("pre"), before = document.getElementById(query.dataset.with);
      const text = (before ? before.querySelector(".with").textContent : "") + query.textContent;
      const select = () => getSelection().selectAllChildren(query);
      const said = () => { button.textContent = "Copied"; setTimeout(() => { button.textContent = "Copy"; }, 1500); };
      navigator.clipboard ? navigator.clipboard.writeText(text).then(said, select) : select();
    });
  }
  const folded = () => document.querySelectorAll("details.unfold:not([open])");
  addEventListener("beforeprint", () => folded().forEach((one) => { one.open = true; one.dataset.was = "folded"; }));
  addEventListener("afterprint", () => document.querySelectorAll("[data-was]").forEach((one) => { one.open = false; delete one.dataset.was; }));
  const reveal = () => { for (let one = document.getElementById(decodeURIComponent(location.hash.slice(1))); one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true; };
  addEventListener("hashchange", reveal);
  const links = new Map([...document.querySelectorAll("nav.contents a")].map((a) => [a.hash.slice(1), a]));
  const watch = new IntersectionObserver((seen) => seen.forEach((one) => {
    if (one.isIntersecting) links.forEach((a, id) => id === one.target.id ? a.setAttribute("aria-current", "true") : a.removeAttribute("aria-current"));
  }), { rootMargin: "-20% 0px -70% 0px" });
  links.forEach((_, id) => watch.observe(document.getElementById(id)));
})();
