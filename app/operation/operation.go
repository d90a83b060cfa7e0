// Package operation is what a caller can do that no kind brings by itself. An operation is declared once: its route, who may
// call it, the check of its input, its answer and its part of the OpenAPI document come from the declaration. Start with
// Operation; Call is what a function learns of the request when its input and a session are not enough.
package operation

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Caller says who may call an operation.
type Caller int

const (
	// SignedIn is a person whom their organization lets in.
	SignedIn Caller = iota
	// Entering is also a person who first has to set up a second factor or go to another organization.
	Entering
	// Operators are the operators of the instance.
	Operators
	// Public is anybody. The call knows the person all the same where one is signed in.
	Public
)

// Operation is one thing to do, with its address below /api/v1.
//
// The input is a struct of declared fields, as kinds have them. A field whose name stands in braces in the path comes from
// there, the others from the query of a GET and from the JSON body of any other method.
type Operation struct {
	Method, Path, Summary string
	Caller                Caller
	// Permission is kind:verb or that of a module, which the caller needs; empty where the function itself decides.
	Permission string
	In, Out    reflect.Type
	// Creates tells that the operation makes something in the session's transaction: it answers 201, and takes an
	// Idempotency-Key.
	Creates bool
	// Uploads tells that the body is a form with one file, which Call.Upload reads.
	Uploads bool
	// Posted tells that the input is a form that the page of another site posts.
	Posted bool
	// Programs tells that an API key may call it although it names no permission: the function asks for the rights itself.
	Programs bool
	// Media is the media type of an answer that is Content.
	Media string
	// Button puts the operation on pages; nil does not.
	Button *Button

	call func(c *Call, in any) (any, error)
}

// Operate declares an operation of a member from a typed function.
func Operate[In, Out any](method, path, permission, summary string, call func(s *resource.Session, in *In) (Out, error)) Operation {
	o := Handle(method, path, SignedIn, summary, func(c *Call, in *In) (Out, error) { return call(c.Session, in) })
	o.Permission = permission
	return o
}

// Handle declares an operation from a function that needs more of the request than a session, or sets cookies.
func Handle[In, Out any](method, path string, caller Caller, summary string, call func(c *Call, in *In) (Out, error)) Operation {
	return Operation{
		Method:  method,
		Path:    path,
		Summary: summary,
		Caller:  caller,
		In:      reflect.TypeFor[In](),
		Out:     reflect.TypeFor[Out](),
		call:    func(c *Call, in any) (any, error) { return call(c, in.(*In)) },
	}
}

// Creating marks an operation as one that makes something.
func (o Operation) Creating() Operation {
	o.Creates = true
	return o
}

// Uploading marks an operation whose body is a form with a file.
func (o Operation) Uploading() Operation {
	o.Uploads = true
	return o
}

// ForPrograms opens an operation without a permission to API keys.
func (o Operation) ForPrograms() Operation {
	o.Programs = true
	return o
}

// Needing names the permission that the caller needs.
func (o Operation) Needing(permission string) Operation {
	o.Permission = permission
	return o
}

// Open lets other callers in than people whom their organization lets in.
func (o Operation) Open(to Caller) Operation {
	o.Caller = to
	return o
}

// Answering names the media type of an answer that is Content.
func (o Operation) Answering(media string) Operation {
	o.Media = media
	return o
}

// Fields are those of the input.
func (o *Operation) Fields() ([]*field.Field, error) {
	fields, err := field.Declared(o.In)
	if err != nil {
		return nil, fmt.Errorf("the operation %s %s: %w", o.Method, o.Path, err)
	}
	for _, f := range fields {
		f.Standard, f.Readonly, f.Internal = false, false, false // an id is told here, and no row's own
		f.Required = f.Required || o.InPath(f)
	}
	return fields, nil
}

// InPath tells whether a field of the input stands in the path.
func (o *Operation) InPath(f *field.Field) bool {
	return slices.Contains(strings.Split(o.Path, "/"), "{"+f.Name+"}")
}

// Permit refuses a caller who lacks the permission, and records it. An organization in the path has to be that of the session.
func (o *Operation) Permit(c *Call, given resource.Input) error {
	if c.Actor.Kind == "api_key" && o.Permission == "" && !o.Programs {
		return fault.New(fault.Forbidden, "This is for people: no API key may do it. Sign in.")
	}
	if o.Caller == Operators {
		if err := c.RequireOperator(o.Method + " " + o.Path); err != nil {
			return err
		}
	}
	if o.Permission == "" {
		return nil
	}
	if strings.HasPrefix(o.Path, "tenants/{id}") && string(given["id"].Raw) != c.Tenant() {
		return fault.New(fault.NotFound, "This organization does not exist, or the session is in another one. Switch to it first.")
	}
	return c.RequireNamed(o.Permission)
}

// Run carries the operation out for a caller whom Permit let through, with what the request gives for the fields of its input.
func (o *Operation) Run(c *Call, fields []*field.Field, given resource.Input) (any, error) {
	in := reflect.New(o.In)
	if err := c.Fill(fields, in.Elem(), given); err != nil {
		return nil, err
	}
	return o.call(c, in.Interface())
}
