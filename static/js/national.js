// While the server reads a long file, the page says how far it is.
for (const frame of document.querySelectorAll("[data-progress]")) {
  const status = frame.querySelector(".national-progress");
  frame.addEventListener("submit", (event) => {
    event.target.querySelector("[type=submit]").disabled = true;
    status.textContent = "Envoi du fichier…";
    setInterval(async () => {
      const answer = await fetch(frame.dataset.progress).catch(() => null);
      const words = answer?.ok ? await answer.text() : "";
      if (words) status.textContent = words;
    }, 1000);
  });
}
