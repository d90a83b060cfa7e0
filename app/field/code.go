package field

// Code is a text that a machine reads: a script, a query, a configuration. It is shown with letters of one width.
type Code string

type codeType struct{ longTextType }

func (codeType) Name() string { return "code" }
