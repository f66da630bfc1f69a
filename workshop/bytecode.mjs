// Run bytecode.py in the Pyodide of a folder, under Node: node bytecode.mjs FOLDER
// The folder is seen as /kit; nothing is fetched from anywhere but the folder.
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const kit = process.argv[2];
globalThis.fetch = () => Promise.reject(new Error("no network here"));
const { loadPyodide } = await import(pathToFileURL(join(kit, "pyodide.mjs")));
const pyodide = await loadPyodide({ indexURL: kit + "/" });
pyodide.mountNodeFS("/kit", kit);
await pyodide.runPythonAsync(readFileSync(new URL("bytecode.py", import.meta.url), "utf-8"));
