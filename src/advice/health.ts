/** What probes of single steps say of a run, as far as advice needs it. */
export interface HealthFacts {
  /**
   * Decrease ratios ρ = (f(θ) − f(θ+Δθ)) / (−g·Δθ), each of a probed step on its own batch; NaN where the step changed the loss
   * by less than rounding does.
   */
  readonly ratios: { readonly step: ArrayLike<number>; readonly ratio: ArrayLike<number> };
  /** Per hidden relu layer: the fraction of its units that answer 0 to every row that was looked at. */
  readonly deadUnits: readonly { readonly layer: number; readonly fraction: number }[];
}
