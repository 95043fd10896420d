// A code before the camera: what it sees is read frame by frame, until a code is found or the picture is taken.

import { find } from "./dom.js";
import { post } from "./door.js";
import { t } from "./language.js";
import { closePanels, openPanel } from "./panel.js";

const LARGEST = 1600; // pixels of a frame's longer side
const PAUSE = 400; // milliseconds between two frames
let stream = null;

// ``found(text)`` takes what a code says, ``upload(files)`` a picture.
export function prepareCamera(found, upload) {
  const live = Boolean(navigator.mediaDevices?.getUserMedia);
  find("camera").hidden = !live && !matchMedia("(pointer: coarse)").matches;
  find("camera").addEventListener("click", () => (live ? look(found) : find("snapshot").click()));
  find("viewfinder").addEventListener("close", stop);
  find("shutter").addEventListener("click", async () => {
    const taken = await frame(0.92);
    closePanels();
    if (taken) upload([new File([taken], `${t("A picture")}.jpg`, { type: taken.type })]);
  });
}

async function look(found) {
  openPanel("viewfinder");
  say(t("Please allow the camera, then hold a code before it."));
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } } });
  } catch (error) {
    refused(error);
    return;
  }
  if (!find("viewfinder").open) return stop(); // closed while it was asked for
  find("live").srcObject = stream;
  await find("live").play();
  find("shutter").disabled = false;
  say(t("Hold a code before the camera. It is read as soon as it is seen."));
  read(found, stream);
}

// One frame at a time; nothing of what is seen is kept.
async function read(found, from) {
  while (stream === from) {
    const seen = await frame(0.8);
    if (!seen || stream !== from) break;
    const answer = await post({ file: seen }, "/chat/read").catch((error) => error);
    if (stream !== from) return;
    if (answer instanceof Error && answer.final) return say(answer.message);
    if (answer.text) {
      closePanels();
      return found(answer.text);
    }
    await new Promise((done) => { setTimeout(done, answer instanceof Error ? 10 * PAUSE : PAUSE); });
  }
}

function frame(quality) {
  const video = find("live");
  const scale = Math.min(1, LARGEST / Math.max(video.videoWidth, video.videoHeight, 1));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth * scale, video.videoHeight * scale];
  if (!canvas.width) return Promise.resolve(null);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done, "image/jpeg", quality); });
}

function refused(error) {
  const none = error.name === "NotFoundError" || error.name === "OverconstrainedError";
  say(none
    ? t("There is no camera here. Please send a picture instead.")
    : t("The camera may not be used. Please allow it for this page, or send a picture instead."));
}

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  find("live").srcObject = null;
  find("shutter").disabled = true;
}

const say = (sentence) => { find("sighted").textContent = sentence; };
