// Makes elements. Names of jobs and steps are whatever users chose: they only ever become text.

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element; children are elements or texts. */
export function html(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same of SVG. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const pen = document.createElement('canvas').getContext('2d');

/** The text, cut at its end to a width in pixels. */
export function fitted(text, width, size, weight = 400) {
  pen.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  if (pen.measureText(text).width <= width) {
    return text;
  }
  let [fits, tooLong] = [0, text.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (pen.measureText(text.slice(0, middle) + '…').width <= width) {
      fits = middle;
    } else {
      tooLong = middle;
    }
  }
  return text.slice(0, fits).trimEnd() + '…';
}

/** The width of a text in pixels. */
export function widthOf(text, size, weight = 400) {
  pen.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  return pen.measureText(text).width;
}
