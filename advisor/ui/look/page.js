// Sends what the user does in the page, and keeps focus, announcements and the address of the conversation right.
// What is shown is made on the server; nothing here knows what it means.
(() => {
  const KEY = "conversation", EARLIER = "earlier", LATEST = "latest";
  const UNSENT = "unsent"; // what is typed, until it is answered, whatever becomes of this page meanwhile
  const LONG = 8000; // milliseconds after which somebody who waits is told so
  const find = (selector, within = document) => within.querySelector(selector);
  const talk = () => find("#talk .talk");
  const field = () => find("#words");
  let waiting = null; // what was sent and is not answered yet, and where the focus goes then

  function send(act, { focus = null, echo = "" } = {}) {
    if (waiting) return;
    const shown = talk();
    const name = Math.random().toString(36).slice(2);
    const timer = setTimeout(() => tell("This takes longer than usual.", true), LONG);
    waiting = { name, focus, sent: act, timer };
    if (act.words) sessionStorage.setItem(UNSENT, act.words);
    document.body.setAttribute("aria-busy", "true");
    if (echo && shown) show(shown, echo);
    const box = find("#sent textarea, #sent input");
    box.value = JSON.stringify({
      act: name, conversation: sessionStorage.getItem(KEY), last: shown?.dataset.last ?? "", ...act,
    });
    box.dispatchEvent(new Event("input", { bubbles: true }));
    find("#send").click();
  }

  // What was just said, at once, before the reply is there.
  function show(shown, words) {
    const said = document.createElement("li");
    said.className = "me sending";
    const text = document.createElement("p");
    text.className = "words";
    text.textContent = words;
    said.append(text);
    find(".turns", shown)?.append(said);
    said.scrollIntoView({ block: "nearest" });
  }

  // Stop waiting. What was typed is in the form again; a reply that comes all the same is shown.
  function cancel() {
    if (!waiting) return false;
    const { sent } = waiting;
    answered();
    find("#talk .sending")?.remove();
    if (sent.words) putBack(sent);
    return true;
  }

  function answered() {
    clearTimeout(waiting?.timer);
    waiting = null;
    document.body.removeAttribute("aria-busy");
    tell("");
  }

  // Words that came to nothing are in the form again, after what was written there meanwhile.
  function putBack({ words, turn = null }) {
    const meanwhile = field().value;
    edit(turn, meanwhile && meanwhile !== words ? `${meanwhile}\n${words}` : words);
    sessionStorage.setItem(UNSENT, field().value);
  }

  function tell(words, cancels = false) {
    find("#form .waiting span").textContent = words;
    find("#form .waiting button").hidden = !cancels;
    find("#live").textContent = words;
  }

  let seen = null;

  function arrived() {
    const shown = talk();
    if (!shown || shown === seen) return;
    seen = shown;
    const done = waiting?.name === shown.dataset.done ? waiting : null;
    if (waiting && !done) return; // what was cancelled has come after all
    remember(shown.dataset, done?.sent.do === "forget");
    if (!done) return;
    answered();
    const notice = find(".notice", shown);
    const last = [...shown.querySelectorAll("li.reply")].at(-1);
    if (notice && done.sent.words) putBack(done.sent);
    else if (done.sent.words) sessionStorage.setItem(UNSENT, field().value);
    if (done.sent.do === "judge") return restore(done.focus);
    announce(last, notice);
    if (done.sent.do === "open") reopened(last);
    else if (last) goTo(last, done.focus);
  }

  // This tab's conversation, under KEY, and the one it had before, under EARLIER. A new tab had none; for it, that is the
  // one last spoken in, in any tab of this browser, under LATEST.
  function remember({ conversation: now, turns }, deleting) {
    if (!now) return; // nothing could be shown, and nothing was done
    const before = sessionStorage.getItem(KEY) ?? localStorage.getItem(LATEST);
    sessionStorage.setItem(KEY, now);
    if (before && before !== now) sessionStorage.setItem(EARLIER, before);
    if (deleting && before !== now) {
      sessionStorage.removeItem(EARLIER);
      localStorage.removeItem(LATEST);
    }
    if (turns > 1) localStorage.setItem(LATEST, now);
    find("#head .back").hidden = !sessionStorage.getItem(EARLIER);
  }

  function reopened(last) {
    if (sessionStorage.getItem(UNSENT)) putBack({ words: sessionStorage.getItem(UNSENT) });
    if (last && last.dataset.turn !== "0") last.scrollIntoView({ block: "start" });
  }

  function goTo(reply, focus) {
    if (reply.dataset.turn !== "0") reply.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    if (focus === "words") field().focus({ preventScroll: true });
    else find("h2", reply).focus({ preventScroll: true });
  }

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  // The button that was pressed is there again, rendered anew: it is known by what it does.
  function restore(act) {
    const same = [...document.querySelectorAll("[data-act]")].find((one) => one.dataset.act === act);
    const folded = same?.closest("details");
    if (folded) folded.open = true;
    same?.focus({ preventScroll: true });
    find("#live").textContent = same?.getAttribute("aria-pressed") === "true" ? "Noted, thank you." : "Taken back.";
  }

  function announce(reply, notice) {
    if (!reply) return void (find("#live").textContent = notice?.innerText ?? "");
    const said = [".said", ".verdict h3", ".verdict .sub", ".question .ask", ".question .check"]
      .map((part) => find(part, reply)?.innerText).filter(Boolean);
    find("#live").textContent = [notice?.innerText, ...said].filter(Boolean).join(" ");
  }

  // The form

  let editing = null;
  let draft = ""; // what stood in the form before somebody began to edit

  function edit(turn, words) {
    if (turn !== null && editing === null) draft = field().value;
    editing = turn;
    find(".editing").hidden = turn === null;
    field().value = words;
    grow();
    field().focus({ preventScroll: true });
  }

  function stopEditing() {
    if (editing !== null) edit(null, draft);
  }

  function grow() {
    field().style.height = "auto";
    field().style.height = `${Math.min(field().scrollHeight + 2, 180)}px`;
  }

  function submit() {
    const words = field().value;
    if (!words.trim() || waiting) return;
    const act = editing === null ? { do: "say", words } : { do: "say_instead", turn: editing, words };
    edit(null, "");
    send(act, { focus: "words", echo: words });
  }

  // Sources

  async function openSource(address) {
    const dialog = find("#source");
    const body = find(".body", dialog);
    find("#source-title").textContent = "Source";
    body.innerHTML = '<p class="loading">Opening the article…</p>';
    if (!dialog.open) dialog.showModal();
    try {
      const answer = await fetch(address.split("#")[0]);
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const article = find("article", page);
      find("#source-title").textContent = find("h1", article).textContent;
      find("h1", article).remove();
      body.replaceChildren(article);
      find("#quote", dialog)?.scrollIntoView({ block: "center" });
    } catch {
      body.innerHTML = '<p class="notice" role="alert">The article could not be opened. Please try again.</p>';
    }
  }

  // Events

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((one) => (one.open = one.contains(event.target)));
    const on = (selector) => event.target.closest?.(selector);
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    let found;
    if ((found = on("[data-act]"))) {
      const act = JSON.parse(found.dataset.act);
      if (waiting || (act.do === "forget" && !confirm("Delete this conversation for good, as it is and as it was before you edited it?"))) return;
      panel(false);
      send(act, { focus: act.do === "judge" ? found.dataset.act : null, echo: echoOf(act, found) });
    } else if ((found = on("[data-edit]"))) edit(Number(found.dataset.edit), found.dataset.words);
    else if (on("[data-cancel]")) stopEditing();
    else if (on("[data-stop]")) cancel();
    else if (on("[data-back]")) {
      sessionStorage.setItem(KEY, sessionStorage.getItem(EARLIER));
      sessionStorage.removeItem(EARLIER);
      send({ do: "open" });
    } else if (on("[data-panel-close]")) panel(false, true);
    else if ((found = on("a[data-source]")) && plain) {
      event.preventDefault();
      document.querySelectorAll("details.menu[open]").forEach((one) => (one.open = false));
      openSource(found.getAttribute("href"));
    } else if (on("[data-close]") || event.target === find("#source")) find("#source").close();
    else if ((found = on("a[data-copy]")) && plain) {
      event.preventDefault();
      copy(found);
    } else if ((found = on("[data-panel]"))) {
      opener = found;
      panel(!document.body.classList.contains("panel"));
    }
  });

  const echoOf = (act, button) => act.words ?? (button.matches(".option") ? button.textContent : "");

  // On a narrow page the panel is opened by a button, and closed again by whatever is done in it.
  let opener = null;

  function panel(open, back = false) {
    document.body.classList.toggle("panel", open);
    document.querySelectorAll("[data-panel]").forEach((one) => one.setAttribute("aria-expanded", String(open)));
    if (open) find("#side [data-panel-close]")?.focus();
    else if (back) opener?.focus();
  }

  async function copy(link) {
    link.dataset.label ??= link.textContent;
    const address = new URL(link.getAttribute("href"), location.href.split(/[?#]/)[0]).href;
    try {
      await navigator.clipboard.writeText(address);
      link.textContent = "Copied";
    } catch {
      prompt("Copy this address:", address);
    }
    find("#live").textContent = link.textContent;
    setTimeout(() => (link.textContent = link.dataset.label), 2000);
  }

  // What is unfolded is seen, not hidden beneath the form.
  document.addEventListener("toggle", ({ target }) => {
    if (target.matches("#talk details[open]")) target.scrollIntoView({ block: "nearest" });
  }, true);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".composer")) return;
    event.preventDefault();
    submit();
  });
  document.addEventListener("input", (event) => {
    if (event.target.id !== "words") return;
    grow();
    if (editing === null) sessionStorage.setItem(UNSENT, field().value);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "words" && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && !find("#source")?.open) {
      if (cancel()) return;
      stopEditing();
      document.querySelectorAll("details.menu[open], details.change[open]").forEach((one) => {
        if (one.contains(document.activeElement)) find("summary", one).focus();
        one.open = false;
      });
      if (document.body.classList.contains("panel")) panel(false, true);
    }
  });

  // The conversation of this tab, found again after a reload; an address with answers begins a new one.
  function begin() {
    const factors = find("#head [data-factors]").dataset.factors.split(" ");
    const asked = [...new URLSearchParams(location.search)].filter(([name]) => factors.includes(name));
    if (asked.length) history.replaceState(null, "", location.pathname);
    send(asked.length ? { do: "begin", answers: Object.fromEntries(asked) } : { do: "open" });
    field().focus({ preventScroll: true });
  }

  function start() {
    if (!find("#sent textarea, #sent input") || !find("#send") || !field() || !find("#head [data-factors]")) return;
    ready.disconnect();
    new MutationObserver(arrived).observe(find("#talk"), { childList: true, subtree: true });
    begin();
  }
  const ready = new MutationObserver(start);
  ready.observe(document.documentElement, { childList: true, subtree: true });
  start(); // all may be there before anybody looks
})();
