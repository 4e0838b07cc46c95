import { commandIds, type CommandId } from "./contributed";

export interface Lens {
  command: CommandId;
  title: string;
  tooltip: string;
}

/** What stands above the first line of a run config. */
export function lensesFor(state: { running: boolean; hasRun: boolean }): Lens[] {
  const lenses: Lens[] = [
    {
      command: commandIds.trainNetwork,
      title: "▷ Train Network",
      tooltip: state.running ? "Train again from the start" : "Train a network as this file says",
    },
  ];
  if (state.running)
    lenses.push({
      command: commandIds.stop,
      title: "Stop",
      tooltip: "Stop training and keep what was reached",
    });
  if (state.hasRun)
    lenses.push({
      command: commandIds.showCharts,
      title: "Show Charts",
      tooltip: "Show the charts of the latest run",
    });
  return lenses;
}
