package access

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/module"
	"zygo/app/resource"
)

// Request is somebody asking for a permission that they were refused.
type Request struct {
	resource.Row
	Title      string         `z:"readonly,max=400,list,search"`
	Requester  field.Ref      `z:"to=user,inverse=Access requests that they made,list,filter,readonly"`
	Permission string         `z:"required,max=100,list,filter,dropdown=any_permission,help=What the refusal named."`
	ResourceID string         `z:"max=36,filter,row_of=permission,label=On the row,help=Type some of its words; empty is everywhere."`
	Reason     field.LongText `z:"required,max=500,list,search,help=What you need it for."`
	State      RequestState   `z:"default=open,list,readonly"`
	Answer     field.LongText `z:"max=500,readonly"`
}

// RequestState is what became of a request.
type RequestState string

// Choices lists the states.
func (RequestState) Choices() []field.Choice {
	return []field.Choice{
		{Value: "open", Label: "Open", Tone: "amber"},
		{Value: "granted", Label: "Granted", Tone: "green"},
		{Value: "refused", Label: "Refused", Tone: "grey"},
	}
}

// Requests is the kind. Everybody may ask; anyone who may give grants answers.
var Requests = resource.Kind[Request]{
	InPerson: true,
	Name:     "access_request", Area: "Access", Icon: "inbox", State: "state", Check: (*Request).check,
	Help:  "Somebody who is refused can ask for the permission; here it is granted or refused.",
	Verbs: []string{resource.List, resource.Get, resource.Create},
	Roles: map[string]resource.Role{resource.Create: resource.Viewer, "grant": resource.Admin, "refuse": resource.Admin},
	Actions: []resource.Action[Request]{
		{Name: "grant", Icon: "check", When: (*Request).isOpen, Ask: resource.Ask((*Request).grant)},
		{Name: "refuse", Icon: "x", When: (*Request).isOpen, Ask: resource.Ask((*Request).refuse)},
	},
}

func (r *Request) isOpen() bool { return r.State == "open" }

// check says in words what is asked for. It tells nothing of the row, which the requester may not see.
func (r *Request) check(c *resource.Change[Request]) error {
	if c.Verb != resource.Create {
		return nil
	}
	if _, err := permissionNamed(c.Session, r.Permission); err != nil {
		return fault.InvalidField("permission", "is none that there is; the refusal names it")
	}
	open, err := resource.SelectOne[int](c.Session, "SELECT count(*) FROM {access_request} WHERE requester = ? AND state = 'open'",
		c.Actor.ID)
	if err != nil {
		return err
	}
	if open >= mostOpen {
		return fault.New(fault.Conflict,
			"You asked for %d things that nobody answered yet. Speak to an administrator of the organization.", open)
	}
	if c.Actor.Kind == "user" {
		r.Requester = field.Ref(c.Actor.ID)
	}
	r.Title = c.Actor.Name + " asks for: " + words(c.Session, r.Permission)
	return nil
}

// mostOpen is how many requests of one person wait at a time.
const mostOpen = 20

// Allowance is how a request is granted.
type Allowance struct {
	Until  field.Time     `z:"help=When it ends by itself; empty is never."`
	Answer field.LongText `z:"max=500"`
}

// grant gives what was asked for on the row. What is asked for everywhere is a question of the role.
func (r *Request) grant(in *Allowance, s *resource.Session) error {
	if r.ResourceID == "" {
		return fault.New(fault.Conflict,
			"This is asked for everywhere, which a role gives: change the member's role, and refuse the request with a word about it.")
	}
	if _, err := Grants.Create(s, func(g *Grant) error {
		g.Permission, g.UserID, g.ResourceID, g.Until, g.Reason = r.Permission, r.Requester, r.ResourceID, in.Until, r.Reason
		return nil
	}); err != nil {
		return err
	}
	r.State, r.Answer = "granted", in.Answer
	return nil
}

// Refusal says why a request is refused.
type Refusal struct {
	Answer field.LongText `z:"required,max=500,help=Why, and what to do instead."`
}

func (r *Request) refuse(in *Refusal, _ *resource.Session) error {
	r.State, r.Answer = "refused", in.Answer
	return nil
}

// openRequests wait for an administrator.
var openRequests = module.HomeBlock{
	Kind:    "access_request",
	Title:   "Requests for access",
	Rank:    2,
	Filters: module.Where(module.Is("state", "open")),
	Counts:  []module.HomeCount{{Label: "Requests for access", Tone: "amber"}},
}
