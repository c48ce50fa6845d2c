// Sends what the user does in the page, and keeps focus, announcements and the address of the conversation right.
// What is shown is made on the server; nothing here knows what it means.
(() => {
  const KEY = "conversation";
  const find = (selector, within = document) => within.querySelector(selector);
  const talk = () => find("#talk .talk");
  const LONG = 8000; // milliseconds after which somebody who waits is told so
  let waiting = null; // what was sent and is not answered yet, and where the focus goes then

  function send(act, { focus = null, echo = "" } = {}) {
    if (waiting) return;
    const shown = talk();
    const timer = setTimeout(() => tell("This takes longer than usual. Escape cancels it; what you wrote is kept."), LONG);
    waiting = { focus, sent: act, timer };
    document.body.setAttribute("aria-busy", "true");
    if (echo && shown) show(shown, echo);
    const field = find("#sent textarea, #sent input");
    field.value = JSON.stringify({
      conversation: sessionStorage.getItem(KEY), turns: Number(shown?.dataset.turns ?? 0), ...act,
    });
    field.dispatchEvent(new Event("input", { bubbles: true }));
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
    if (!waiting) return;
    clearTimeout(waiting.timer);
    document.body.removeAttribute("aria-busy");
    find("#talk .sending")?.remove();
    if (waiting.sent.words && !field().value) edit(waiting.sent.turn ?? null, waiting.sent.words);
    waiting = null;
    tell("");
  }

  function tell(words) {
    find("#form .waiting").textContent = words;
    find("#live").textContent = words;
  }

  let seen = null;

  function arrived() {
    const shown = talk();
    if (!shown || shown === seen) return;
    seen = shown;
    const isNew = waiting?.sent.do !== "open" || Number(shown.dataset.turns) === 1;
    sessionStorage.setItem(KEY, shown.dataset.conversation);
    document.body.removeAttribute("aria-busy");
    const done = waiting;
    waiting = null;
    clearTimeout(done?.timer);
    tell("");
    const replies = shown.querySelectorAll("li.reply");
    const last = replies[replies.length - 1];
    if (!done || !isNew) return;
    announce(last, find(".notice", shown));
    if (done.sent.do === "judge") return restore(done.focus);
    if (replies.length > 1) last.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    if (done.focus === "words") find("#words").focus({ preventScroll: true });
    else if (done.sent.do !== "open") find("h2", last)?.focus({ preventScroll: true });
  }

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  // The button that was pressed is there again, rendered anew: it is known by what it does.
  function restore(act) {
    const same = [...document.querySelectorAll("[data-act]")].find((one) => one.dataset.act === act);
    same?.focus({ preventScroll: true });
  }

  function announce(reply, notice) {
    const said = [".said", ".verdict h3", ".verdict .sub", ".question .ask", ".question .check"]
      .map((part) => find(part, reply)?.innerText).filter(Boolean);
    find("#live").textContent = [notice?.innerText, ...said].filter(Boolean).join(" ");
  }

  // The form

  const field = () => find("#words");
  let editing = null;

  function edit(turn, words) {
    editing = turn;
    find(".editing").hidden = turn === null;
    field().value = words;
    grow();
    field().focus();
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
      if (act.do === "begin") edit(null, "");
      closePanel();
      send(act, { focus: act.do === "judge" ? found.dataset.act : null, echo: echoOf(act, found) });
    } else if ((found = on("[data-edit]"))) edit(Number(found.dataset.edit), found.dataset.words);
    else if (on("[data-cancel]")) edit(null, "");
    else if ((found = on("a[data-source]")) && plain) {
      event.preventDefault();
      openSource(found.getAttribute("href"));
    } else if (on("[data-close]") || event.target === find("#source")) find("#source").close();
    else if ((found = on("a[data-copy]")) && plain) {
      event.preventDefault();
      copy(found);
    } else if (on("[data-panel]")) panel(!document.body.classList.contains("panel"));
  });

  const echoOf = (act, button) => (["say", "choose"].includes(act.do) ? act.words ?? button.firstChild.textContent : "");

  function panel(open) {
    document.body.classList.toggle("panel", open);
    find("[data-panel]").setAttribute("aria-expanded", String(open));
    if (open) find("#aside h2")?.scrollIntoView({ block: "nearest" });
  }
  const closePanel = () => panel(false);

  async function copy(link) {
    const label = link.textContent;
    const address = new URL(link.getAttribute("href"), location.href.split(/[?#]/)[0]).href;
    try {
      await navigator.clipboard.writeText(address);
      link.textContent = "Copied";
    } catch {
      prompt("Copy this address:", address);
    }
    find("#live").textContent = link.textContent;
    setTimeout(() => (link.textContent = label), 2000);
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".composer")) return;
    event.preventDefault();
    submit();
  });
  document.addEventListener("input", (event) => event.target.id === "words" && grow());
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "words" && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && !find("#source")?.open) {
      cancel();
      if (editing !== null) edit(null, "");
      closePanel();
      document.querySelectorAll("details.menu[open], details.change[open]").forEach((one) => (one.open = false));
    }
  });

  // The conversation of this tab, found again after a reload; an address with answers begins a new one.
  function begin() {
    const answers = Object.fromEntries(new URLSearchParams(location.search));
    history.replaceState(null, "", location.pathname);
    const given = Object.keys(answers).some((name) => !name.startsWith("__"));
    send(given ? { do: "begin", answers } : { do: "open" });
    field().focus();
  }

  const ready = new MutationObserver(() => {
    if (!find("#sent textarea, #sent input") || !find("#send") || !field()) return;
    ready.disconnect();
    new MutationObserver(arrived).observe(find("#talk"), { childList: true, subtree: true });
    begin();
  });
  ready.observe(document.documentElement, { childList: true, subtree: true });
})();
