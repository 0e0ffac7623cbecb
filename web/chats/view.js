// Chats: something to look at while trying things out. Dialogs on one side, one history on the other.
import { fill, h } from "../ui/dom.js";
import { inWords } from "../ui/words.js";
import { state, subscribe as onState } from "../gateway.js";
import * as model from "./model.js";
import * as peers from "./peers.js";
import { upload } from "./files.js";
import { day, hour, messageItem, summary } from "./messages.js";

const when = (date) => (!date ? "" : Date.now() / 1000 - date < 86400 ? hour(date) : new Date(date * 1000).toLocaleDateString([], { day: "numeric", month: "short" }));

export function make(root) {
  let open = "";
  let loadedFor = null;
  const drafts = new Map();
  const list = h("ul", { class: "dialogs" });
  const heading = h("h1", { class: "offscreen", tabindex: "-1", "data-focus": true }, "Chats");
  const aside = h("nav", { class: "side", "aria-label": "Chats" }, list);
  const pane = h("div", { class: "pane" });
  fill(root, heading, aside, pane);

  const isVisible = () => !root.hidden && document.visibilityState === "visible";

  function drawDialogs() {
    const focused = document.activeElement?.closest?.(".dialogs a")?.hash;
    fill(
      list,
      model.sorted().map((dialog) => {
        const typing = dialog.typing && (dialog.key[0] === "u" ? "typing…" : `${peers.nameOf(dialog.typing)} is typing…`);
        return h(
          "li",
          {},
          h(
            "a",
            { href: `#chats/${dialog.key}`, "aria-current": dialog.key === open ? "true" : null },
            h("span", { class: `face hue${Number(dialog.key.slice(-1)) % 6}`, "aria-hidden": "true" }, peers.initials(dialog.key)),
            h("span", { class: "name" }, peers.nameOf(dialog.key)),
            h("span", { class: "when" }, when(dialog.top?.date)),
            h("span", { class: typing ? "last typing" : "last" }, typing || [dialog.top?.out && h("span", { class: "you" }, "You: "), summary(dialog.top)]),
            dialog.unread > 0 && h("span", { class: "unread" }, String(dialog.unread), h("span", { class: "offscreen" }, " unread")),
          ),
        );
      }),
    );
    if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"], a[href="${focused}"]`)?.focus({ preventScroll: true });
  }

  // ---- one chat
  let chat = null;
  function drawChat(key) {
    const title = h("h2", { tabindex: "-1" }, peers.nameOf(key));
    const about = h("p", { class: "note", "aria-live": "polite" });
    const messages = h("ol", { class: "messages" });
    const earlier = h("button", { type: "button", class: "quiet", onclick: () => older() }, "Earlier messages");
    const scroller = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "History", onscroll: () => scroller.scrollTop < 60 && older() }, earlier, h("div", { role: "log", "aria-label": "Messages" }, messages));
    const problem = h("p", { class: "problem", role: "alert", hidden: true });
    const input = h("textarea", { rows: 1, "aria-label": `Message to ${peers.nameOf(key)}`, placeholder: "Message", value: drafts.get(key) ?? "", oninput: () => (drafts.set(key, input.value), grow(), input.value && model.sayTyping(key)), onkeydown: (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && (event.preventDefault(), submit()) });
    const picker = h("input", { type: "file", hidden: true, onchange: () => attach() });
    const clip = h("button", { type: "button", "aria-label": "Send a file", title: "Send a file", onclick: () => picker.click() }, "+");
    const form = h("form", { class: "composer", onsubmit: (event) => (event.preventDefault(), submit()) }, clip, picker, input, h("button", { class: "primary" }, "Send"));
    fill(pane, h("header", { class: "chat-head" }, h("a", { href: "#chats", class: "back", "aria-label": "All chats" }, "←"), h("div", {}, title, about)), scroller, problem, form);

    const say = (error) => {
      problem.textContent = error ? inWords(error) : "";
      problem.hidden = !error;
    };
    const grow = () => {
      input.rows = Math.min(6, input.value.split("\n").length);
    };
    const busy = (text) => (form.dataset.busy = text ?? "");
    async function submit() {
      const text = input.value.trim();
      if (!text) return;
      input.value = "";
      drafts.delete(key);
      grow();
      say();
      try {
        await model.send(key, text);
      } catch (error) {
        if (!input.value) input.value = text;
        say(error);
      }
    }
    async function attach() {
      const file = picker.files[0];
      picker.value = "";
      if (!file) return;
      say();
      clip.disabled = true;
      try {
        const media = await upload(file, (part) => (about.textContent = `Sending ${file.name}: ${Math.round(part * 100)} %`));
        await model.sendMedia(key, media, input.value.trim());
        input.value = "";
        drafts.delete(key);
      } catch (error) {
        say(error);
      }
      clip.disabled = false;
      update();
    }
    let loading = false;
    async function older() {
      if (loading || chat?.key !== key || model.histories.get(key)?.whole) return;
      loading = true;
      const height = scroller.scrollHeight - scroller.scrollTop;
      try {
        await model.loadHistory(key);
        drawMessages();
        scroller.scrollTop = scroller.scrollHeight - height;
      } catch (error) {
        say(error);
      }
      loading = false;
    }
    const drawn = new Map(); // id -> {message, before, element}: elements are kept, photos do not flicker
    function drawMessages() {
      const history = model.histories.get(key) ?? { messages: [] };
      const out = [];
      let before = null;
      for (const message of history.messages) {
        if (!before || day(before.date) !== day(message.date)) {
          out.push(h("li", { class: "day" }, day(message.date)));
          before = null;
        }
        const known = drawn.get(message.id);
        const element = known?.message === message && known.before === before?.id ? known.element : messageItem(message, before);
        drawn.set(message.id, { message, before: before?.id, element });
        out.push(element);
        before = message;
      }
      const present = [...messages.children];
      if (out.length !== present.length || out.some((element, at) => element !== present[at])) sync(messages, out);
      earlier.hidden = Boolean(history.whole);
    }
    function update() {
      const dialog = model.dialogs.get(key);
      title.textContent = peers.nameOf(key);
      about.textContent = dialog?.typing ? (key[0] === "u" ? "typing…" : `${peers.nameOf(dialog.typing)} is typing…`) : peers.aboutOf(key);
      const end = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
      drawMessages();
      if (end) scroller.scrollTop = scroller.scrollHeight;
      if (isVisible()) model.markRead(key);
    }
    chat = { key, update };
    grow();
    (async () => {
      try {
        if (!model.histories.get(key)?.messages.length) await model.loadHistory(key);
      } catch (error) {
        say(error);
      }
      if (chat?.key !== key) return;
      update();
      scroller.scrollTop = scroller.scrollHeight;
      if (matchMedia("(min-width: 760px)").matches) input.focus();
      else title.focus();
    })();
  }

  // Inserts and removes what differs, so that the log tells a screen reader only the new.
  function sync(parent, wanted) {
    const keep = new Set(wanted);
    for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
    let at = parent.firstChild;
    for (const element of wanted) {
      if (element === at) at = at.nextSibling;
      else parent.insertBefore(element, at);
    }
  }

  function closed() {
    chat = null;
    fill(pane, h("p", { class: "empty" }, model.dialogs.size ? "Choose a chat." : ""));
  }

  async function load() {
    if (loadedFor === state.user?.id) return;
    loadedFor = state.user?.id;
    model.reset();
    try {
      await model.loadDialogs();
    } catch (error) {
      loadedFor = null;
      fill(list, h("li", { class: "problem", role: "alert" }, inWords(error)));
    }
  }

  model.subscribe((key) => {
    drawDialogs();
    if (chat && (!key || key === chat.key || key[0] === "u")) chat.update();
  });
  document.addEventListener("visibilitychange", () => isVisible() && chat && model.markRead(chat.key));
  onState((_, change) => {
    if ("user" in change) {
      if (!state.user) {
        loadedFor = null;
        model.reset();
        fill(list);
        drafts.clear();
        closed();
      } else if (!root.hidden) load().then(() => go(open));
    }
    // After a reconnect, what was missed is asked for.
    if (change.connection === "open" && loadedFor && state.user) {
      loadedFor = null;
      model.histories.clear();
      if (!root.hidden) load().then(() => chat && drawChat(chat.key));
    }
  });

  function go(key) {
    open = key;
    root.classList.toggle("one", Boolean(key));
    drawDialogs();
    if (!key) closed();
    else if (chat?.key !== key) {
      if (model.dialogs.has(key) || peers.has(key)) drawChat(key);
      else closed();
    }
  }

  return {
    async enter(key) {
      if (!state.user) {
        if (state.checked) return location.replace("#signin");
        open = key;
        fill(pane, h("p", { class: "empty" }, "One moment…"));
        root.classList.add("one");
        return;
      }
      await load();
      go(key);
    },
  };
}
