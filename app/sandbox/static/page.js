// The page: who one is, what one says, and what comes back.
import { composer } from "./composer.js";
import { api, become, hand, listen } from "./network.js";
import { make, thread } from "./thread.js";
import { ago, language, word } from "./words.js";

const at = (id) => document.getElementById(id);
const place = location.pathname.match(/^\/@([^/]+)(?:\/(?:statuses\/)?([^/]+))?$/);
const state = { people: [], me: null, threads: [], stop: null, busy: false };

document.documentElement.lang = language;
for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
document.title = word("title");
at("new-person").elements.name.placeholder = word("newNameHint");

const brands = () => state.people.filter((one) => one.brand);
const firstBrand = () => (brands()[0] ? `@${brands()[0].acct}` : "");

function problem(error) {
  at("problem").hidden = !error;
  at("problem").textContent = error ? error.message : "";
}

async function loadPeople() {
  state.people = await hand("GET", "people");
  const list = at("people");
  list.replaceChildren();
  for (const one of state.people.filter((each) => !each.brand).sort((a, b) => (a.last_status_at < b.last_status_at ? 1 : -1)).slice(0, 12)) {
    const button = make("button", { type: "button", className: "person" },
      make("img", { src: one.avatar, alt: "", width: 28, height: 28 }),
      make("span", { textContent: one.display_name, dir: "auto" }));
    button.setAttribute("aria-pressed", String(one.id === state.me?.id));
    button.addEventListener("click", () => choose(one));
    list.append(make("li", {}, button));
  }
}

async function choose(person) {
  state.stop?.();
  state.me = person;
  localStorage.setItem("sandbox-person", person.acct);
  if (place) { location.href = "/"; return; }
  await become(person.acct);
  await loadPeople();
  drawComposer();
  state.stop = listen(refresh, (alive) => {
    at("line").textContent = word(alive ? "live" : "lost");
    at("line").classList.toggle("lost", !alive);
  });
  await refresh();
}

function drawComposer() {
  const box = at("composer");
  box.hidden = Boolean(place);
  if (!firstBrand()) { box.replaceChildren(brandForm()); return; }
  if (!state.me) { box.replaceChildren(make("p", { className: "quiet", textContent: word("first") })); return; }
  box.replaceChildren(composer({
    brand: firstBrand(), title: word("say", { brand: firstBrand() }), lead: `${firstBrand()} `, done: after,
  }));
}

function brandForm() {
  const field = make("input", { required: true, pattern: "@?[A-Za-z0-9_]+", placeholder: word("brandName") });
  field.setAttribute("aria-label", word("brandName"));
  const form = make("form", { className: "row wrap" }, make("p", { className: "quiet", textContent: word("noBrand") }), field, make("button", { className: "first", textContent: word("makeBrand") }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await hand("POST", "brands", { handle: field.value }).then(loadPeople).then(drawComposer).catch(problem);
  });
  return form;
}

function after(error) {
  problem(error);
  if (!error) refresh();
}

let again = false;
async function refresh() {
  if (state.busy) { again = true; return; }
  state.busy = true;
  try {
    if (place?.[2]) state.threads = [await hand("GET", `threads/${encodeURIComponent(place[2])}`)];
    else {
      const whose = place ? decodeURIComponent(place[1]) : state.me?.acct;
      state.threads = await hand("GET", `threads${whose ? `?person=${encodeURIComponent(whose)}` : ""}`);
    }
    drawThreads();
  } catch (error) {
    if (place) at("threads").replaceChildren(make("p", { className: "quiet", textContent: word("gone") }));
    else problem(error);
  } finally {
    state.busy = false;
    if (again) { again = false; refresh(); }
  }
}

function drawThreads() {
  const typing = document.activeElement?.closest("#threads form");
  const open = [...document.querySelectorAll("#threads form, #threads details[open]")];
  at("threads-title").textContent = word(place?.[2] ? "oneThread" : state.me || place ? "threads" : "allThreads");
  const known = new Set(brands().map((one) => one.id));
  const me = place ? null : state.me?.id;
  const drawn = state.threads.map((one) => keep(one, me, known));
  const box = at("threads");
  // What did not change stays as it is, so that nothing loses its focus while news arrives.
  if (drawn.length && drawn.length === box.children.length && drawn.every((each, i) => each === box.children[i])) return;
  if (typing || open.some((one) => one.tagName === "FORM")) keepForms(drawn);
  for (const one of open.filter((each) => each.tagName === "DETAILS")) {
    const id = one.closest(".post")?.dataset.id;
    drawn.map((each) => each.querySelector(`[data-id="${CSS.escape(id)}"] details`)).forEach((each) => { if (each) each.open = true; });
  }
  box.replaceChildren(...drawn);
  typing?.querySelector("textarea")?.focus();
  if (!drawn.length) box.append(make("p", { className: "quiet", textContent: word("noThreads", { brand: firstBrand() }) }));
  if (place) box.append(make("p", {}, make("a", { href: "/", textContent: word("back") })));
}

const kept = new Map();
function keep(one, me, brandIds) {
  const text = JSON.stringify([one, me]);
  const before = kept.get(one.id);
  if (before?.text === text) return before.drawn;
  const drawn = thread(one, { me, brands: brandIds, does });
  kept.set(one.id, { text, drawn });
  return drawn;
}

function keepForms(drawn) {
  for (const form of document.querySelectorAll("#threads form")) {
    if (drawn.some((each) => each.contains(form))) continue;
    const id = form.closest(".post")?.dataset.id;
    const body = drawn.map((one) => one.querySelector(`[data-id="${CSS.escape(id)}"] .body`)).find(Boolean);
    if (body && form.classList.contains("edit")) body.querySelector(".text").hidden = true;
    body?.append(form);
  }
}

const does = {
  reply(post, row) {
    if (row.querySelector("form")) return;
    const to = [post.account, ...post.mentions].filter((one) => one.id !== state.me.id).map((one) => `@${one.acct}`);
    const lead = `${[...new Set(to.length ? to : [firstBrand()])].join(" ")} `;
    const form = composer({
      brand: firstBrand(), parent: post, title: word("replyTo", { who: `@${post.account.acct}` }), lead,
      done: (error) => { if (!error) form.remove(); after(error); },
    });
    row.querySelector(".body").append(form);
    form.querySelector("textarea").focus();
  },
  async edit(post, row) {
    if (row.querySelector("form.edit")) return;
    const { text } = await api("GET", `/api/v1/statuses/${post.id}/source`);
    const field = make("textarea", { value: text, rows: 3, required: true, dir: "auto" });
    field.setAttribute("aria-label", word("edit"));
    const form = make("form", { className: "edit" }, field, make("p", { className: "row" },
      make("button", { className: "first", textContent: word("save") }),
      make("button", { type: "button", textContent: word("cancel"), onclick: () => { form.remove(); row.querySelector(".text").hidden = false; } })));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const body = { status: field.value, spoiler_text: post.spoiler_text, media_ids: post.media_attachments.map((one) => one.id) };
      await api("PUT", `/api/v1/statuses/${post.id}`, body).then(() => { form.remove(); row.querySelector(".text").hidden = false; after(); }, problem);
    });
    row.querySelector(".text").hidden = true;
    row.querySelector(".body").append(form);
    field.focus();
  },
  delete: (post) => api("DELETE", `/api/v1/statuses/${post.id}`).then(() => after(), problem),
};

at("new-person").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = event.target.elements.name.value.trim();
  const handle = name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  try {
    const person = await hand("POST", "people", { handle: handle || `customer_${Date.now().toString(36)}`, name, language });
    event.target.reset();
    problem();
    await choose(person);
  } catch (error) {
    problem(error);
  }
});

setInterval(() => {
  for (const time of document.querySelectorAll("time")) time.textContent = ago(time.dateTime);
}, 15000);

await loadPeople();
const remembered = state.people.find((one) => one.acct === localStorage.getItem("sandbox-person") && !one.brand);
drawComposer();
if (remembered && !place) await choose(remembered);
else await refresh();
if (place || !remembered) setInterval(refresh, 4000);
