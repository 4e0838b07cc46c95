/**
 * n / (K·n_c) for each class c, with n rows, K classes that have rows, and n_c rows of the class: the rows' weights then have mean 1
 * and every class the same total, as scikit-learn's `class_weight="balanced"` has it. A class without rows weighs 1; no row
 * feels it.
 *
 * @param targets the class of each row
 */
export function balancedClassWeights(targets: Float32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const target of targets) counts[target]++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? targets.length / (present * count) : 1));
}
