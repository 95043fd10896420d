// Telegram around the page, where it was opened from there: who opened it, colours, back button, scanner.

const app = window.Telegram?.WebApp;
const SCANNING = ["android", "android_x", "ios"]; // the apps that can open a scanner
const COLOURS = { // ours by theirs (core.telegram.org/bots/webapps#themeparams)
  secondary_bg_color: "--ground", bg_color: "--card", text_color: "--ink", hint_color: "--muted",
  section_separator_color: "--line", button_color: "--accent", button_text_color: "--on-accent",
  destructive_text_color: "--danger",
};

export const telegram = app?.initData ? app : null;

// What proves to the server who opened it. We keep it nowhere; Telegram's own script does, in this tab.
export const vouched = () => (telegram ? { Authorization: `tma ${telegram.initData}` } : {});

export const scans = () => telegram !== null && SCANNING.includes(telegram.platform) && telegram.isVersionAtLeast("6.4");

// Opens the scanner; the first code it reads closes it again.
export const scan = (found) => telegram.showScanQrPopup({}, (text) => { found(text); return true; });

// Takes Telegram's colours, and tells it that the page is there.
export function settleIn(back) {
  if (!telegram) return;
  wear();
  telegram.onEvent("themeChanged", wear);
  telegram.BackButton?.onClick(back);
  document.addEventListener("click", outside);
  telegram.ready();
  telegram.expand();
}

export function showBack(shown) {
  if (shown) telegram?.BackButton?.show();
  else telegram?.BackButton?.hide();
}

function wear() {
  const root = document.documentElement;
  root.classList.add("telegram");
  root.classList.toggle("dark", telegram.colorScheme === "dark");
  root.style.colorScheme = telegram.colorScheme;
  for (const [theirs, ours] of Object.entries(COLOURS)) {
    const colour = telegram.themeParams[theirs];
    if (colour) root.style.setProperty(ours, colour);
    else root.style.removeProperty(ours);
  }
}

// Opens links in a browser: inside the app there is no second page to open them in.
function outside(event) {
  const link = event.target.closest("a[target=_blank]");
  if (!link || !/^https?:$/.test(link.protocol)) return;
  event.preventDefault();
  telegram.openLink(link.href);
}
