// The way to the bot: what is said goes out, its answer comes back; a refusal is an error with a sentence.

import { t } from "./language.js";
import { telegram, vouched } from "./telegram.js";

export async function post(said, path = "/chat/say") {
  const body = said.file ? new FormData() : JSON.stringify(said);
  if (said.file) for (const [name, value] of Object.entries(said)) body.append(name, value);
  const headers = said.file ? vouched() : { ...vouched(), "Content-Type": "application/json" };
  const response = await fetch(path, { method: "POST", headers, body });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(refusal(answer)), { final: response.status === 401 });
  return answer;
}

// Fetches what the page has to know; null where it cannot be had.
export async function known(path) {
  const response = await fetch(path, { headers: vouched() }).catch(() => null);
  return response?.ok ? response.json() : null;
}

// Says what went wrong; a fault of the network has words that are not for people.
export const told = (error) => (error instanceof TypeError || error instanceof SyntaxError
  ? t("I could not be reached. Is the bot still running?")
  : error.message);

// Refusals say it in English; those that anybody may meet are said in the page's language.
function refusal({ status, title, detail, request_id: incident }) {
  if (status === 401) return telegram ? t("Please open it again from Telegram.") : t("Please log in again. What you wrote stays here.");
  if (status !== 500) return detail ?? title;
  return t("Something went wrong here, not with you. Please try again; if it stays, name this number: {incident}.", { incident });
}
