"use strict";
const book = JSON.parse(document.getElementById("book").textContent);
const count = book.pages.length;
const $ = (id) => document.getElementById(id);
const [stage, panel, slider, end] = ["stage", "panel", "slider", "end"].map($);

// ---- what is kept between visits; a browser may refuse, and then nothing is
const kept = {
  get(name) {
    try { return localStorage.getItem(`mangacrawl ${name}`); } catch { return null; }
  },
  set(name, value) {
    try { localStorage.setItem(`mangacrawl ${name}`, value); } catch { /* not kept */ }
  },
};
const DIRECTION = `direction ${book.series}`;
const POSITION = `position ${book.series} ${book.id}`;
const choices = {
  mode: ["single", "double", "vertical"],
  fit: ["page", "width", "height"],
  direction: ["ltr", "rtl"],
};
const chosen = {};
for (const [name, values] of Object.entries(choices)) {
  const before = kept.get(name === "direction" ? DIRECTION : name);
  const usual = name === "direction" ? book.direction : values[0];
  chosen[name] = values.includes(before) ? before : usual;
}
chosen.cover = kept.get("cover") !== "no";

// ---- pages: [address, width, height], or [null, 0, 0, why it is missing]
const pictures = new Map();
const number = (index) => `${index + 1} of ${count}`;

function picture(index) {
  if (!pictures.has(index)) {
    const [address, width, height] = book.pages[index];
    const image = new Image(width, height);
    image.alt = `Page ${number(index)}`;
    image.draggable = false;
    image.addEventListener("error", () => {
      const place = image.parentElement;
      pictures.delete(index);
      if (place) place.replaceChildren(lost(index, "Its picture is not where it was stored."));
    });
    if (chosen.mode === "vertical") image.loading = "lazy";
    image.src = address;
    pictures.set(index, image);
  }
  return pictures.get(index);
}

function lost(index, why) {
  const note = document.createElement("div");
  note.className = "lost";
  note.dir = "ltr"; // the stage may have the other one, for its pages
  const title = document.createElement("b");
  title.textContent = `Page ${number(index)} cannot be shown`;
  const reason = document.createElement("span");
  reason.textContent = why;
  note.append(title, reason);
  if (book.file) {
    const link = document.createElement("a");
    link.href = book.file;
    link.textContent = `Open the ${book.label}`;
    note.append(link);
  }
  return note;
}

function figure(index) {
  const [address, , , why] = book.pages[index];
  const element = document.createElement("figure");
  element.dataset.page = index;
  element.append(address === null ? lost(index, why) : picture(index));
  return element;
}

// ---- views: what stands on the stage together; the last one is the end
let views = [];
let view = 0;
let linking = 0;
const isWide = (index) => book.pages[index][1] > book.pages[index][2];

function arrange() {
  views = [];
  for (let index = 0; index < count; ) {
    const isAlone =
      chosen.mode !== "double" || isWide(index) || (index === 0 && chosen.cover) ||
      index + 1 === count || isWide(index + 1);
    views.push(isAlone ? [index] : [index, index + 1]);
    index += views.at(-1).length;
  }
  if (chosen.mode !== "vertical") views.push([]);
}

const viewOf = (index) => views.findIndex((pages) => pages.includes(index));
const page = () => views[view][0] ?? count - 1;

function preload() {
  const near = [...(views[view + 1] ?? []), ...(views[view + 2] ?? []), ...(views[view - 1] ?? [])];
  for (const index of near) {
    if (book.pages[index][0] !== null) picture(index).decode().catch(() => {});
  }
  for (const index of pictures.keys()) {
    if (Math.abs(index - page()) > 8) pictures.delete(index);
  }
}

function show(next) {
  view = Math.max(0, Math.min(next, views.length - 1));
  const pages = views[view];
  if (chosen.mode === "vertical") {
    stage.children[view].scrollIntoView();
  } else {
    stage.classList.toggle("pair", pages.length > 1);
    stage.replaceChildren(...pages.map(figure), ...(pages.length ? [] : [end]));
    stage.scrollTo(0, 0); // where reading begins, also from right to left
    preload();
  }
  told();
}

function told() {
  const first = page();
  const pages = views[view];
  const where = pages.length ? pages.map((index) => index + 1).join("–") : "End";
  $("where").textContent = pages.length ? `${where} of ${count}` : where;
  slider.value = first + 1;
  slider.setAttribute("aria-valuetext", $("where").textContent);
  kept.set(POSITION, first);
  clearTimeout(linking); // browsers bound how often an address may change
  linking = setTimeout(() => history.replaceState(null, "", `#p=${first + 1}`), 150);
  const links = [...$("chapters").querySelectorAll("a")];
  const current = links.findLast((link) => Number(link.hash.slice(3)) <= first + 1);
  for (const link of links) link.toggleAttribute("aria-current", link === current);
}

const bare = (is) => document.body.classList.toggle("is-bare", is);

function turn(step) {
  if (step > 0 && view === views.length - 1) {
    if (book.next) location.href = book.next;
    return;
  }
  bare(true);
  show(view + step);
}

// ---- layout
let watcher = null;

function rebuild() {
  const at = views.length ? page() : null;
  document.body.dataset.fit = chosen.fit;
  stage.dir = chosen.direction;
  slider.dir = chosen.direction;
  stage.className = chosen.mode === "vertical" ? "strip" : "";
  const isRtl = chosen.direction === "rtl";
  for (const [id, isNext, sign] of [["left", isRtl, "‹"], ["right", !isRtl, "›"]]) {
    $(id).textContent = sign;
    $(id).setAttribute("aria-label", isNext ? "Next page" : "Previous page");
  }
  for (const input of panel.querySelectorAll("input")) {
    input.checked = input.type === "radio" ? chosen[input.name] === input.value : chosen.cover;
  }
  pictures.clear();
  arrange();
  watcher?.disconnect();
  if (chosen.mode === "vertical") {
    stage.replaceChildren(...views.map(([index]) => figure(index)), end);
    watch();
  }
  end.hidden = false;
  if (at !== null) show(viewOf(at));
}

function watch() {
  watcher = new IntersectionObserver((entries) => {
    const seen = entries.filter((entry) => entry.isIntersecting).at(-1);
    if (seen) {
      view = Number(seen.target.dataset.page);
      told();
    }
  }, { rootMargin: "-50% 0px -50% 0px" });
  for (const each of stage.querySelectorAll("figure")) watcher.observe(each);
}

function choose(name, value) {
  chosen[name] = value;
  kept.set(name === "direction" ? DIRECTION : name, name === "cover" ? (value ? "yes" : "no") : value);
  rebuild();
}

function nextChoice(name) {
  const values = choices[name];
  choose(name, values[(values.indexOf(chosen[name]) + 1) % values.length]);
}

// ---- keys, clicks, swipes
const towards = (side) => ((side === "right") === (chosen.direction === "ltr") ? 1 : -1);

/** Space and page keys read on: down a page that is higher than the window, then to the next. */
function readOn(step) {
  const box = chosen.mode === "vertical" ? document.scrollingElement : stage;
  const room = step > 0 ? box.scrollHeight - box.clientHeight - box.scrollTop : box.scrollTop;
  if (chosen.mode !== "vertical" && room < 4) turn(step);
  else box.scrollBy({ top: step * box.clientHeight * 0.9 });
}

const keys = {
  ArrowLeft: () => turn(towards("left")),
  ArrowRight: () => turn(towards("right")),
  " ": (event) => readOn(event.shiftKey ? -1 : 1),
  PageDown: () => readOn(1),
  PageUp: () => readOn(-1),
  Home: () => show(0),
  End: () => show(viewOf(count - 1)),
  m: () => panel.showModal(),
  l: () => nextChoice("mode"),
  f: () => nextChoice("fit"),
  d: () => nextChoice("direction"),
};

addEventListener("keydown", (event) => {
  const isElsewhere = panel.open || event.ctrlKey || event.altKey || event.metaKey ||
    event.target.matches("input") || (event.key === " " && event.target.matches("a, button"));
  if (!isElsewhere && Object.hasOwn(keys, event.key)) {
    event.preventDefault();
    keys[event.key](event);
  }
});

let swipe = null;
stage.addEventListener("touchstart", (event) => {
  const isZoomed = (window.visualViewport?.scale ?? 1) > 1.05;
  swipe = event.touches.length === 1 && !isZoomed
    ? { x: event.touches[0].clientX, y: event.touches[0].clientY, left: stage.scrollLeft } : null;
}, { passive: true });
stage.addEventListener("touchend", (event) => {
  if (!swipe || chosen.mode === "vertical" || stage.scrollLeft !== swipe.left) return;
  const x = event.changedTouches[0].clientX - swipe.x;
  const y = event.changedTouches[0].clientY - swipe.y;
  if (Math.abs(x) > 40 && Math.abs(x) > 2 * Math.abs(y)) {
    event.preventDefault(); // no click after it
    turn(towards(x < 0 ? "right" : "left"));
  }
});

stage.addEventListener("click", (event) => {
  if (event.target.closest("a")) return;
  const third = Math.floor((3 * event.clientX) / innerWidth);
  if (chosen.mode === "vertical" || third === 1) bare(!document.body.classList.contains("is-bare"));
  else turn(towards(third === 0 ? "left" : "right"));
});

$("left").addEventListener("click", () => show(view + towards("left")));
$("right").addEventListener("click", () => show(view + towards("right")));
$("menu").addEventListener("click", () => panel.showModal());
$("close").addEventListener("click", () => panel.close());
panel.addEventListener("click", (event) => {
  if (event.target === panel || event.target.closest("#chapters a")) panel.close();
});
panel.addEventListener("change", ({ target }) => {
  choose(target.name, target.type === "checkbox" ? target.checked : target.value);
});
slider.addEventListener("input", () => show(viewOf(slider.value - 1)));

// ---- begin
const linked = () => {
  const asked = /^#p=(\d{1,9})$/.exec(location.hash);
  return asked ? Math.max(0, Math.min(count - 1, Number(asked[1]) - 1)) : null;
};
addEventListener("hashchange", () => {
  const index = linked();
  if (index !== null && index !== page()) show(viewOf(index));
});
history.scrollRestoration = "manual";
rebuild();
show(viewOf(linked() ?? Math.min(count - 1, Number(kept.get(POSITION)) || 0)));
