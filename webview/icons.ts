/** Small 16 × 16 icons drawn with the current text colour; decoration only, the text beside them says the same. */

const paths = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  step: "M3 2.5v11l7-5.5zM11.5 3h2v10h-2z",
  stop: "M3.5 3.5h9v9h-9z",
  restart:
    "M8 2.5a5.5 5.5 0 1 0 5.4 6.6l-1.5-.3A4 4 0 1 1 8 4c1 0 2 .4 2.7 1.100L9 7h5V2l-1.9 1.900A5.5 5.5 0 0 0 8 2.500z",
  sliders:
    "M2 3.500h7v1.500H2zM12 3.500h2v1.500h-2zM9.500 2h2v4.500h-2zM2 11h2v1.500H2zM7 11h7v1.500H7zM4.500 9.500h2V14h-2z",
  file: "M3.5 1.500h6l3.5 3.500v9.500h-9.500zM5 3v10h6.500V6H8.500V3z",
  export:
    "M7.300 1.500h1.400v6.200l2.300-2.300 1 1L8 10.400 4 6.400l1-1 2.300 2.300zM2.500 9.500H4v3.500h8V9.500h1.500v5h-11z",
  folder: "M1.5 3h5l1.5 2h6.500v8.500h-13zM3 6.500V12h10V6.500z",
  check: "M6.3 12.8 1.8 8.300l1.2-1.2 3.3 3.3 6.8-6.9 1.2 1.200z",
  warning: "M8 1.5 15.2 14H.8zM7.2 6v4h1.600V6zM7.2 11.200v1.500h1.600v-1.500z",
  error:
    "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM5.6 4.600l-1 1L7 8l-2.4 2.4 1 1L8 9l2.4 2.4 1-1L9 8l2.4-2.4-1-1L8 7z",
  info: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM7.2 4v1.600h1.600V4zM7.2 7v5h1.600V7z",
  interrupted: "M2 3h3v10H2zM6.5 3h2v4h-2zM6.5 9h2v4h-2zM10 3h4v4h-4zM10 9h4v4h-4z",
  more: "M2 7h2v2H2zM7 7h2v2H7zM12 7h2v2h-2z",
  grip: "M5 3h2v2H5zM9 3h2v2H9zM5 7h2v2H5zM9 7h2v2H9zM5 11h2v2H5zM9 11h2v2H9z",
  enlarge:
    "M2 2h5v1.500H4.600L7.500 6.400 6.400 7.500 3.500 4.600V7H2zM14 14H9v-1.500h2.400L8.500 9.600 9.600 8.500l2.900 2.900V9H14z",
  shrink:
    "M7.500 7.500h-5V6h2.400L2 3.100 3.100 2 6 4.900V2.500h1.500zM8.500 8.500h5V10h-2.400L14 12.900 12.900 14 10 11.100v2.400H8.500z",
  layout:
    "M2 2h5v5H2zM3.300 3.300v2.400h2.400V3.300zM9 2h5v5H9zM10.300 3.300v2.400h2.400V3.300zM2 9h5v5H2zM3.300 10.300v2.400h2.400v-2.400zM9 9h5v5H9zM10.300 10.300v2.400h2.400v-2.400z",
  up: "M8 3l5 8H3z",
  down: "M8 13 3 5h10z",
  /** Types of columns. */
  number:
    "M6 2 5.600 5H3v1.500h2.400L5 9.500H2.500V11h2.300l-.3 3H6l.3-3h3l-.3 3h1.500l.3-3H13V9.500h-2l.4-3h2.100V5h-1.900L12 2h-1.500l-.4 3h-3l.4-3zM6.900 6.500h3l-.4 3h-3z",
  category:
    "M2 2h5.500l6.500 6.500-5.500 5.500L2 7.500zM3.500 3.500v3.400l5 5 3.400-3.400-5-5zM5.500 4.500a1 1 0 1 1 0 2 1 1 0 0 1 0-2z",
  boolean: "M2 2h12v12H2zM3.500 3.500v9h9v-9zM7 11 4.500 8.500l1-1L7 9l3.500-3.500 1 1z",
  date: "M4 1h1.500v1.500h5V1H12v1.500h2.500V14h-13V2.500H4zM3 6.500v6h10v-6zM3 4v1.200h10V4z",
  vector:
    "M2 2h3v3H2zM6.500 2h3v3h-3zM11 2h3v3h-3zM2 6.500h3v3H2zM6.500 6.500h3v3h-3zM11 6.500h3v3h-3zM2 11h3v3H2zM6.500 11h3v3h-3zM11 11h3v3h-3z",
  text: "M2 3h12v1.500H2zM2 6.200h12v1.500H2zM2 9.400h12v1.500H2zM2 12.500h7V14H2z",
  empty:
    "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 3.500a4.500 4.500 0 0 0-3.500 7.300l6.300-6.300A4.500 4.500 0 0 0 8 3.500zM11.800 5.600l-6.200 6.200a4.500 4.500 0 0 0 6.200-6.200z",
  target:
    "M8 1.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3zM8 5.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z",
  lightbulb:
    "M8 1a5 5 0 0 1 3 9v2H5v-2a5 5 0 0 1 3-9zM8 2.500a3.500 3.500 0 0 0-1.800 6.500l.3.2v1.300h3V9.200l.3-.2A3.500 3.500 0 0 0 8 2.500zM5.500 13h5v1.500h-5z",
  dot: "M8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
} as const;

export type IconName = keyof typeof paths;

const SVG = "http://www.w3.org/2000/svg";

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  svg.append(path);
  setIcon(svg, name);
  return svg;
}

export function setIcon(svg: SVGSVGElement, name: IconName): void {
  if (svg.dataset["icon"] === name) return;
  svg.dataset["icon"] = name;
  const path = svg.firstElementChild;
  path?.setAttribute("d", paths[name]);
  path?.setAttribute("fill-rule", "evenodd");
}

/** A line sample for a legend: the same dash pattern and width as in the chart, so colour is not the only key. */
export function lineSample(): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 22 10");
  svg.setAttribute("class", "line-sample");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "line");
  for (const [name, value] of [
    ["x1", "1"],
    ["x2", "21"],
    ["y1", "5"],
    ["y2", "5"],
  ] as const) {
    line.setAttribute(name, value);
  }
  svg.append(line);
  return svg;
}

export function styleLineSample(
  svg: SVGSVGElement,
  style: { colour: string; width: number; dash: readonly number[] },
): void {
  const line = svg.firstElementChild;
  line?.setAttribute("stroke", style.colour);
  line?.setAttribute("stroke-width", String(Math.max(style.width, 1.5)));
  line?.setAttribute("stroke-dasharray", style.dash.join(" "));
}
