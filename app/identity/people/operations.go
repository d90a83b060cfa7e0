package people

import (
	"zygo/app/operation"
)

// Who calls, in the words of this package: a person, a person on the way in, or anybody.

// SignedIn is an operation of a person.
func SignedIn[In, Out any](method, path, summary string, do func(p *Person, in *In) (Out, error)) operation.Operation {
	return operation.Handle(method, path, operation.SignedIn, summary, func(c *operation.Call, in *In) (Out, error) {
		return do(c.Caller.(*Person), in)
	})
}

// Act is SignedIn for what answers nothing.
func Act[In any](method, path, summary string, do func(p *Person, in *In) error) operation.Operation {
	return SignedIn(method, path, summary, func(p *Person, in *In) (operation.Done, error) { return operation.Done{}, do(p, in) })
}

// Handle is an operation of a person that reads more of the request, or renews the session.
func Handle[In, Out any](method, path, summary string, do func(c *operation.Call, p *Person, in *In) (Out, error)) operation.Operation {
	return operation.Handle(method, path, operation.SignedIn, summary, func(c *operation.Call, in *In) (Out, error) {
		return do(c, c.Caller.(*Person), in)
	})
}

// Public is an operation of anybody.
func Public[In, Out any](method, path, summary string, do func(c *operation.Call, in *In) (Out, error)) operation.Operation {
	return operation.Handle(method, path, operation.Public, summary, do)
}

// PublicAct is Public for what answers nothing.
func PublicAct[In any](method, path, summary string, do func(c *operation.Call, in *In) error) operation.Operation {
	return Public(method, path, summary, func(c *operation.Call, in *In) (operation.Done, error) { return operation.Done{}, do(c, in) })
}

// Caller is the person who calls a public operation, and the refusal of everybody else.
func Caller(c *operation.Call) (*Person, error) {
	if c.Caller == nil {
		return nil, c.Refused
	}
	return c.Caller.(*Person), nil
}

// Nothing is the input of an operation that takes none.
type Nothing struct{}

// ByID is the input of an operation that names one row.
type ByID struct{ ID string }

// Entering opens operations of signed-in people to those who have to set up a second factor first.
func Entering(operations []operation.Operation) []operation.Operation {
	for i := range operations {
		if operations[i].Caller == operation.SignedIn {
			operations[i].Caller = operation.Entering
		}
	}
	return operations
}

// ForOperators keeps operations to the operators of the instance.
func ForOperators(operations ...operation.Operation) []operation.Operation {
	for i := range operations {
		operations[i].Caller = operation.Operators
	}
	return operations
}

// Mailed is the input of an operation that names an e-mail address.
type Mailed struct{ Email string }

// ByToken is the input of an operation that a link leads to.
type ByToken struct{ Token string }
