/** A run that lasts as long as a test needs it to. */
export const slowRun = {
  "slow.train.json": `{
  "data": { "file": "breast-cancer.csv", "target": "diagnosis" },
  "network": { "hidden": [16] },
  "optimizer": { "type": "sgd", "learningRate": 0.001 },
  "epochs": 1000000
}
`,
};
