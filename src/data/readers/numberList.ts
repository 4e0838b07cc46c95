/** Numbers are kept in pieces of this many until all are there, so that growing copies nothing. */
const mostInPiece = 1 << 17;

/** A list of numbers that grows: at no time does it hold much more memory than its numbers need. */
export class NumberList {
  private readonly full: Float64Array[] = [];
  private piece = new Float64Array(64);
  private used = 0;
  private before = 0;

  get length(): number {
    return this.before + this.used;
  }

  push(value: number): void {
    if (this.used === this.piece.length) this.room(1);
    this.piece[this.used++] = value;
  }

  /** Where the next `count` numbers belong; `grew` tells how many were written there. */
  room(count: number): Float64Array {
    if (this.used + count > this.piece.length) {
      const wanted = Math.max(this.used + count, Math.min(2 * this.piece.length, mostInPiece));
      if (this.piece.length < mostInPiece && wanted <= mostInPiece) {
        const larger = new Float64Array(wanted);
        larger.set(this.piece.subarray(0, this.used));
        this.piece = larger;
      } else {
        if (this.used > 0) this.full.push(this.piece.subarray(0, this.used));
        this.before += this.used;
        this.piece = new Float64Array(Math.max(count, mostInPiece));
        this.used = 0;
      }
    }
    return this.piece.subarray(this.used, this.used + count);
  }

  grew(count: number): void {
    this.used += count;
  }

  /** Whether all of the numbers pass a test, with so many that `grew` has not been told of yet. */
  every(test: (value: number) => boolean, written = 0): boolean {
    const piece = this.piece.subarray(0, this.used + written);
    return (
      this.full.every((numbers) => numbers.every((value) => test(value))) &&
      piece.every((value) => test(value))
    );
  }

  /** All numbers in one array; the list is empty afterwards. */
  take(): Float64Array {
    const all = new Float64Array(this.length);
    let at = 0;
    for (const piece of this.full) {
      all.set(piece, at);
      at += piece.length;
    }
    all.set(this.piece.subarray(0, this.used), at);
    this.full.length = 0;
    this.piece = new Float64Array(64);
    [this.used, this.before] = [0, 0];
    return all;
  }
}
