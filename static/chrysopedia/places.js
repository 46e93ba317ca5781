/** Where each part of an answer stands on the page, so that a sentence can be found and lit up. */

/** The runs of text that were written, in order: a text node, the place in it, and the offset in the answer. */
export class Places {
  #runs = [];

  /**
   * @param {Text} node
   * @param {number} at place in the node
   * @param {number} raw offset in the answer
   * @param {number} length
   */
  add(node, at, raw, length) {
    const last = this.#runs.at(-1);
    const follows = last?.node === node && last.raw + last.length === raw && last.at + last.length === at;
    if (follows) last.length += length;
    else this.#runs.push({ node, at, raw, length });
  }

  /**
   * @param {number} start offset in the answer, in UTF-16 units
   * @param {number} end
   * @returns {Range[]} that part of the answer on the page, without what stands between its words there
   */
  rangesOf(start, end) {
    const runs = this.#runs.filter((run) => run.raw + run.length > start && run.raw < end && run.node.isConnected);
    return runs.map((run) => {
      const range = document.createRange();
      range.setStart(run.node, run.at + Math.max(0, start - run.raw));
      range.setEnd(run.node, run.at + Math.min(run.length, end - run.raw));
      return range;
    });
  }
}

/**
 * @param {string} text
 * @returns {(offset: number) => number} from code points, in which the server counts, to UTF-16 units
 */
export function unitsIn(text) {
  const points = [...text];
  if (points.length === text.length) return (offset) => offset;
  return (offset) => points.slice(0, offset).join("").length;
}
