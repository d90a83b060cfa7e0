package kinds

import (
	"zygo/app/field"
	"zygo/app/operation"
	"zygo/app/resource"
	"zygo/ui/web"
)

// Moving rows to another workspace, and giving members another role, changes who may do what. The form says who gains and
// who loses something before it does it: the button then does what was looked at most recently.

const (
	MoveVerb   = "move"
	AssignVerb = "role"
)

// verb is what a person can do with a row and not with all kinds: an action of its kind, or an operation with a button.
type verb struct {
	resource.ActionSpec
	// question says what a dangerous one does.
	question string
	may      func(v *web.Visit, kind resource.Resource, record resource.Record) bool
	do       func(v *web.Visit, kind resource.Resource, id string, in resource.Input) error
}

// verbs are those of a kind.
func verbs(s *web.Site, spec *resource.Spec) []verb {
	var all []verb
	for _, a := range spec.Actions {
		all = append(all, verb{
			ActionSpec: a,
			may: func(v *web.Visit, kind resource.Resource, record resource.Record) bool {
				return kind.May(v.Person.Session, record, a.Name)
			},
			do: func(v *web.Visit, kind resource.Resource, id string, in resource.Input) error {
				_, err := kind.Act(v.Person.Session, id, a.Name, 0, in)
				return err
			},
		})
	}
	for _, b := range s.Buttons[spec.Name] {
		all = append(all, pressed(b))
	}
	return all
}

func pressed(o *web.Buttoned) verb {
	b := o.Button
	var asked []*field.Field
	for _, f := range o.Fields {
		if !o.InPath(f) {
			asked = append(asked, f)
		}
	}
	return verb{
		ActionSpec: resource.ActionSpec{Name: b.Verb, Label: b.Label, Icon: b.Icon, Danger: b.Danger, Fields: asked},
		question:   b.Question,
		may: func(v *web.Visit, _ resource.Resource, record resource.Record) bool {
			return (b.When == nil || b.When(record)) && (o.Permission == "" || v.Person.MayNamed(o.Permission))
		},
		do: func(v *web.Visit, _ resource.Resource, id string, in resource.Input) error {
			in["id"] = resource.Text(id)
			return call(v, &o.Operation, o.Fields, in)
		},
	}
}

// call carries an operation out for the person, with the cookies that it sets.
func call(v *web.Visit, o *operation.Operation, fields []*field.Field, in resource.Input) error {
	c := &operation.Call{Session: v.Person.Session, Caller: v.Person, Browser: true, Cookie: v.Kept, Slowed: v.Slowed}
	err := o.Permit(c, in)
	if err == nil {
		_, err = o.Run(c, fields, in)
	}
	v.SetCookies(c.Cookies...)
	return err
}
