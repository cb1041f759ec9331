// The month grid by keyboard and from a spreadsheet. Without it the page works all the same: Tab, and a button that saves.

const QUARTER = 15; // minutes
const DAY = 24 * 60;
// As time_rules writes a part of a day: a code, then hours.
const PART = /^([a-z]*[+-]?)(\d{1,2})(?:[h:](\d{2})?|[.,](\d{1,2}))?/i;

function minutesOf(found) {
  const hours = Number(found[2]) * 60;
  if (found[4]) return hours + Math.round((Number(found[4].padEnd(2, "0")) * 60) / 100);
  return hours + Number(found[3] ?? 0);
}

function written(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!rest) return String(hours);
  const decimals = { 15: "25", 30: "5", 45: "75" }[rest];
  return decimals ? `${hours},${decimals}` : `${hours}h${String(rest).padStart(2, "0")}`;
}

// The cell's words with a quarter of an hour more or less; an empty cell starts with what is planned.
function shifted(text, quarters, usual) {
  if (!text.trim()) return quarters > 0 && usual ? written(usual) : text;
  const found = PART.exec(text.trim());
  if (!found) return text;
  const minutes = Math.min(Math.max(minutesOf(found) + quarters * QUARTER, 0), DAY);
  return found[1] + written(minutes) + text.trim().slice(found[0].length);
}

// What the database held when the page was made: a page that comes back refused shows what was typed.
function savedIn(input) {
  const cell = input.closest("td");
  return cell.parentElement.querySelector("input[type=hidden]").value.split("|")[cell.cellIndex - 1] ?? "";
}

function keepMonth(form) {
  const table = form.querySelector(".month-grid");
  const status = form.querySelector("[data-month-status]");
  const inputs = [...table.querySelectorAll("input[type=text]")];
  const block = form.querySelector("textarea");
  const opened = new Map(inputs.map((input) => [input, savedIn(input)]));
  let leaving = false;

  const cellAt = (row, column) => table.tBodies[0].rows[row]?.cells[column]?.querySelector("input[type=text]") ?? null;
  const placeOf = (input) => {
    const cell = input.closest("td");
    return [cell.parentElement.sectionRowIndex, cell.cellIndex];
  };

  function count() {
    const changed = inputs.filter((input) => input.value.trim() !== opened.get(input));
    for (const input of inputs) input.toggleAttribute("data-changed", changed.includes(input));
    const words = { 0: "", 1: "1 case modifiée, pas encore enregistrée." };
    return words[changed.length] ?? `${changed.length} cases modifiées, pas encore enregistrées.`;
  }

  function tell(before = "") {
    const words = [before, count()].filter(Boolean).join(" ");
    if (status.textContent !== words) status.textContent = words;
  }

  function move(input, down, right) {
    let [row, column] = placeOf(input);
    const [rows, columns] = [table.tBodies[0].rows.length, table.rows[0].cells.length];
    for (;;) {
      row += down;
      column += right;
      if (row < 0 || row >= rows || column < 1 || column >= columns) return;
      const next = cellAt(row, column);
      if (!next) continue;
      next.focus();
      next.select();
      return;
    }
  }

  // An arrow leaves the cell only where it has nowhere to go inside it.
  function atEdge(input, right) {
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    if (whole) return true;
    if (input.selectionStart !== input.selectionEnd) return false;
    return right > 0 ? input.selectionEnd === input.value.length : input.selectionStart === 0;
  }

  function onKey(event) {
    const input = event.target;
    if (!inputs.includes(input) || event.ctrlKey || event.metaKey || event.isComposing) return;
    const vertical = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const horizontal = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.altKey && vertical) {
      event.preventDefault();
      input.value = shifted(input.value, -vertical, Number(input.dataset.usual));
      tell();
    } else if (event.altKey) {
      return;
    } else if (event.key === "Enter") {
      event.preventDefault(); // else the browser sends the form
      move(input, event.shiftKey ? -1 : 1, 0);
    } else if (vertical && !event.shiftKey) {
      event.preventDefault();
      move(input, vertical, 0);
    } else if (horizontal && !event.shiftKey && atEdge(input, horizontal)) {
      event.preventDefault();
      move(input, 0, horizontal);
    }
  }

  function onPaste(event) {
    const input = event.target;
    if (!inputs.includes(input)) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n+$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const [row, column] = placeOf(input);
    let filled = 0;
    let lost = 0;
    text.split("\n").forEach((line, down) => {
      line.split("\t").forEach((value, right) => {
        const cell = cellAt(row + down, column + right);
        if (cell) {
          cell.value = value.trim();
          filled += 1;
        } else if (value.trim()) {
          lost += 1;
        }
      });
    });
    const outside = lost ? ` ${lost} hors du tableau ou dans une case fermée, laissées de côté.` : "";
    tell(`${filled} cases collées.${outside}`);
  }

  table.addEventListener("keydown", onKey);
  table.addEventListener("paste", onPaste);
  table.addEventListener("input", () => tell());
  table.addEventListener("focusin", (event) => {
    if (inputs.includes(event.target)) event.target.select();
  });
  form.addEventListener("submit", () => {
    leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    const typed = count() || block?.value !== block?.defaultValue;
    if (!leaving && typed) event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  if (status) tell();
}

for (const form of document.querySelectorAll("form[data-month]")) {
  if (form.querySelector("input[type=text]")) keepMonth(form);
  const today = form.querySelector("thead .month-today");
  const region = form.querySelector(".month-region");
  const names = form.querySelector("thead .month-person");
  if (today) region.scrollLeft = today.offsetLeft - names.offsetWidth - region.clientWidth / 3;
}
