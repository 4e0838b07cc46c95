/** The colours of the editor's theme, for what is drawn on canvases. Everything else takes them in CSS. */
import { css, firstDistinct, luminance, type Rgb } from "./colour";

export interface Theme {
  /** Of the background, whatever the theme calls itself. */
  kind: "dark" | "light";
  highContrast: boolean;
  background: Rgb;
  foreground: Rgb;
  /** Labels of axes. */
  muted: Rgb;
  grid: string;
  training: Rgb;
  validation: Rgb;
  gradient: Rgb;
  baseline: Rgb;
  /** For what is judged: fine, good, doubtful, bad. Never the only sign of it. */
  judged: { calm: Rgb; good: Rgb; doubtful: Rgb; bad: Rgb };
  fontFamily: string;
}

let current: Theme | null = null;

export function theme(): Theme {
  current ??= readTheme();
  return current;
}

/**
 * The editor replaces the variables on the html element and the classes and attributes of the body when its
 * theme changes.
 */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(() => {
    current = null;
    listener();
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ["class", "data-vscode-theme-kind", "data-vscode-theme-id"],
  });
}

function readTheme(): Theme {
  const styles = getComputedStyle(document.body);
  const kindName = document.body.dataset["vscodeThemeKind"] ?? "";
  const background = readColour(
    [styles.getPropertyValue("--backdrop"), styles.getPropertyValue("--vscode-editor-background")],
    [0.12, 0.12, 0.12],
  );
  const dark = luminance(background) < 0.4;
  const variable = (names: string[], fallback: Rgb): Rgb =>
    readColour(
      names.map((name) => styles.getPropertyValue(`--vscode-${name}`)),
      fallback,
    );
  const foreground = variable(["foreground", "editor-foreground"], dark ? [0.8, 0.8, 0.8] : [0.2, 0.2, 0.2]);
  const highContrast = kindName.includes("high-contrast");
  const chart = (name: string, fallback: Rgb): Rgb => variable([`charts-${name}`], fallback);
  const visible = highContrast ? 4.5 : 2.5;
  const blue = chart("blue", [0.22, 0.58, 1]);
  const others: Rgb[] = [
    chart("orange", [0.82, 0.53, 0.09]),
    chart("red", [0.95, 0.3, 0.3]),
    chart("green", [0.5, 0.75, 0.4]),
    foreground,
  ];
  return {
    kind: dark ? "dark" : "light",
    highContrast,
    background,
    foreground,
    muted: highContrast ? foreground : variable(["descriptionForeground"], foreground),
    grid: css(foreground, highContrast ? 0.3 : dark ? 0.1 : 0.12),
    training: blue,
    validation: firstDistinct(others, [blue], background, visible),
    gradient: firstDistinct([chart("purple", [0.7, 0.5, 0.84]), ...others], [], background, visible),
    baseline: variable(["descriptionForeground", "foreground"], foreground),
    judged: {
      calm: blue,
      good: chart("green", [0.5, 0.75, 0.4]),
      doubtful: chart("yellow", [0.8, 0.65, 0.1]),
      bad: chart("red", [0.95, 0.3, 0.3]),
    },
    fontFamily: styles.fontFamily || "sans-serif",
  };
}

/** Lets the browser parse whatever colour notation a theme uses: one pixel is painted and read back. */
function readColour(values: string[], fallback: Rgb): Rgb {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return fallback;
  for (const value of values) {
    const text = value.trim();
    if (!text || !CSS.supports("color", text)) continue;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = text;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, alpha] = context.getImageData(0, 0, 1, 1).data;
    if (alpha > 0) return [r / 255, g / 255, b / 255];
  }
  return fallback;
}
