import { commandIds, type CommandId } from "./contributed";

export interface Lens {
  command: CommandId;
  title: string;
  tooltip: string;
}

/**
 * What stands above the first line of a run config.
 *
 * @param last what the latest run came to: "97.3 % in 1.2 s"
 */
export function lensesFor(state: {
  running: boolean;
  hasRun: boolean;
  last: string | null;
  /** How many runs the config stands for. */
  runs?: number;
}): Lens[] {
  const { runs = 1 } = state;
  const tooltip =
    runs > 1 ? `Make all ${runs} runs and compare them in one view` : "Train a network as this file says";
  const plain = runs > 1 ? `▷ Compare All ${runs}` : "▷ Train Network";
  const lenses: Lens[] = [
    {
      command: commandIds.trainNetwork,
      title: state.last === null || state.running ? plain : `${plain} · last: ${state.last}`,
      tooltip: state.running ? "Train again from the start" : tooltip,
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
