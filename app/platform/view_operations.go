package platform

import (
	"zygo/app/field"
	"zygo/app/operation"
	"zygo/app/resource"
)

// viewOperations are what the API offers of views.
var viewOperations = []operation.Operation{
	operation.Operate("GET", "views", "", "List your views and those that others share; kind picks those of one kind", listViews),
	operation.Operate("POST", "views", "", "Keep a view: the filters, search, order and columns of a list under a name", createView).Creating(),
	operation.Operate("PATCH", "views/{id}", "", "Change a view, or make it the one that opens first for you", changeView),
	operation.Operate("DELETE", "views/{id}", "", "Delete a view of yours; administrators may delete shared ones", deleteView),
}

// viewOutput is a view as the API shows it.
type viewOutput struct {
	ID         string            `json:"id"`
	Kind       string            `json:"kind"`
	Name       string            `json:"name"`
	Parameters map[string]string `json:"parameters"`
	Columns    []string          `json:"columns"`
	Shared     Sharing           `json:"shared"`
	OwnerID    string            `json:"owner_id"`
	First      bool              `json:"first"`
	Version    int64             `json:"version"`
	CreatedAt  field.Time        `json:"created_at"`
	UpdatedAt  field.Time        `json:"updated_at"`
}

func (v *View) shown(first bool) viewOutput {
	out := viewOutput{ID: v.ID, Kind: v.Kind, Name: v.Name, Parameters: map[string]string{}, Columns: v.ColumnNames(), Shared: v.Shared,
		OwnerID: v.OwnerID, First: first, Version: v.Version, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt}
	for name := range v.Parameters() {
		out.Parameters[name] = v.Parameters().Get(name)
	}
	if out.Columns == nil {
		out.Columns = []string{}
	}
	return out
}

func (v *View) answer(s *resource.Session) (viewOutput, error) {
	look, err := ListPreferenceOf(s, v.Kind)
	return v.shown(look.ViewID == v.ID), err
}

type viewsInput struct {
	Kind string
}

func listViews(s *resource.Session, in *viewsInput) ([]viewOutput, error) {
	found, err := ViewsOf(s, in.Kind)
	if err != nil {
		return nil, err
	}
	first, err := resource.Select[string](s, "SELECT view_id FROM {list_preference} WHERE user_id = ? AND view_id <> ''", s.Actor.Person())
	if err != nil {
		return nil, err
	}
	opensFirst := map[string]bool{}
	for _, id := range first {
		opensFirst[id] = true
	}
	out := make([]viewOutput, len(found))
	for i := range found {
		out[i] = found[i].shown(opensFirst[found[i].ID])
	}
	return out, nil
}

type createViewInput struct {
	Kind       string
	Name       string
	Parameters map[string]string
	Columns    []string
	Shared     *Sharing
	First      *bool
}

func createView(s *resource.Session, in *createViewInput) (viewOutput, error) {
	if in.Parameters == nil {
		in.Parameters = map[string]string{}
	}
	v, err := CreateView(s, in.Kind, &ViewChange{
		Name:       &in.Name,
		Parameters: in.Parameters,
		Columns:    in.Columns,
		Shared:     in.Shared,
		First:      in.First,
	})
	if err != nil {
		return viewOutput{}, err
	}
	return v.answer(s)
}

func changeView(s *resource.Session, in *ViewChange) (viewOutput, error) {
	v, err := ChangeView(s, in)
	if err != nil {
		return viewOutput{}, err
	}
	return v.answer(s)
}

type viewID struct {
	ID string
}

func deleteView(s *resource.Session, in *viewID) (operation.Done, error) {
	return operation.Done{}, DeleteView(s, in.ID)
}
