/** The parts of Chart.js that are used, and nothing else of it in the bundle. */
import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartConfiguration,
  type ChartDataset,
  type Scale,
} from "chart.js";

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

export type LineDataset = ChartDataset<"line", { x: number; y: number }[]>;
export type LineChartConfiguration = ChartConfiguration<"line", { x: number; y: number }[]>;
export type LineChartInstance = Chart<"line", { x: number; y: number }[]>;
export { Chart, type Scale };
