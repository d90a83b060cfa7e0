package flow

import (
	"zygo/app/fault"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/value"
)

// HostedForm is the form that an address leads to.
type HostedForm struct {
	*node.Form
	// Tenant is the id of its organization.
	Tenant string

	hook    hook
	program *program
	unit    *unit
}

// FormsPath is where the hosted forms are, each behind its organization.
const FormsPath = "/forms/"

// ErrNoForm is the answer where no form is.
var ErrNoForm = fault.New(fault.NotFound, "There is no form at this address. Ask who gave it to you for the right one.")

// FormAt finds the form at a path of an organization, which is named as for webhooks.
func (e *Engine) FormAt(tenant, path string) (*HostedForm, error) {
	id, err := e.organization(tenant)
	if fault.Is(err, fault.NotFound) {
		return nil, ErrNoForm
	}
	if err != nil {
		return nil, err
	}
	found, err := resource.Select[hook](e.session(id, "", ""), "SELECT * FROM {hook} WHERE form = ? AND path = ?", true, path)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNoForm
	}
	p, unit, err := e.behind(found[0])
	if err != nil {
		return nil, err
	}
	form, ok := node.FormOf(unit.compiled)
	if !ok {
		return nil, ErrNoForm
	}
	return &HostedForm{form, found[0].TenantID, found[0], p, unit}, nil
}

// SubmitForm starts the form's workflow with what was sent. By is the session of the member who sent it, nil for a stranger, for whom it
// acts as nobody.
func (e *Engine) SubmitForm(f *HostedForm, sent value.Value, by *resource.Session) error {
	if trap := sent.Get(node.FormTrap); trap.Kind() == value.StringKind && trap.Raw() != "" {
		return nil // a program filled it in, and learns nothing from the answer
	}
	values, err := f.Read(sent)
	if err != nil {
		return err
	}
	if err := e.mayCall(f.hook); err != nil {
		return err
	}
	about := []value.Member{{Key: "submitted_at", Value: value.String(e.kernel.Now().String())}}
	if by != nil {
		about = append(about, value.Member{Key: "member", Value: value.Object(
			value.Member{Key: "id", Value: value.String(by.Actor.ID)}, value.Member{Key: "name", Value: value.String(by.Actor.Name)})})
	}
	values = append(values, value.Member{Key: node.FormAbout, Value: value.Object(about...)})
	r, err := e.newRun(f.program, Start{Trigger: "form", NodeID: f.unit.ID, Input: []value.Item{{JSON: value.Object(values...)}}})
	if err != nil {
		return err
	}
	return e.begin(r, func() error { return r.flush(nil) })
}
