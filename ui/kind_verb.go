package ui

import (
	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/operation"
	"zygo/app/resource"
)

// verb is what a person can do with a row and not with all kinds: an action of its kind, or an operation with a button.
type verb struct {
	resource.ActionSpec
	// question says what a dangerous one does.
	question string
	may      func(v *visit, kind resource.Resource, record resource.Record) bool
	do       func(v *visit, kind resource.Resource, id string, in resource.Input) error
}

// verbs are those of a kind.
func (s *Site) verbs(spec *resource.Spec) []verb {
	var all []verb
	for _, a := range spec.Actions {
		all = append(all, verb{
			ActionSpec: a,
			may: func(v *visit, kind resource.Resource, record resource.Record) bool {
				return kind.May(v.person.Session, record, a.Name)
			},
			do: func(v *visit, kind resource.Resource, id string, in resource.Input) error {
				_, err := kind.Act(v.person.Session, id, a.Name, 0, in)
				return err
			},
		})
	}
	for _, b := range s.buttons[spec.Name] {
		all = append(all, pressed(b))
	}
	return all
}

func pressed(o *buttoned) verb {
	b := o.Button
	var asked []*field.Field
	for _, f := range o.fields {
		if !o.InPath(f) {
			asked = append(asked, f)
		}
	}
	return verb{
		ActionSpec: resource.ActionSpec{Name: b.Verb, Label: b.Label, Icon: b.Icon, Danger: b.Danger, Fields: asked},
		question:   b.Question,
		may: func(v *visit, _ resource.Resource, record resource.Record) bool {
			return (b.When == nil || b.When(record)) && (o.Permission == "" || v.person.MayNamed(o.Permission))
		},
		do: func(v *visit, _ resource.Resource, id string, in resource.Input) error {
			in["id"] = resource.Text(id)
			return v.call(&o.Operation, o.fields, in)
		},
	}
}

// call carries an operation out for the person, with the cookies that it sets.
func (v *visit) call(o *operation.Operation, fields []*field.Field, in resource.Input) error {
	c := &operation.Call{Session: v.person.Session, Caller: v.person, Browser: true, Cookie: v.Kept, Slowed: v.Slowed}
	err := o.Permit(c, in)
	if err == nil {
		_, err = o.Run(c, fields, in)
	}
	v.setCookies(c.Cookies...)
	return err
}

// verbRoutes are the pages of a kind's verbs: a form for those that ask for something, and what carries them out.
func (s *Site) verbRoutes(kind resource.Resource, add func(method, path, verb string, handler edge.Handler)) {
	for _, does := range s.verbs(kind.Spec()) {
		if does.Fields != nil {
			add("GET", "/"+does.Name, does.Name, s.askVerb(kind, does))
		}
		add("POST", "/"+does.Name, does.Name, s.act(kind, does))
	}
}
