// Drawing conversations: every post with what its author may do to it.
import { ago, exactly, word } from "./words.js";

/** Make an element with properties. */
export function make(tag, properties = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

/** Draw one conversation. `me`: the person's account id; `does`: what reply, edit and delete do. */
export function thread(one, { me, brands, does }) {
  const list = make("ol", { className: "thread card" });
  list.dataset.id = one.id;
  for (const post of one.posts) list.append(drawPost(post, { me, brands, does }));
  return list;
}

function drawPost(post, { me, brands, does }) {
  const secret = post.visibility === "direct";
  const brand = brands.has(post.account.id);
  const row = make("li", { className: `post ${secret ? "secret" : ""} ${brand ? "brand" : ""}` });
  row.dataset.id = post.id;
  const face = make("img", { src: post.account.avatar, alt: "", width: 36, height: 36, className: "face" });
  const when = make("time", { dateTime: post.created_at, textContent: ago(post.created_at), title: exactly(post.created_at) });
  const head = make("p", { className: "head" },
    make("strong", { textContent: post.account.display_name, dir: "auto" }), " ",
    make("span", { className: "quiet", textContent: `@${post.account.acct}` }));
  if (secret) head.append(" ", make("span", { className: "mark" }, lock(), ` ${word("privately")}`));
  const link = make("a", { className: "quiet when", href: post.url, title: word("original") }, when);
  if (post.edited_at) link.append(` · ${word("edited")}`);
  head.append(make("span", { className: "grow" }), link);
  row.append(face, make("div", { className: "body" }, head, words(post), ...deeds(post, row, me, does)));
  return row;
}

function lock() {
  const drawn = make("span");
  drawn.innerHTML = '<svg class="lock" viewBox="0 0 16 16" aria-hidden="true"><path d="M4 7V5a4 4 0 0 1 8 0v2h1v8H3V7h1zm2 0h4V5a2 2 0 0 0-4 0v2z"/></svg>';
  return drawn;
}

function words(post) {
  // The HTML is the sandbox's own rendering of plain text: escaped, with links, mentions and hashtags only.
  const text = make("div", { className: "text", dir: "auto", innerHTML: post.content });
  for (const { shortcode, url } of post.emojis) {
    text.innerHTML = text.innerHTML.replaceAll(`:${shortcode}:`, `<img class="emoji" alt=":${shortcode}:" src="${url}">`);
  }
  if (!post.spoiler_text) return make("div", {}, text, pictures(post));
  const summary = make("summary", { textContent: post.spoiler_text, dir: "auto" });
  return make("details", { className: "cw-box" }, summary, text, pictures(post));
}

function pictures(post) {
  const box = make("div", { className: "shown" });
  for (const media of post.media_attachments) {
    if (media.url) box.append(make("img", { src: media.url, alt: media.description ?? "", title: media.description ?? "", loading: "lazy" }));
  }
  return box;
}

function deeds(post, row, me, does) {
  if (!me) return [];
  const bar = make("p", { className: "deeds" });
  bar.append(button("reply", () => does.reply(post, row)));
  if (post.account.id === me) {
    bar.append(button("edit", () => does.edit(post, row)));
    const remove = button("delete", () => {
      if (remove.dataset.sure) { does.delete(post); return; }
      remove.dataset.sure = "1";
      remove.textContent = word("reallyDelete");
    });
    remove.addEventListener("blur", () => { delete remove.dataset.sure; remove.textContent = word("delete"); });
    bar.append(remove);
  }
  return [bar];
}

function button(key, onclick) {
  return make("button", { type: "button", className: "small plain", textContent: word(key), onclick });
}
