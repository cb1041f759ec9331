// Escape closes the list under the search box, and returns to what is typed there.
for (const box of document.querySelectorAll(".search")) {
  box.addEventListener("keydown", (event) => {
    const list = box.querySelector(".search-list");
    if (event.key !== "Escape" || !list.hasChildNodes()) return;
    event.preventDefault(); // else the browser empties the box
    list.replaceChildren();
    box.querySelector("[role=status]").replaceChildren();
    box.querySelector("input").focus();
  });
}
