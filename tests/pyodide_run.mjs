// Run a Python file in Pyodide under Node: node pyodide_run.mjs KIT CHECKOUT FILE ARGUMENTS...
// The checkout is seen as /course; nothing is fetched from anywhere but the kit.
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [kit, checkout, file, ...args] = process.argv.slice(2);
globalThis.fetch = () => Promise.reject(new Error("no network here"));
const { loadPyodide } = await import(pathToFileURL(join(kit, "pyodide.mjs")));
const pyodide = await loadPyodide({ indexURL: kit.endsWith("/") ? kit : kit + "/" });
await pyodide.loadPackage(["numpy", "matplotlib", "sympy", "ipython", "ipywidgets"], { messageCallback: () => {} });
pyodide.mountNodeFS("/course", checkout);
pyodide.globals.set("ARGUMENTS", pyodide.toPy(args));
await pyodide.runPythonAsync(readFileSync(file, "utf-8"));
