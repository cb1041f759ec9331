// Keeps on the server what is typed in a form and not saved yet. The browser itself stores nothing.

const PAUSE = 400; // after the last key
const LONGEST = 2000; // while the keys go on
const RETRIES = [2, 5, 10]; // seconds
const PATIENCE = 10000; // until a silent network counts as cut
const STUCK = 30000; // until a form that was sent, and whose answer never came, may be sent again
const KEEPALIVE = 60000; // bytes that a browser still delivers once the page is gone (64 KiB in all)

const SAVES_NOTHING = ["offline", "down", "expired", "account"]; // a form sent now would be swallowed

const kept = new WeakSet();

function typedIn(form) {
  const data = new FormData(form);
  const secrets = [...form.querySelectorAll("input[type=password], input[type=file]")].map((field) => field.name);
  for (const name of ["csrfmiddlewaretoken", ...secrets]) data.delete(name);
  return data;
}

function signatureOf(data) {
  return JSON.stringify([...data]);
}

function randomName() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Signing in again changes the token: every form of the page, and htmx, go on with the new one.
function carryToken(token) {
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "x-csrftoken": token }));
}

function tokenOf(form) {
  return form.querySelector("input[name=csrfmiddlewaretoken]").value;
}

function keepDraft(form) {
  const page = form.dataset;
  const status = form.querySelector(".draft-status");
  const tab = randomName();
  let since = page.draftSince;
  let saved = signatureOf(typedIn(form)); // what the server has, or what the page showed first
  let serial = 0;
  let acknowledged = 0;
  let state = "";
  let failures = 0;
  let retrying = false;
  let timer = 0;
  let firstKey = 0;
  let running = null;
  let sending = false; // somebody asked to save the form
  let released = false; // the form may leave
  let closed = false; // it has left, or its draft is being erased

  const unsaved = () => !closed && signatureOf(typedIn(form)) !== saved;

  // Saying again what stands there already would make a screen reader repeat it.
  function say(trouble, ...parts) {
    status.toggleAttribute("data-trouble", trouble);
    const words = parts.map((part) => part.textContent ?? part).join("");
    if (status.textContent !== words) status.replaceChildren(...parts);
  }

  function link(words, href) {
    const made = document.createElement("a");
    Object.assign(made, { textContent: words, href, target: "_blank", rel: "noopener" });
    return made;
  }

  function takeOver(draft) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn btn-outline-primary", textContent: "Garder le texte de cette page" });
    button.addEventListener("click", () => {
      since = draft.since;
      save();
    });
    return button;
  }

  function explain(answer, delay) {
    const login = link("reconnectez-vous dans un autre onglet", page.draftLogin);
    const refused = sending ? "Rien n’est encore enregistré. " : "";
    const again = `nouvel essai dans ${delay}\u00a0s`;
    const words = {
      offline: () => [`${refused}Hors ligne\u00a0: votre texte reste sur cette page, ${again}.`],
      down: () => [`${refused}Le serveur ne répond pas\u00a0: votre texte reste sur cette page, ${again}.`],
      broken: () => [`Le brouillon n’a pas pu être enregistré\u00a0: votre texte reste sur cette page, ${again}.`],
      expired: () => [`${refused}Votre session a expiré\u00a0: `, login, ", votre texte reste ici."],
      account: () => [
        `${refused}Un autre compte est maintenant connecté dans ce navigateur\u00a0: `,
        login,
        " avec le vôtre. Votre texte reste ici, il n’est envoyé nulle part.",
      ],
      elsewhere: () => [
        `Ce formulaire est aussi en cours de saisie ailleurs (brouillon de ${answer.hour}). Votre texte reste sur cette page.`,
        takeOver(answer),
      ],
      refused: () => [answer.message],
    };
    say(true, ...(words[state] ?? words.broken)());
  }

  // Asks who is signed in. Answers "" where it is the account that opened this page.
  async function askSession() {
    const response = await fetch(page.draftSession, {
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.type === "opaqueredirect") return "expired";
    if (!response.ok) return "down";
    const session = await response.json();
    if (session.user !== page.draftUser) return "account";
    carryToken(session.token);
    return "";
  }

  function post(data, leaving = false) {
    serial += 1;
    const own = { page: page.draftPage, title: page.draftTitle, user: page.draftUser, tab, serial, since };
    for (const [name, value] of Object.entries(own)) data.set(`draft-${name}`, value);
    const size = new TextEncoder().encode(signatureOf(data)).length + 150 * [...data].length;
    return fetch(page.draftSave, {
      method: "POST",
      body: data,
      headers: { "x-csrftoken": tokenOf(form) },
      redirect: "manual",
      keepalive: leaving && size < KEEPALIVE,
      signal: leaving ? undefined : AbortSignal.timeout(PATIENCE),
    });
  }

  function acknowledge(number, signature, draft) {
    if (number < acknowledged) return;
    acknowledged = number;
    saved = signature;
    since = draft.since;
  }

  // One attempt. Answers [state, what the server said]; the state is "" where all is kept.
  async function attempt(ask) {
    const first = ask || failures ? await askSession() : "";
    if (first) return [first];
    for (const mayAskAgain of [true, false]) {
      const data = typedIn(form);
      const signature = signatureOf(data);
      if (signature === saved) return [""];
      const sent = post(data);
      const number = serial;
      const response = await sent;
      if (response.type === "opaqueredirect") return ["expired"];
      if (response.status === 403 && mayAskAgain) {
        // The token of an older session.
        const now = await askSession();
        if (now) return [now];
        continue;
      }
      return read(response, signature, number);
    }
    return ["broken"];
  }

  async function read(response, signature, number) {
    if (response.ok) {
      const draft = await response.json();
      acknowledge(number, signature, draft);
      return ["", draft];
    }
    if (response.headers.get("content-type") !== "application/json") return ["broken"];
    const answer = await response.json();
    return [answer.state, answer];
  }

  async function run(ask) {
    clearTimeout(timer);
    firstKey = 0;
    let answer;
    try {
      [state, answer] = await attempt(ask);
    } catch {
      state = "offline"; // fetch fails in no other way
    }
    if (closed) return;
    if (state) {
      const delay = RETRIES[Math.min(failures, RETRIES.length - 1)];
      failures += 1;
      retrying = true;
      explain(answer, delay);
      timer = setTimeout(save, delay * 1000);
      return;
    }
    if (answer) say(false, `Brouillon enregistré à ${answer.hour}`);
    else if (failures) say(false, "La connexion est revenue\u00a0: vous pouvez enregistrer.");
    failures = 0;
    retrying = false;
    if (unsaved()) changed();
  }

  // One request at a time: an older text never arrives after a newer one.
  function save(ask = false) {
    running = (running ?? Promise.resolve()).then(() => run(ask === true));
    return running;
  }

  function changed() {
    if (closed || retrying) return;
    firstKey ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(PAUSE, firstKey + LONGEST - Date.now())));
  }

  // The page may be gone before an answer: what is typed leaves at once, whatever is on its way. The server keeps the
  // latest of one tab, in whatever order they arrive.
  function leave() {
    if (!unsaved() || SAVES_NOTHING.includes(state)) return;
    const data = typedIn(form);
    const signature = signatureOf(data);
    const sent = post(data, true);
    const number = serial;
    sent.then((response) => read(response, signature, number)).catch(() => {});
  }

  function release(submitter) {
    if (state === "elsewhere") {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "draft-elsewhere", value: "1" });
      form.append(input);
    }
    closed = true;
    clearTimeout(timer);
    released = true;
    form.requestSubmit(submitter);
    released = false;
    setTimeout(() => {
      closed = sending = false;
    }, STUCK);
  }

  // Before anything else hears of it: the draft first, then the form, and the form once.
  async function submit(event) {
    if (released) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (sending) return;
    sending = true;
    await save(true);
    if (SAVES_NOTHING.includes(state)) {
      sending = false;
      return;
    }
    release(event.submitter);
  }

  async function erase(event) {
    if (closed) return;
    event.preventDefault();
    if (!window.confirm("Effacer ce brouillon\u00a0? Ce qui a été tapé et n’est pas enregistré sera perdu.")) return;
    closed = true;
    clearTimeout(timer);
    await running;
    // A form does not leave while it is still being asked whether it may.
    setTimeout(() => event.target.requestSubmit(event.submitter));
  }

  const now = () => {
    if (!closed && (failures || unsaved())) save();
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", () => !retrying && now());
  form.addEventListener("htmx:afterSettle", changed);
  form.addEventListener("submit", submit, { capture: true });
  for (const eraser of document.querySelectorAll("form[data-draft-discard]")) {
    if (eraser.dataset.draftDiscard === page.draftPage) eraser.addEventListener("submit", erase);
  }
  window.addEventListener("online", now);
  window.addEventListener("focus", now);
  window.addEventListener("pagehide", leave);
  // A page that the browser kept whole after it was sent shows what may have changed since.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && closed) window.location.reload();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : now()));
  window.addEventListener("beforeunload", (event) => {
    if (!unsaved()) return;
    leave();
    event.preventDefault();
  });
}

function keepDrafts() {
  for (const form of document.querySelectorAll("form[data-draft-page]")) {
    if (kept.has(form)) continue;
    kept.add(form);
    keepDraft(form);
  }
}

keepDrafts();
document.addEventListener("htmx:load", keepDrafts);
