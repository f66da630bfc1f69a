// Notes, on every animation frame, whether a picture in the outputs has changed, and when inputs arrived.
(() => {
  const notes = (window.notes = { changes: [], inputs: [] });
  const shown = () => {
    const pictures = [...document.querySelectorAll(".jp-OutputArea-output img")].filter((e) => e.clientWidth > 99);
    if (!pictures.length || pictures.some((e) => !e.complete || !e.naturalWidth)) return null;
    return pictures.map((e) => e.src).join("|");
  };
  let last = null;
  const look = () => {
    const now = shown();
    if (now !== null && now !== last) {
      if (last !== null) notes.changes.push(performance.now());
      last = now;
    }
    requestAnimationFrame(look);
  };
  addEventListener("DOMContentLoaded", look);
  for (const kind of ["keydown", "pointermove"])
    addEventListener(kind, (e) => notes.inputs.push(e.timeStamp), { capture: true });
  // Resolves when no picture has changed for `quiet` ms after one has, or after `limit` ms.
  notes.settle = (quiet, limit) =>
    new Promise((done) => {
      const start = performance.now(), before = notes.changes.length;
      const tick = () => {
        const now = performance.now(), changes = notes.changes;
        const settled = changes.length > before && now - changes[changes.length - 1] > quiet;
        if (settled || now - start > limit) done();
        else setTimeout(tick, 10);
      };
      tick();
    });
})();
