/* Text that stands out of its box is cut or covers something; what scrolls by itself is neither. */
() => {
  const own = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const left = ".skip, .wide-scroll, .nav, svg, select";
  const boxes = ".box, .sheet, .paper, .btn, td, th, .main, .top, .foot";
  const around = (one) => (one === document.body ? [] : [one, ...around(one.parentElement)]);
  const unseen = (one) => around(one).some((box) => getComputedStyle(box).clipPath !== "none"); // for screen readers
  const breaks = (one) => around(one).find((box) => {
    const cut = getComputedStyle(box).overflowX !== "visible" && box.scrollWidth > box.clientWidth + 1;
    return cut || (box.matches(boxes) && one.getBoundingClientRect().right > box.getBoundingClientRect().right + 1);
  });
  return [...document.querySelectorAll("body *")]
    .filter((one) => own(one) && one.checkVisibility() && !unseen(one) && !one.closest(left))
    .map((one) => [one, breaks(one)])
    .filter(([, box]) => box)
    .map(([one, box]) => `${one.tagName}.${one.className} out of ${box.className}: ${one.textContent.trim().slice(0, 40)}`);
}
