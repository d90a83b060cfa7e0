package markup

// CanvasView is a drawing that only shows what became of its nodes. Without script the Graph stands in its place.
type CanvasView struct {
	Graph *Graph
	// Data is what is drawn and Run what changes while an execution goes on, as JSON.
	Data, Run string
}
