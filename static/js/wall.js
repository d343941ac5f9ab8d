// A wall display: as many rows as fit, page after page, then the next view. Works with the keyboard; stands still when asked.
(() => {
  "use strict";
  const wall = document.querySelector("[data-wall]");
  if (!wall) return;
  const SECONDS = 15, button = wall.querySelector("[data-pause]"), body = wall.querySelector("[data-rows] tbody");
  const rows = body ? [...body.rows] : [];
  let paused = wall.hasAttribute("data-paused"), page = 0, pages = [rows], waited = 0;

  const fits = () => document.documentElement.scrollHeight <= window.innerHeight + 1;
  const show = (some) => rows.forEach((row) => { row.hidden = !some.includes(row); });
  const split = () => {
    pages = [];
    let some = [];
    for (const row of rows) {
      show([...some, row]);
      if (some.length && !fits()) { pages.push(some); some = []; }
      some.push(row);
    }
    if (some.length) pages.push(some);
    page = Math.min(page, Math.max(0, pages.length - 1));
    if (pages.length) show(pages[page]);
  };
  const turn = () => {
    waited += 1;
    if (paused) { if (waited * SECONDS >= 60) location.reload(); return; }
    page += 1;
    if (page < pages.length) show(pages[page]);
    else location.assign(wall.dataset.next);
  };
  button.addEventListener("click", (event) => {
    event.preventDefault();
    paused = !paused;
    waited = 0;
    button.textContent = paused ? button.dataset.go : button.dataset.stop;
    const here = new URL(location.href);
    if (paused) here.searchParams.set("pause", "1"); else here.searchParams.delete("pause");
    history.replaceState(null, "", here);
  });
  window.addEventListener("resize", split);
  split();
  setInterval(turn, SECONDS * 1000);
})();
