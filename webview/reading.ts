import { chartRead } from "./host";

/** Tells the host, once for each chart, that somebody reads its values: the walkthrough waits for it. */
export function followReading(main: HTMLElement): void {
  const told = new Set<string>();
  const look = ({ target }: Event): void => {
    const chart = target instanceof HTMLCanvasElement ? /^(\w+)-canvas$/.exec(target.id)?.[1] : undefined;
    if (chart === undefined || told.has(chart)) return;
    told.add(chart);
    chartRead(chart);
  };
  main.addEventListener("pointermove", look, { passive: true });
  main.addEventListener("keydown", look);
}
