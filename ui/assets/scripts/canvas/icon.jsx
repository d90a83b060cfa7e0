// An icon of the page's sprite.
import {page} from "./store.js"

export const Icon = ({name, label}) => <svg class="icon" aria-hidden={label ? undefined : "true"} role={label ? "img" : undefined} aria-label={label}>
  <use href={`${page.sprite}#${name}`} /></svg>
