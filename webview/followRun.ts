import type { Cursor } from "./cursor";
import { connect, updateViewState } from "./host";
import type { RunStore } from "./store";
import { onThemeChange } from "./theme";
import { reapplyToolkitTheme } from "./toolkit";

/** What both views do with what the host tells: keep the store up to date, and redraw when there is something new. */
export function followRun(store: RunStore, cursor: Cursor, redraw: () => void): { wrongVersion: boolean } {
  const host = { wrongVersion: false };
  onThemeChange(() => {
    reapplyToolkitTheme();
    redraw();
  });
  connect(
    (message) => {
      if (message.type === "snapshot") {
        store.load(message.run);
        cursor.pin(null);
        // The panel's serializer asks for this run after a window reload.
        if (message.run) updateViewState({ run: message.run.id });
      } else if (!store.apply(message.run)) return;
      redraw();
    },
    () => {
      host.wrongVersion = true;
      redraw();
    },
  );
  return host;
}
