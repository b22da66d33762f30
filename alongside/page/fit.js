// A step on as many screens as it takes: letters never get smaller, so what doesn't fit goes on to the next one. It is
// measured where it will be seen, because letters are of another width on each computer.

/** A sentence with the white space after it. */
const BY_SENTENCE = /[\s\S]+?(?:[.!?…][”"’')\]]*\s+|$)/g;
/** What stands again on every screen of a question or a picture. */
const HEAD = "img, .al-prompt, .al-piles";
/** On a small screen, where that would leave too little room: the piles then stand once, before the cards. */
const SHORT_HEAD = "img, .al-prompt";

/** @param {Element} place */
const isWithin = (place) => place.scrollHeight <= place.clientHeight + 1 && place.scrollWidth <= place.clientWidth + 1;

/** @param {Node} node */
const copyOf = (node) => /** @type {Element} */ (node.cloneNode(true));

/**
 * A piece that is put onto a screen whole: what it is, and the elements that it stands in, from outside.
 * @typedef {{node: Node, within: Element[]}} Piece
 */

/**
 * The pieces of an element: of a list its rows, of a question its parts.
 * @param {Element} node
 * @param {Element[]} within
 * @param {string} head what is no piece, because it stands on every screen
 * @returns {Piece[]}
 */
function pieces(node, within, head) {
  if (!node.matches("ul, ol, .al-asked, .al-shown, table, tbody, blockquote")) return [{ node, within }];
  const parts = [...node.children].filter((one) => !node.matches(".al-asked, .al-shown") || !one.matches(head));
  return parts.flatMap((one) => pieces(one, [...within, node], head));
}

/**
 * A piece that is too large for a screen, by its sentences.
 * @param {Piece} piece
 * @returns {Piece[]}
 */
function bySentence({ node, within }) {
  if (!(node instanceof Element)) return [{ node, within }];
  return [...node.childNodes].flatMap((one) => {
    const texts = one.nodeType === Node.TEXT_NODE ? (one.textContent || "").match(BY_SENTENCE) || [] : [];
    const nodes = texts.length > 1 ? texts.map((text) => document.createTextNode(text)) : [one];
    return nodes.map((part) => ({ node: part, within: [...within, node] }));
  });
}

/**
 * The screens that some elements take: lists of elements, each of which fits. Only a single sentence that is larger than
 * the screen does not, and there the screen scrolls.
 * @param {Element[]} nodes they are not changed
 * @param {HTMLElement} place where each screen is tried; it is left empty
 * @returns {Element[][]}
 */
export function screens(nodes, place) {
  /** @type {Element[][]} */
  const found = [];
  /** The copies that the pieces of this screen stand in, by what they are copies of. @type {Map<Element, Element>} */
  let shells = new Map();
  let head = HEAD;
  place.replaceChildren();

  const close = () => {
    if (place.childElementCount > 0) found.push([...place.children]);
    place.replaceChildren();
    shells = new Map();
  };

  /** Whether what would stand on every screen takes more than half of it. @param {Element} node */
  const isTall = (node) => {
    const copy = /** @type {Element} */ (node.cloneNode(false));
    copy.append(...[...node.children].filter((child) => child.matches(".al-prompt, .al-piles")).map(copyOf));
    place.append(copy);
    const tall = /** @type {HTMLElement} */ (copy).offsetHeight > place.clientHeight / 2;
    copy.remove();
    return tall && node.matches(".al-asked");
  };

  /** @param {Piece} piece */
  const put = ({ node, within }) => {
    /** @type {Element} */
    let home = place;
    const made = /** @type {Element[]} */ ([]);
    for (const [depth, one] of within.entries()) {
      let shell = shells.get(one);
      if (!shell) {
        shell = /** @type {Element} */ (one.cloneNode(false));
        if (one.matches(".al-asked, .al-shown")) shell.append(...[...one.children].filter((child) => child.matches(head)).map(copyOf));
        // Rows are counted on, where a list has numbers.
        const row = within[depth + 1] || node;
        if (one.matches("ol")) shell.setAttribute("start", String(1 + [...one.children].indexOf(/** @type {Element} */ (row))));
        home.append(shell);
        shells.set(one, shell);
        made.push(one);
      }
      home = shell;
    }
    const copy = node.cloneNode(true);
    home.append(copy);
    return () => {
      /** @type {ChildNode} */ (copy).remove();
      for (const one of made.reverse()) {
        shells.get(one)?.remove();
        shells.delete(one);
      }
    };
  };

  /**
   * @param {Piece} piece
   * @param {boolean} whole
   */
  const add = (piece, whole) => {
    const before = place.childElementCount > 0;
    const back = put(piece);
    if (isWithin(place)) return;
    if (before) {
      back();
      close();
      put(piece);
      if (isWithin(place)) return;
    }
    if (!whole) return;
    place.replaceChildren();
    shells = new Map();
    for (const part of bySentence(piece)) add(part, false);
  };

  for (const node of nodes) {
    for (const alone of [false, true]) {
      if (alone) close();
      const copy = copyOf(node);
      place.append(copy);
      // Two columns hold more short rows than one, and what belongs together stays together.
      if (!isWithin(place)) copy.classList.add("al-two");
      if (isWithin(place)) break;
      copy.remove();
      if (!alone) continue;
      head = isTall(node) ? SHORT_HEAD : HEAD;
      for (const piece of pieces(node, [], head)) add(piece, true);
    }
  }
  close();
  return found;
}

/**
 * Where much of the screen is empty, letters grow into it.
 * @param {HTMLElement} place with what it shows
 */
export function enlarge(place) {
  for (const size of ["1.5em", "1.3em", "1.15em", ""]) {
    place.style.fontSize = size;
    if (isWithin(place)) return;
  }
}
