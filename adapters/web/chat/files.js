// Pictures to read: chosen, pasted, dropped, or taken by a phone's own camera.

import { find } from "./dom.js";

// ``upload(files)`` sends them.
export function prepareFiles(upload) {
  find("attach").addEventListener("click", () => find("file").click());
  for (const id of ["file", "snapshot"]) {
    find(id).addEventListener("change", (event) => { upload([...event.target.files]); event.target.value = ""; });
  }
  document.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) { event.preventDefault(); upload([...event.clipboardData.files]); }
  });
  document.addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); find("drop").hidden = false; } });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) find("drop").hidden = true; });
  document.addEventListener("drop", (event) => {
    find("drop").hidden = true;
    if (carries(event)) { event.preventDefault(); upload([...event.dataTransfer.files]); }
  });
}

const carries = (event) => [...event.dataTransfer.types].includes("Files");
