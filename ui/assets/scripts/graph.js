// A drawing wider than its place opens where the eye has to go: at the node that is current.
for (const node of document.querySelectorAll(".graph [aria-current]")) {
  const graph = node.closest(".graph")
  const box = node.getBoundingClientRect()
  graph.scrollLeft += box.left - graph.getBoundingClientRect().left - (graph.clientWidth - box.width) / 2
}
