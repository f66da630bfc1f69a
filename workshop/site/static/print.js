// Paper is white: print the light theme, whichever one is being read.
const page = document.documentElement;
let read;
addEventListener("beforeprint", () => { read = page.dataset.theme; page.dataset.theme = "light"; });
addEventListener("afterprint", () => { page.dataset.theme = read; });
