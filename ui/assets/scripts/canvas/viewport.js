// What other parts may ask of the drawing: where its middle is, and to bring something into sight. The canvas puts its functions here.
export const viewport = {middle: () => ({x: 0, y: 0}), show() {}, fit() {}, zoom() {}, focus() {}, place: () => null}
