/** Run configs with a known fault, and healthy ones: what the advice is measured by. */

export interface Case {
  name: string;
  /** Any of them is a hit; an empty list: the run is healthy, and any advice is a false alarm. */
  expect: readonly string[];
  config: { data: { file: string; target: string } & Record<string, unknown> } & Record<string, unknown>;
}

const iris = { file: "iris.csv", target: "species" };
const penguins = { file: "penguins.csv", target: "species" };
const mass = { file: "penguins.csv", target: "body_mass_g" };
const cancer = { file: "breast-cancer.csv", target: "diagnosis" };
const weather = { file: "seattle-weather.csv", target: "weather", ignore: ["date"] };
const clouds = { file: "clouds.csv", target: "cloud" };
const moons = { file: "moons.csv", target: "moon" };
const friedman = { file: "friedman.csv", target: "y" };
const houses = { file: "houses.csv", target: "price" };
const rare = { file: "rare.csv", target: "kind" };
const small = { file: "small.csv", target: "label" };
const plane = { file: "plane.csv", target: "y" };

const optimizer = (type: string, learningRate: number, more: object = {}): object => ({
  optimizer: { type, learningRate, ...more },
});
const hidden = (...units: number[]): object => ({ network: { hidden: units } });
const full = { batchSize: "full" };

const large = ["learning-rate-too-large"];
const tiny = ["learning-rate-too-small"];
const stuck = ["plateau"];
const heart = ["overfitting"];
const uneven = ["unscaled-inputs"];
const majority = ["class-imbalance"];
const dead = ["dead-units", "learning-rate-too-large"];
const start = ["initial-loss"];

export const faulty: readonly Case[] = [
  {
    name: "sgd at 2 on penguin mass",
    expect: large,
    config: { data: mass, ...optimizer("sgd", 2), ...full, epochs: 100 },
  },
  {
    name: "sgd at 5 on iris",
    expect: large,
    config: { data: iris, ...optimizer("sgd", 5), batchSize: 16, epochs: 60 },
  },
  {
    name: "momentum at 2 on clouds",
    expect: large,
    config: { data: clouds, ...optimizer("momentum", 2), batchSize: 32, epochs: 60 },
  },
  {
    name: "adam at 3 on moons",
    expect: large,
    config: { data: moons, ...optimizer("adam", 3), batchSize: 32, epochs: 60 },
  },
  {
    name: "linear sgd at 1.2 on a plane",
    expect: large,
    config: { data: plane, ...hidden(), ...optimizer("sgd", 1.2), ...full, epochs: 60 },
  },
  {
    name: "nesterov at 0.5 on friedman",
    expect: large,
    config: { data: friedman, ...hidden(32), ...optimizer("nesterov", 0.5), batchSize: 32, epochs: 60 },
  },
  {
    name: "sgd at 0.0005 on iris",
    expect: tiny,
    config: { data: iris, ...optimizer("sgd", 0.0005), batchSize: 16, epochs: 60 },
  },
  {
    name: "adam at 0.000003 on moons",
    expect: tiny,
    config: { data: moons, ...optimizer("adam", 0.000003), batchSize: 32, epochs: 60 },
  },
  {
    name: "full-batch sgd at 0.001 on cancer",
    expect: tiny,
    config: { data: cancer, ...hidden(), ...optimizer("sgd", 0.001), ...full, epochs: 200 },
  },
  {
    name: "momentum at 0.00001 on penguins",
    expect: tiny,
    config: { data: penguins, ...optimizer("momentum", 0.00001), batchSize: 32, epochs: 60 },
  },
  {
    name: "full-batch sgd at 0.003 on friedman",
    expect: tiny,
    config: { data: friedman, ...hidden(16), ...optimizer("sgd", 0.0003), ...full, epochs: 200 },
  },
  {
    name: "zeros on iris",
    expect: stuck,
    config: {
      data: iris,
      network: { hidden: [16], initializer: "zeros" },
      ...optimizer("adam", 0.01),
      batchSize: 16,
      epochs: 60,
    },
  },
  {
    name: "zeros on moons",
    expect: stuck,
    config: {
      data: moons,
      network: { hidden: [16], activation: "tanh", initializer: "zeros" },
      ...optimizer("sgd", 0.1),
      ...full,
      epochs: 200,
    },
  },
  {
    name: "five sigmoid layers on clouds",
    expect: stuck,
    config: {
      data: clouds,
      network: { hidden: [8, 8, 8, 8, 8], activation: "sigmoid" },
      ...optimizer("sgd", 0.1),
      batchSize: 32,
      epochs: 60,
    },
  },
  {
    name: "weight decay 1 on penguins",
    expect: stuck,
    config: { data: penguins, ...optimizer("sgd", 0.1, { weightDecay: 1 }), batchSize: 32, epochs: 60 },
  },
  {
    name: "64 units on 80 rows",
    expect: heart,
    config: { data: small, ...hidden(64), ...optimizer("adam", 0.01), batchSize: 16, epochs: 150 },
  },
  {
    name: "two wide layers on 80 rows",
    expect: heart,
    config: { data: small, ...hidden(64, 64), ...optimizer("adam", 0.003), batchSize: 16, epochs: 150 },
  },
  {
    name: "256 units on friedman's noise",
    expect: heart,
    config: {
      data: { ...friedman, rows: 80 },
      ...hidden(256, 64),
      ...optimizer("adam", 0.01),
      batchSize: 16,
      epochs: 400,
    },
  },
  {
    name: "128 units on the weather",
    expect: heart,
    config: {
      data: { ...weather, rows: 300 },
      ...hidden(128, 128),
      ...optimizer("adam", 0.01),
      batchSize: 32,
      epochs: 200,
    },
  },
  {
    name: "raw house prices",
    expect: uneven,
    config: {
      data: { ...houses, standardize: false, standardizeTarget: true },
      ...hidden(16),
      ...optimizer("sgd", 0.01),
      batchSize: 32,
      epochs: 60,
    },
  },
  {
    name: "raw penguins",
    expect: uneven,
    config: {
      data: { ...penguins, standardize: false },
      ...hidden(16),
      ...optimizer("momentum", 0.05),
      batchSize: 32,
      epochs: 60,
    },
  },
  {
    name: "raw cancer",
    expect: uneven,
    config: {
      data: { ...cancer, standardize: false },
      ...hidden(16),
      ...optimizer("sgd", 0.1),
      batchSize: 32,
      epochs: 60,
    },
  },
  {
    name: "one fraud in twenty",
    expect: majority,
    config: { data: rare, ...hidden(), ...optimizer("sgd", 0.1), batchSize: 32, epochs: 60 },
  },
  {
    name: "one fraud in twenty, by a network",
    expect: majority,
    config: { data: rare, ...hidden(4), ...optimizer("adam", 0.003), batchSize: 64, epochs: 40 },
  },
  {
    name: "relu killed at the start",
    expect: dead,
    config: { data: clouds, ...hidden(16, 16), ...optimizer("adam", 1), batchSize: 32, epochs: 60 },
  },
  {
    name: "relu killed by sgd",
    expect: dead,
    config: { data: iris, ...hidden(8, 8), ...optimizer("sgd", 3), batchSize: 16, epochs: 60 },
  },
  {
    name: "a target of thousands",
    expect: start,
    config: {
      data: { ...mass, standardizeTarget: false },
      ...hidden(16),
      ...optimizer("adam", 0.01),
      batchSize: 32,
      epochs: 60,
    },
  },
  {
    name: "a target far from zero",
    expect: start,
    config: {
      data: { ...houses, standardizeTarget: false },
      ...hidden(),
      ...optimizer("adam", 0.1),
      batchSize: 32,
      epochs: 60,
    },
  },
];

export const healthy: readonly Case[] = [
  {
    name: "iris as in the examples",
    expect: [],
    config: { data: iris, ...hidden(16), ...optimizer("adam", 0.01), batchSize: 16, epochs: 100 },
  },
  {
    name: "logistic regression on cancer",
    expect: [],
    config: { data: cancer, ...hidden(), ...optimizer("sgd", 0.5), ...full, epochs: 400 },
  },
  {
    name: "penguins as in the examples",
    expect: [],
    config: {
      data: penguins,
      network: { hidden: [16, 8], activation: "tanh" },
      ...optimizer("momentum", 0.05),
      batchSize: 32,
      epochs: 60,
      earlyStopping: { patience: 15 },
    },
  },
  {
    name: "penguin mass as in the examples",
    expect: [],
    config: {
      data: mass,
      network: { hidden: [32, 16], activation: "silu" },
      ...optimizer("adamw", 0.01, { weightDecay: 0.01 }),
      schedule: { type: "cosine" },
      batchSize: 32,
      epochs: 150,
    },
  },
  {
    name: "weather as in the examples",
    expect: [],
    config: {
      data: weather,
      network: { hidden: [32], dropout: 0.2 },
      ...optimizer("rmsprop", 0.003),
      batchSize: 64,
      epochs: 80,
      earlyStopping: { patience: 15 },
    },
  },
  { name: "the defaults on iris", expect: [], config: { data: iris } },
  { name: "the defaults on penguins", expect: [], config: { data: penguins } },
  { name: "the defaults on moons", expect: [], config: { data: moons } },
  {
    name: "sgd at 0.1 on iris",
    expect: [],
    config: { data: iris, ...optimizer("sgd", 0.1), batchSize: 16, epochs: 100 },
  },
  {
    name: "full-batch sgd at the edge on iris",
    expect: [],
    config: { data: iris, ...optimizer("sgd", 0.5), ...full, epochs: 300 },
  },
  {
    name: "full-batch sgd at the edge on clouds",
    expect: [],
    config: {
      data: clouds,
      network: { hidden: [32], activation: "tanh" },
      ...optimizer("sgd", 1),
      ...full,
      epochs: 300,
    },
  },
  {
    name: "momentum on moons",
    expect: [],
    config: { data: moons, ...hidden(16), ...optimizer("momentum", 0.05), batchSize: 32, epochs: 80 },
  },
  {
    name: "nesterov on clouds",
    expect: [],
    config: { data: clouds, ...hidden(16), ...optimizer("nesterov", 0.05), batchSize: 32, epochs: 60 },
  },
  {
    name: "adagrad on cancer",
    expect: [],
    config: { data: cancer, ...hidden(8), ...optimizer("adagrad", 0.05), batchSize: 32, epochs: 30 },
  },
  {
    name: "friedman with adam",
    expect: [],
    config: { data: friedman, ...hidden(16), ...optimizer("adam", 0.01), batchSize: 32, epochs: 100 },
  },
  {
    name: "a plane with full-batch sgd",
    expect: [],
    config: { data: plane, ...hidden(), ...optimizer("sgd", 0.1), ...full, epochs: 100 },
  },
  {
    name: "a plane in mini-batches",
    expect: [],
    config: { data: plane, ...hidden(8), ...optimizer("sgd", 0.05), batchSize: 16, epochs: 60 },
  },
  {
    name: "house prices",
    expect: [],
    config: { data: houses, ...hidden(16), ...optimizer("adam", 0.01), batchSize: 32, epochs: 60 },
  },
  {
    name: "raw iris",
    expect: [],
    config: {
      data: { ...iris, standardize: false },
      ...hidden(16),
      ...optimizer("adam", 0.01),
      batchSize: 16,
      epochs: 100,
    },
  },
  {
    name: "fraud with balanced classes",
    expect: [],
    config: {
      data: { ...rare, classWeights: "balanced" },
      ...hidden(4),
      ...optimizer("adam", 0.003),
      batchSize: 64,
      epochs: 40,
    },
  },
  {
    name: "a small network on 80 rows, stopped early",
    expect: [],
    config: {
      data: small,
      ...hidden(4),
      ...optimizer("adam", 0.01),
      batchSize: 16,
      epochs: 150,
      earlyStopping: { patience: 10, restoreBest: true },
    },
  },
  {
    name: "two sigmoid layers with adam",
    expect: [],
    config: {
      data: clouds,
      network: { hidden: [16, 16], activation: "sigmoid" },
      ...optimizer("adam", 0.01),
      batchSize: 32,
      epochs: 80,
    },
  },
  {
    name: "a warm-up and a cosine",
    expect: [],
    config: {
      data: penguins,
      ...hidden(16),
      ...optimizer("adam", 0.02),
      schedule: { type: "cosine", warmupSteps: 30 },
      batchSize: 32,
      epochs: 60,
    },
  },
  {
    name: "one cycle on moons",
    expect: [],
    config: {
      data: moons,
      ...hidden(16),
      ...optimizer("sgd", 0.3),
      schedule: { type: "one-cycle" },
      batchSize: 32,
      epochs: 80,
    },
  },
  {
    name: "dropout on cancer",
    expect: [],
    config: {
      data: cancer,
      network: { hidden: [32], dropout: 0.3 },
      ...optimizer("adam", 0.003),
      batchSize: 32,
      epochs: 25,
    },
  },
];
