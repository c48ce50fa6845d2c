// A document to print: its button prints it.
document.querySelector("[data-print]").addEventListener("click", () => print());
