package resource

import "reflect"

// Operation is an API operation that no kind brings by itself. Its input is a struct: fields tagged path,
// query or header come from there, the others from the JSON body under their json names.
type Operation struct {
	Method, Path, Summary string
	// Permission is kind:verb, or empty where the operation itself decides.
	Permission string
	In, Out    reflect.Type
	// Creates tells that the operation makes something in the session's transaction: it answers 201, and takes an
	// Idempotency-Key.
	Creates bool
	Call    func(s *Session, in any) (any, error)
}

// Operate declares an operation from a typed function. The edge decodes In, opens the session and encodes Out.
func Operate[In, Out any](method, path, permission, summary string, call func(s *Session, in *In) (Out, error)) Operation {
	return Operation{Method: method, Path: path, Permission: permission, Summary: summary, In: reflect.TypeFor[In](), Out: reflect.TypeFor[Out](),
		Call: func(s *Session, in any) (any, error) { return call(s, in.(*In)) }}
}

// Creating marks an operation as one that makes something.
func (o Operation) Creating() Operation {
	o.Creates = true
	return o
}

// Accepted is an output that may be an answer to something not yet done: the edge says so in the status.
type Accepted interface{ Accepted() bool }
