// A stand-in for https://telegram.org/js/telegram-web-app.js: what our page uses of it, as strict as the documents
// (core.telegram.org/bots/webapps). What a person does in the app, a test does by window.phone.

(() => {
  const said = new URLSearchParams(location.hash.slice(1));
  const version = said.get("tgWebAppVersion") ?? "6.0";
  const theme = JSON.parse(said.get("tgWebAppThemeParams") ?? "{}");
  const handlers = {};
  let scanning = null;
  const dark = (colour) => {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    return Math.sqrt(0.299 * r * r + 0.587 * g * g + 0.114 * b * b) < 120;
  };
  const newest = (least) => {
    const parts = (text) => text.split(".").map(Number);
    const [[major, minor = 0], [most, more = 0]] = [parts(least), parts(version)];
    return most > major || (most === major && more >= minor);
  };
  const back = {
    isVisible: false,
    show() { back.isVisible = true; return back; },
    hide() { back.isVisible = false; return back; },
    onClick(handler) { (handlers.backButtonClicked ??= []).push(handler); return back; },
  };
  const app = {
    initData: said.get("tgWebAppData") ?? "",
    version,
    platform: said.get("tgWebAppPlatform") ?? "unknown",
    colorScheme: dark(theme.bg_color ?? "#ffffff") ? "dark" : "light",
    themeParams: theme,
    isExpanded: false,
    BackButton: back,
    isVersionAtLeast: newest,
    onEvent(event, handler) { (handlers[event] ??= []).push(handler); },
    ready() { phone.ready = true; },
    expand() { app.isExpanded = true; },
    close() { phone.closed = true; },
    openLink(url) {
      if (!/^https?:$/.test(new URL(url, location.href).protocol)) throw Error("WebAppTgUrlInvalid");
      phone.links.push(url);
    },
    showScanQrPopup(params, callback) {
      if (!newest("6.4")) throw Error("WebAppMethodUnsupported");
      if (scanning) throw Error("WebAppScanQrPopupOpened");
      if ((params.text ?? "").trim().length > 64) throw Error("WebAppScanQrPopupParamInvalid");
      scanning = { callback };
    },
  };
  const phone = {
    ready: false,
    closed: false,
    links: [],
    wears(colours) {
      Object.assign(app.themeParams, colours);
      app.colorScheme = dark(theme.bg_color ?? "#ffffff") ? "dark" : "light";
      handlers.themeChanged.forEach((handler) => handler());
    },
    scanning: () => scanning !== null,
    sees(text) {
      if (!scanning) throw Error("no scanner is open");
      if (scanning.callback?.(text) === true) scanning = null;
    },
    back() {
      if (!back.isVisible) throw Error("the back button is not there");
      handlers.backButtonClicked.forEach((handler) => handler());
    },
  };
  window.Telegram = { WebApp: app };
  window.phone = phone;
})();
