// The criterion is asked of a proof of eligibility alone; one of health or justice has readers of its own.
const kind = document.getElementById("id_kind");
const criterion = document.getElementById("id_criterion");
const readers = document.getElementById("id_confidentiality");
const frame = document.getElementById("div_id_criterion");

function askForCriterion() {
  const wanted = kind.value === "eligibility";
  // A criterion that was refused stays in sight, with the reason.
  frame.hidden = !wanted && !frame.querySelector(".is-invalid");
  if (!wanted && frame.hidden) criterion.value = "";
}

function chooseReaders() {
  if (criterion.dataset.protected.split(" ").includes(criterion.value)) readers.value = "social";
}

if (kind && criterion && readers && frame) {
  kind.addEventListener("change", askForCriterion);
  criterion.addEventListener("change", chooseReaders);
  readers.addEventListener("change", chooseReaders);
  askForCriterion();
  chooseReaders();
}
