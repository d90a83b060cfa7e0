// Package api is the JSON edge: it turns requests into calls of the kernel's functions and of the areas' operations, and
// their results into the envelope. It holds no rule of its own. All routes are listed in routes.go.
package api

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"zygo/app/allowance"
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/identity"
	"zygo/app/identity/keys"
	"zygo/app/identity/people"
	"zygo/app/identity/throttle"
	"zygo/app/operation"
	"zygo/app/platform"
	"zygo/app/resource"
)

// API answers the JSON routes of an instance.
type API struct {
	kernel   *resource.Kernel
	services *identity.Services
	engine   *flow.Engine
	log      *slog.Logger
	version  string
	uploads  *platform.Uploads
	rates    *allowance.Buckets
	// operations are those of the modules and of the engine.
	operations []operation.Operation
	// document is made when it is first read: an instance that nobody asks for it starts sooner.
	document func() []byte
}

// Options are what the JSON edge needs besides the instance's parts. The list of routes needs none of them.
type Options struct {
	Log     *slog.Logger
	Version string
	Uploads *platform.Uploads
	// Operations are those of the modules and of the parts of the instance.
	Operations []operation.Operation
	// RequestsPerMinute bounds each person; 0 is no bound.
	RequestsPerMinute int
}

// New makes the JSON edge.
func New(kernel *resource.Kernel, services *identity.Services, engine *flow.Engine, options Options) *API {
	return &API{
		kernel:     kernel,
		services:   services,
		engine:     engine,
		operations: options.Operations,
		log:        options.Log,
		version:    options.Version,
		uploads:    options.Uploads,
		rates:      allowance.New(options.RequestsPerMinute),
		document:   sync.OnceValue(func() []byte { return OpenAPI(kernel, options.Operations, options.Version) }),
	}
}

// Document is the OpenAPI document.
func (a *API) Document() []byte { return a.document() }

// errorBody is the envelope's error.
type errorBody struct {
	Code      fault.Code `json:"code"`
	Message   string     `json:"message"`
	Details   any        `json:"details,omitempty"`
	RequestID string     `json:"request_id"`
}

func publicError(r *edge.Request, err error) *errorBody {
	public := fault.Public(err)
	return &errorBody{public.Code, public.Message, public.Details, r.ID}
}

// Fail answers an error: a fault with its own words, anything else with a constant sentence while the log gets the cause.
func (a *API) Fail(r *edge.Request, err error) *edge.Response {
	public := fault.Public(err)
	edge.LogFailure(a.log, r, err)
	body, _ := json.Marshal(struct {
		Success bool       `json:"success"`
		Error   *errorBody `json:"error"`
	}{false, publicError(r, err)})
	response := edge.NewResponse(edge.Status(public.Code), "application/json", body)
	response.Comeback(public)
	return response
}

// envelope wraps encoded data in the envelope.
func envelope(status int, data []byte) *edge.Response {
	body := make([]byte, 0, len(data)+32)
	body = append(body, `{"success":true,"data":`...)
	body = append(body, data...)
	return edge.NewResponse(status, "application/json", append(body, '}'))
}

// public runs a handler for anybody, within the allowance of their network.
func (a *API) public(handle func(r *edge.Request) (*edge.Response, error)) edge.Handler {
	return func(r *edge.Request) *edge.Response {
		return a.limited(r, "address "+throttle.Network(r.Address), 0, a.open(handle))
	}
}

// signedIn runs a handler for a person, or for a program with a key; anybody else is told to sign in.
func (a *API) signedIn(handle personal) edge.Handler { return a.recognized(a.recognize, handle) }

// recognize finds the person of a request, or the program that acts for one or for an organization.
func (a *API) recognize(r *edge.Request) (*keys.Program, error) {
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && keys.IsKey(key) {
		return a.services.Keys.Recognize(r.Context, key, r.Origin())
	}
	person, err := edge.Recognize(a.services.Sessions, r)
	if err != nil {
		return nil, err
	}
	return &keys.Program{Person: person}, nil
}

// enrolling is signedIn for people alone, and for what somebody needs who has to set up a second factor first.
func (a *API) enrolling(handle personal) edge.Handler {
	return a.recognized(func(r *edge.Request) (*keys.Program, error) {
		person, err := edge.RecognizeEnrolling(a.services.Sessions, r)
		return &keys.Program{Person: person}, err
	}, handle)
}

// personal answers the request of a person.
type personal = func(r *edge.Request, p *people.Person) (*edge.Response, error)

func (a *API) recognized(recognize func(*edge.Request) (*keys.Program, error), handle personal) edge.Handler {
	return func(r *edge.Request) *edge.Response {
		caller, err := recognize(r)
		if err != nil {
			return a.Fail(r, err)
		}
		person := caller.Person
		if person.Actor.Kind == keys.ActorKind {
			a.services.Keys.Used(caller)
		}
		return a.limited(r, person.Actor.ID, caller.PerMinute, a.open(func(r *edge.Request) (*edge.Response, error) {
			if named := r.Header.Get("Zygo-Tenant"); named != "" && named != person.Tenant.ID && named != person.Tenant.Slug {
				return nil, fault.New(fault.NotFound, "The session is in another organization than %q. Switch to it first.", named)
			}
			response, err := handle(r, person)
			return response, edge.Explain(person, err)
		}))
	}
}

func (a *API) open(handle func(r *edge.Request) (*edge.Response, error)) edge.Handler {
	return func(r *edge.Request) *edge.Response {
		response, err := handle(r)
		if err != nil {
			return a.Fail(r, err)
		}
		return response
	}
}

// requireJSON refuses bodies of another type: a form that another site made a browser post can't be JSON.
func requireJSON(r *edge.Request) error {
	if len(r.Body) == 0 {
		return nil
	}
	r.Body = bytes.TrimPrefix(r.Body, []byte("\ufeff")) // the mark of some editors counts for nothing
	return r.CheckType("application/json")
}

func input(r *edge.Request) (resource.Input, error) {
	if err := requireJSON(r); err != nil {
		return nil, err
	}
	return field.DecodeInput(r.Body)
}

// ifMatch is the version that the caller saw, or 0.
func ifMatch(r *edge.Request) (int64, error) {
	text := r.Header.Get("If-Match")
	if text == "" {
		return 0, nil
	}
	unquoted, err := strconv.Unquote(text)
	if err != nil {
		unquoted = text
	}
	version, err := strconv.ParseInt(unquoted, 10, 64)
	if err != nil || version < 1 {
		return 0, fault.New(fault.BadRequest, `If-Match takes a version in quotes, such as "3".`)
	}
	return version, nil
}

func noContent() *edge.Response { return envelope(http.StatusOK, []byte("null")) }
