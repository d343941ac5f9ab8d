// Saves keystrokes on the staff pages. Everything here also works without it.
(() => {
  "use strict";
  const store = "bihuan.keys";
  const off = () => { try { return localStorage.getItem(store) === "off"; } catch { return false; } };
  const one = (selector) => document.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // j k: the next or previous row of a list marked data-keys; the focus sits on the row's own link
  const step = (by) => {
    const links = all("[data-keys] [data-open]").filter((link) => link.offsetParent);
    if (!links.length) return false;
    const here = links.findIndex((link) => link.closest("li, tr").contains(document.activeElement));
    links[Math.min(links.length - 1, Math.max(0, here + by))].focus();
    return true;
  };
  const act = () => {
    const row = document.activeElement.closest("[data-keys] :is(li, tr)");
    const verb = row && row.querySelector("[data-act]");
    if (verb) verb.click();
    return Boolean(verb);
  };
  const keys = {
    "/": () => { const box = one("[data-search]"); if (box) { box.focus(); box.select(); } return Boolean(box); },
    j: () => step(1), k: () => step(-1), e: act,
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all("details.more[open]").forEach((menu) => {
      menu.open = false; menu.querySelector("summary").focus();
    });
    if (off() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (keys[event.key] && keys[event.key]()) event.preventDefault();
  });

  // single letters must be possible to switch off (WCAG 2.1.4)
  const line = one("[data-keys-line]");
  if (line) {
    const button = line.querySelector("button");
    const show = () => { button.setAttribute("aria-pressed", String(!off())); };
    line.hidden = false; show();
    button.addEventListener("click", () => {
      try { if (off()) localStorage.removeItem(store); else localStorage.setItem(store, "off"); } catch { /* private window: stays on */ }
      show();
    });
  }

  document.addEventListener("click", (event) => {
    all("details.more[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // rows picked for a bulk action: count, tint, pick the whole page
  const count = () => {
    const bar = one("[data-bulk]");
    if (!bar) return;
    const boxes = all("[data-pick]");
    const picked = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr").classList.toggle("is-on", box.checked));
    bar.classList.toggle("bulk--on", picked.length > 0);
    const number = bar.querySelector("[data-count]");
    if (number) number.textContent = picked.length;
    const page = one("[data-pick-page]");
    if (page) { page.checked = picked.length > 0 && picked.length === boxes.length; page.indeterminate = picked.length > 0 && !page.checked; }
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-page]")) all("[data-pick]").forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-pick], [data-pick-page]")) count();
  });
  document.addEventListener("htmx:afterSettle", count);
  count();
})();
