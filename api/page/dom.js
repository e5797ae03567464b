// Elements from code. Text from the API reaches the page only here and by textContent: never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element with attributes and children; a string child becomes text, null is left out. */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for an element of an SVG. */
export function shape(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/** The element of index.html with this id. */
export function byId(id) {
  return document.getElementById(id);
}

/** Shows a text in an element, or hides the element when there is none. */
export function say(id, text) {
  const target = byId(id);
  if (target.textContent !== text) target.textContent = text; // a status is read out again when it is set again
  target.hidden = text === "";
}

function fill(target, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, value);
  target.append(...children.filter((child) => child !== null));
  return target;
}
