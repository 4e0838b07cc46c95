/** Webview → host: a figure is to be written where the person says. */
export interface SaveMessage {
  type: "save";
  /** Suggested file name, without its extension. */
  name: string;
  format: "png" | "svg" | "csv";
  data: Uint8Array | string;
}
