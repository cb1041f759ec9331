// A programme's modules: one more row at once, without the server, which gives some too; and the total while one types.
for (const rows of document.querySelectorAll("[data-rows]")) {
  const list = rows.querySelector("[data-list]");
  const total = rows.querySelector("[data-total]");
  const count = rows.querySelector(`[name="${rows.dataset.rows}-TOTAL_FORMS"]`);
  const most = Number(rows.querySelector(`[name="${rows.dataset.rows}-MAX_NUM_FORMS"]`).value);
  const more = rows.querySelector("[name=more]");

  more.addEventListener("click", (event) => {
    event.preventDefault();
    const number = Number(count.value);
    if (number >= most) return;
    const row = rows.querySelector("template").content.firstElementChild.cloneNode(true);
    for (const each of row.querySelectorAll("[name], [id], [for]")) {
      for (const attribute of ["name", "id", "for"]) {
        const value = each.getAttribute(attribute);
        if (value) each.setAttribute(attribute, value.replace("__prefix__", number));
      }
    }
    row.querySelector("legend").textContent = `Module ${number + 1}`;
    count.value = number + 1;
    list.append(row);
    row.querySelector("[name$='-name']").focus();
  });

  // As the server reads it: 24, 3:30, 3 h 30, 3,5 or 45 min.
  const minutesOf = (text) => {
    const bare = text.match(/^\s*(\d{1,5})\s*(?:min|mn|minutes?)\.?\s*$/i);
    if (bare) return Number(bare[1]);
    const found = text.match(/^\s*(\d{1,4})\s*(?:[,.](\d{1,2})\s*h?|[h:]\s*([0-5]?\d)?\s*(?:min)?)?\s*$/i);
    if (!found) return 0;
    const part = found[2] ? Math.round((Number(found[2].padEnd(2, "0")) * 60) / 100) : Number(found[3] ?? 0);
    return Number(found[1]) * 60 + part;
  };

  const inWords = (minutes) => {
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
    if (!hours) return `${rest}\u00a0min`;
    return rest ? `${hours}\u00a0h\u00a0${String(rest).padStart(2, "0")}` : `${hours}\u00a0h`;
  };

  rows.addEventListener("input", () => {
    let sum = 0;
    for (const row of list.children) {
      if (!row.querySelector("[name$='-remove']").checked) sum += minutesOf(row.querySelector("[name$='-minutes']").value);
    }
    total.textContent = inWords(sum);
  });
}
