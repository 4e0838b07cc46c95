/** Taking a picture away: what the menu of a card with a figure offers. */
import { css } from "../colour";
import { saveFile } from "../host";
import { theme } from "../theme";
import type { MenuItem } from "./menu";

export interface Figure {
  /** Suggested file name, without its extension. */
  name: () => string;
  png: () => Promise<Blob>;
  svg?: () => string;
  csv?: () => string;
}

/** Copy as PNG, save as PNG, SVG and CSV: as many as there are of the figure. */
export function figureItems({ name, png, svg, csv }: Figure): MenuItem[] {
  const savePng = async (): Promise<void> =>
    saveFile(name(), "png", new Uint8Array(await (await png()).arrayBuffer()));
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.write([new ClipboardItem({ "image/png": png() })]);
    } catch {
      // Where pages may not write to the clipboard, a file is the next best.
      await savePng();
    }
  };
  return [
    { label: "Copy as PNG", separated: true, run: () => void copy() },
    { label: "Save as PNG…", run: () => void savePng() },
    ...(svg ? [{ label: "Save as SVG…", run: () => saveFile(name(), "svg", svg()) }] : []),
    ...(csv ? [{ label: "Save as CSV…", run: () => saveFile(name(), "csv", csv()) }] : []),
  ];
}

/** What canvases that lie on each other show, on the theme's background. */
export function canvasPng(canvases: readonly HTMLCanvasElement[]): Promise<Blob> {
  const all = document.createElement("canvas");
  all.width = canvases[0].width;
  all.height = canvases[0].height;
  const context = all.getContext("2d");
  if (context) {
    context.fillStyle = css(theme().background);
    context.fillRect(0, 0, all.width, all.height);
    for (const canvas of canvases) context.drawImage(canvas, 0, 0);
  }
  return blobOf(all);
}

/** An SVG drawn at twice its size, so that it is sharp on paper. */
export async function svgPng(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * image.width;
  canvas.height = 2 * image.height;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return blobOf(canvas);
}

function blobOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error("The picture could not be made."));
    }, "image/png");
  });
}
