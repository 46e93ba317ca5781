/** A link to a second of a work: where no piece begins at that very second, the one being said then is shown. */

function show() {
  const wanted = Number(/^#t-(\d+)$/.exec(location.hash)?.[1] ?? NaN);
  for (const old of document.querySelectorAll(".at")) old.classList.remove("at");
  if (Number.isNaN(wanted) || document.getElementById(location.hash.slice(1))) return;
  const pieces = [...document.querySelectorAll('.transcript span[id^="t-"]')];
  const piece = pieces.findLast((one) => Number(one.id.slice(2)) <= wanted) ?? pieces[0];
  piece?.classList.add("at");
  piece?.scrollIntoView({ block: "center" });
}

addEventListener("hashchange", show);
show();
