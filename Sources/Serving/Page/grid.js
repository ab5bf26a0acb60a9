// A grid of any number of items that holds only those in and near the window.
//
// Where columns stand is the style sheet's business: the list is a CSS grid, and each item lies in a column of it. All items are of one
// height, which is measured; so a row's place is a multiplication.

/** Rows above and below the window that are there already when somebody scrolls or tabs on. */
const spareRows = 2;
/** Pixels between the tops of two rows, until there is an item to measure. */
const assumedPitch = 300;

export class WindowedGrid {
  #list;
  #make;
  #items = [];
  /** The elements in the list, by their items. */
  #elements = new Map();
  #pitch = assumedPitch;
  #columns = 1;
  #isDrawingDue = false;

  /**
   * @param list a `ul` whose style makes it a grid.
   * @param make gives the `li` of an item; its link takes the focus.
   */
  constructor(list, make) {
    this.#list = list;
    this.#make = make;
    window.addEventListener('scroll', () => this.#drawSoon(), { passive: true });
    new ResizeObserver(() => this.#drawSoon()).observe(list);
    list.addEventListener('keydown', (event) => this.#move(event));
  }

  /** Shows these items; an item that was shown before keeps its element. */
  show(items) {
    this.#items = items;
    this.#draw();
  }

  /** Gives an item the focus, wherever it stands. */
  focus(index) {
    this.#draw(index);
    const link = this.#elements.get(this.#items[index])?.querySelector('a');
    link?.focus();
    link?.scrollIntoView({ block: 'nearest' });
  }

  #drawSoon() {
    if (this.#isDrawingDue) return;
    this.#isDrawingDue = true;
    requestAnimationFrame(() => {
      this.#isDrawingDue = false;
      this.#draw();
    });
  }

  /** @param wanted number of an item that is to be there in any case. */
  #draw(wanted) {
    if (this.#list.offsetParent === null) return;
    const wasMeasured = this.#elements.size > 0;
    this.#measure();
    this.#place(wanted);
    // The first items tell how high all are.
    if (!wasMeasured && this.#measure()) this.#place(wanted);
  }

  /** True where the layout is another one than before. */
  #measure() {
    const style = getComputedStyle(this.#list);
    const before = [this.#columns, this.#pitch];
    this.#columns = Math.max(1, style.gridTemplateColumns.split(' ').length);
    const [element] = this.#elements.values();
    if (element) this.#pitch = element.offsetHeight + parseFloat(style.rowGap);
    return before[0] !== this.#columns || before[1] !== this.#pitch;
  }

  #place(wanted) {
    const rows = Math.ceil(this.#items.length / this.#columns);
    this.#list.style.height = `${rows * this.#pitch}px`;
    const hidden = -this.#list.getBoundingClientRect().top;
    const first = Math.floor(hidden / this.#pitch) - spareRows;
    const end = Math.ceil((hidden + window.innerHeight) / this.#pitch) + spareRows;
    const numbers = new Set();
    for (let n = Math.max(0, first * this.#columns); n < Math.min(this.#items.length, end * this.#columns); n += 1) numbers.add(n);
    // Whoever has the focus keeps it, however far somebody scrolls.
    const focused = this.#items.indexOf(this.#itemOf(document.activeElement));
    for (const number of [focused, wanted]) if (number >= 0 && number < this.#items.length) numbers.add(number);
    this.#fill([...numbers].sort((one, other) => one - other));
  }

  #fill(numbers) {
    const items = new Set(numbers.map((number) => this.#items[number]));
    for (const [item, element] of this.#elements) {
      if (items.has(item)) continue;
      element.remove();
      this.#elements.delete(item);
    }
    // Elements that stay are not moved: one that is taken out, be it for a moment, loses the focus.
    let next = this.#list.firstElementChild;
    for (const number of numbers) {
      const item = this.#items[number];
      let element = this.#elements.get(item);
      if (!element) {
        element = this.#make(item);
        this.#elements.set(item, element);
      }
      if (element === next) next = next.nextElementSibling; else this.#list.insertBefore(element, next);
      this.#put(element, number);
    }
  }

  #put(element, number) {
    const column = (number % this.#columns) + 1;
    element.style.gridColumn = `${column} / ${column + 1}`;
    element.style.top = `${Math.floor(number / this.#columns) * this.#pitch}px`;
    element.setAttribute('aria-posinset', String(number + 1));
    element.setAttribute('aria-setsize', String(this.#items.length));
  }

  #itemOf(node) {
    const element = node?.closest?.('li');
    for (const [item, one] of this.#elements) if (one === element) return item;
    return undefined;
  }

  /** Arrow keys, Home and End go from card to card; Tab does as everywhere. */
  #move(event) {
    const steps = {
      ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.#columns, ArrowUp: -this.#columns, Home: -Infinity, End: Infinity,
    };
    const step = steps[event.key];
    const number = this.#items.indexOf(this.#itemOf(event.target));
    if (step === undefined || number < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const target = number + step;
    const isOutside = target < 0 || target >= this.#items.length;
    if (isOutside && Number.isFinite(step)) return;
    this.focus(Math.min(this.#items.length - 1, Math.max(0, target)));
  }
}
