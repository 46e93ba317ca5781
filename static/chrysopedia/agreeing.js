/** A thread brought into agreement with what the server has: articles come, go, or take the place of one. */

/**
 * Leaves alone the articles that are as they were, and the one that is being written.
 * @param {HTMLElement} thread
 * @param {HTMLElement[]} articles as the server has them now
 * @param {string} running the turn that is being written here
 * @returns {HTMLElement[]} those that are new on the page and complete
 */
export function agree(thread, articles, running) {
  const shown = [...thread.children];
  const order = articles.map((fresh) => {
    const here = shown.find(({ dataset }) => dataset.turn === fresh.dataset.turn);
    const isSame = here && (here.dataset.finish === fresh.dataset.finish || here.dataset.turn === running);
    return isSame ? here : fresh;
  });
  if (order.length === shown.length && order.every((one, index) => one === shown[index])) return [];
  thread.replaceChildren(...order);
  return order.filter((article) => !shown.includes(article) && article.dataset.finish);
}
