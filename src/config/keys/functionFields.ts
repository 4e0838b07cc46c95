import { define } from "./field";

const coordinate = define({
  kind: "number",
  description: "Where the descent begins along this variable.",
});

/** The section `function`. */
export const functionField = define({
  kind: "object",
  description:
    "A function of several variables to minimise instead of training a network; it takes the place of `data`, `network` and `loss`. Its gradient and its Hessian are exact.",
  formula: "θ ← θ − η∇f(θ)",
  optional: true,
  aliases: ["minimize", "minimise", "objectiveFunction"],
  defaultText: "a network is trained",
  fields: {
    expression: {
      kind: "text",
      what: "a function",
      expected: 'a function such as "x^2 + y^2"',
      description:
        "What is minimised: `+ - * / ^`, parentheses, `sin cos tan exp log sqrt abs tanh min max`, `pi`, `e`; every other name is a variable. Products need their `*`.",
      required: true,
      examples: ["(1-x)^2 + 100*(y-x^2)^2", "(x^2+y-11)^2 + (x+y^2-7)^2", "x^2 - y^2"],
      aliases: ["formula", "expr", "equation"],
    },
    start: {
      kind: "either",
      description:
        'Where the descent begins: a number for each variable, or `"random"` for a point of the domain that the seed decides. Another start may end in another minimum.',
      alternatives: [
        {
          kind: "choice",
          description: "By chance.",
          choices: { random: "A point of the domain, decided by the seed." },
        },
        { kind: "map", keys: "a variable", description: "A number for each variable.", value: coordinate },
      ],
      optional: true,
      defaultText: '`"random"`',
      aliases: ["initial", "x0", "startPoint", "from"],
    },
    domain: {
      kind: "map",
      keys: "a variable",
      description:
        "What the map shows, and where a random start lies: the lowest and the highest value of each variable. The descent may leave it.",
      value: {
        kind: "list",
        description: "The lowest and the highest value of this variable.",
        item: { kind: "number", description: "A limit of this variable." },
        exactly: 2,
      },
      optional: true,
      defaultText: "`[-2, 2]` for a random start, else what the path needs",
      aliases: ["range", "ranges", "bounds", "limits"],
    },
  },
});
