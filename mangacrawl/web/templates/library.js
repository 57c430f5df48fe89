"use strict";
const search = document.getElementById("search");
const series = [...document.querySelectorAll("#shelf > li")];
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const texts = series.map((each) =>
  plain([...each.querySelectorAll(".name, .by")].map((part) => part.textContent).join(" ")),
);
function filter() {
  const words = plain(search.value).split(/\s+/);
  let found = 0;
  series.forEach((each, index) => {
    each.hidden = !words.every((word) => texts[index].includes(word));
    found += !each.hidden;
  });
  document.getElementById("none").hidden = found > 0;
}
search.hidden = series.length < 2;
search.addEventListener("input", filter);
filter(); // the browser may have kept what was typed before a reload
