// Select2 leaves its fields without a name for screen readers: each takes that of its label.
function nameSearchFields() {
  for (const container of document.querySelectorAll(".select2-container")) {
    const field = container.previousElementSibling;
    const label = field && document.querySelector(`label[for="${field.id}"]`);
    const name = label ? label.textContent.trim().replace(/\s*:$/, "") : "";
    for (const part of name ? container.querySelectorAll(".select2-selection, .select2-selection__rendered") : []) {
      part.setAttribute("aria-label", name);
    }
  }
}

// Django's own script makes these fields in the same way, and was asked first.
window.django?.jQuery(nameSearchFields);
document.addEventListener("formset:added", () => setTimeout(nameSearchFields));
