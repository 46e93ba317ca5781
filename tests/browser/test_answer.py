"""The page's writer of answers: the same text in any pieces gives the same page, and nothing becomes markup."""

import pytest

from tests.browser.conftest import Opens

pytestmark = pytest.mark.browser

WRITE = """async ([text, size]) => {
  const { AnswerWriter } = await import("/static/chrysopedia/answer.js");
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  const marker = (numbers) => {
    if (!numbers.every((number) => number < 4)) return null;
    const element = document.createElement("sup");
    element.className = "mark";
    for (const number of numbers) {
      const link = document.createElement("a");
      link.textContent = number;
      element.append(link);
    }
    return element;
  };
  const writer = new AnswerWriter(root, marker);
  for (let at = 0; at < text.length; at += size) writer.feed(text.slice(at, at + size));
  writer.end();
  const places = [...text.matchAll(/x+/g)].map((found) =>
    writer.places.rangesOf(found.index, found.index + found[0].length).join(""));
  return [root.innerHTML, places];
}"""

CASES = [
    ("One\ntwo\n\nthree", "<p>One<br>two</p><p>three</p>"),
    ("**a** and *b* and `c*d*`", "<p><strong>a</strong> and <em>b</em> and <code>c*d*</code></p>"),
    ("***a***", None),
    ("3 * 4 and snake_case_name", "<p>3 * 4 and snake_case_name</p>"),
    ("an *unclosed star", "<p>an *unclosed star</p>"),
    ("- a\n- b\n\nc", "<ul><li>a</li><li>b</li></ul><p>c</p>"),
    ("2. a\n3. b", '<ol start="2"><li>a</li><li>b</li></ol>'),
    ("1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
    ("> a\n> b", "<blockquote><p>a<br>b</p></blockquote>"),
    ("# Head\ntext", "<h3>Head</h3><p>text</p>"),
    ("```js\na < b\n\n- c\n```\nd", "<pre><code>a &lt; b\n\n- c\n</code></pre><p>d</p>"),
    ("a [1]", '<p>a&nbsp;<sup class="mark"><a>1</a></sup></p>'),
    ("a[1, 2][3]", '<p>a<sup class="mark"><a>1</a><a>2</a><a>3</a></sup></p>'),
    ("a [9] [x] [", "<p>a [9] [x] [</p>"),
    ("<img src=x onerror=y>", "<p>&lt;img src=x onerror=y&gt;</p>"),
    ("[a](javascript:b)", "<p>[a](javascript:b)</p>"),
    ("\\*a\\*", "<p>*a*</p>"),
    ("-", "<p>-</p>"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "html"), CASES)
def test_it_writes_the_same_in_any_pieces(opens: Opens, text: str, html: str | None) -> None:
    page = opens("/nowhere")
    results = [page.evaluate(WRITE, [text, size])[0] for size in (1, 2, 3, 7, 1000)]
    assert len(set(results)) == 1
    assert html is None or results[0] == html


@pytest.mark.parametrize("text", ["a **xxx** b", "- xx\n- xxx", "😀 xx [1] xxx", "> xx\n\nx", "`xx` **a *xx***"])
def test_it_knows_where_everything_stands(opens: Opens, text: str) -> None:
    places = opens("/nowhere").evaluate(WRITE, [text, 3])[1]
    assert places == "".join(c if c == "x" else " " for c in text).split()
