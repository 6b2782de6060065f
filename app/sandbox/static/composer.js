// The form one writes in: public or private, content warning, pictures with their words, a counter.
import { api } from "./network.js";
import { make } from "./thread.js";
import { word } from "./words.js";

const LIMIT = 500;
const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const length = (text) => [...segments.segment(text.replace(/https?:\/\/\S+/g, "x".repeat(23)))].length;

/** Build a composer. `brand`: whom it is written to; `parent`: the post it answers; `done`: called after posting. */
export function composer({ brand, parent, done, title, lead }) {
  const form = make("form", { className: "composer" });
  const secret = parent?.visibility === "direct";
  const name = `lane-${parent?.id ?? "new"}`;
  form.innerHTML = `
    <h2 class="title"></h2>
    <textarea name="text" rows="${parent ? 2 : 3}" required dir="auto"></textarea>
    <input name="warning" class="warning" dir="auto" hidden>
    <ul class="pictures"></ul>
    <div class="row wrap">
      <span class="lanes" role="radiogroup">
        <label><input type="radio" name="${name}" value="public"><span class="public"></span></label>
        <label><input type="radio" name="${name}" value="direct"><span class="private"></span></label>
      </span>
      <button type="button" class="small cw" aria-pressed="false"></button>
      <label class="small button pick"><span></span><input type="file" accept="image/*" multiple class="seen-by-ear"></label>
      <span class="grow"></span>
      <output class="count"></output>
      <button class="first send"></button>
    </div>
    <p class="quiet lane-help"></p>`;
  const find = (selector) => form.querySelector(selector);
  const text = find("textarea");
  const warning = find(".warning");
  const pictures = [];
  find(".title").textContent = title;
  text.placeholder = word("placeholder");
  text.setAttribute("aria-label", title);
  warning.placeholder = word("warningText");
  warning.setAttribute("aria-label", word("warning"));
  find(".public").textContent = word("public");
  find(".private").textContent = word("private");
  find(".cw").textContent = word("warning");
  find(".pick span").textContent = word("picture");
  find(".send").textContent = parent ? word("reply") : word("post");

  const lane = () => form.querySelector(`input[name="${name}"]:checked`).value;
  const whole = () => (text.value.includes(lead.trim()) ? text.value : lead + text.value);
  const refresh = () => {
    const left = LIMIT - length(whole() + (warning.hidden ? "" : warning.value));
    find(".count").textContent = left;
    find(".count").className = `count ${left < 0 ? "over" : left < 20 ? "near" : ""}`;
    find(".send").disabled = left < 0 || (!text.value.trim() && !pictures.length);
    find(".lane-help").textContent = word(lane() === "direct" ? "privateHelp" : "publicHelp", { brand });
    form.classList.toggle("secret", lane() === "direct");
  };
  form.querySelector(`input[value="${secret ? "direct" : "public"}"]`).checked = true;
  if (secret) form.querySelector('input[value="public"]').disabled = true;
  if (parent?.spoiler_text) {
    warning.hidden = false;
    warning.value = parent.spoiler_text;
    find(".cw").setAttribute("aria-pressed", "true");
  }
  form.addEventListener("input", refresh);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  find(".cw").addEventListener("click", () => {
    warning.hidden = !warning.hidden;
    find(".cw").setAttribute("aria-pressed", String(!warning.hidden));
    if (!warning.hidden) warning.focus();
    refresh();
  });
  find("input[type=file]").addEventListener("change", (event) => {
    for (const file of [...event.target.files].slice(0, 4 - pictures.length)) addPicture(file);
    event.target.value = "";
  });

  function addPicture(file) {
    const row = make("li");
    const alt = make("input", { placeholder: word("alt"), maxLength: 1500 });
    alt.setAttribute("aria-label", word("alt"));
    const remove = make("button", { type: "button", className: "small", textContent: word("remove") });
    const entry = { file, alt };
    pictures.push(entry);
    remove.addEventListener("click", () => { pictures.splice(pictures.indexOf(entry), 1); row.remove(); refresh(); });
    row.append(make("img", { src: URL.createObjectURL(file), alt: "", width: 48, height: 48 }), alt, remove);
    find(".pictures").append(row);
    refresh();
  }

  const fresh = () => `${Date.now()}-${Math.random()}`;
  let key = fresh();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    find(".send").disabled = true;
    try {
      const media_ids = [];
      for (const { file, alt, id } of pictures) media_ids.push(id ?? (await upload(file, alt.value)));
      await api("POST", "/api/v1/statuses", {
        status: whole(),
        visibility: lane(),
        spoiler_text: warning.hidden ? "" : warning.value,
        media_ids,
        in_reply_to_id: parent?.id,
      }, { "Idempotency-Key": key });
      key = fresh();
      text.value = "";
      warning.value = "";
      warning.hidden = true;
      find(".cw").setAttribute("aria-pressed", "false");
      pictures.length = 0;
      find(".pictures").replaceChildren();
      done();
    } catch (error) {
      done(error);
    }
    refresh();
  });
  refresh();
  return form;
}

async function upload(file, description) {
  const body = new FormData();
  body.append("file", file);
  body.append("description", description);
  return (await api("POST", "/api/v2/media", body)).id;
}
