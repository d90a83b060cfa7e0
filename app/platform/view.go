package platform

import (
	"encoding/json"
	"net/url"
	"slices"
	"unicode/utf8"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/request"
	"zygo/app/resource"
)

// View is a list as a person keeps it: filters, search, order and columns under a name. It belongs to one person; who else
// sees it is a rule on single rows, which kinds don't have, so views have a table and operations of their own.
type View struct {
	N         int64
	ID        string
	TenantID  string
	OwnerID   string
	Kind      string
	Name      string
	Query     string
	Columns   string
	Shared    Sharing
	Version   int64
	CreatedAt field.Time
	UpdatedAt field.Time
}

// Sharing says who sees a view besides its owner.
type Sharing string

// Whom a view is shared with.
const (
	Nobody       Sharing = "nobody"
	Organization Sharing = "organization"
)

var views = viewTable()

func viewTable() *resource.Table {
	t := resource.NewTable[View]("view")
	t.Unique = [][]string{{"tenant_id", "owner_id", "kind", "name"}}
	return t
}

const (
	// mostViews is how many views one person keeps.
	mostViews    = 100
	longestName  = 60
	longestQuery = 4000
)

// Parameters are those of the list that the view shows.
func (v *View) Parameters() url.Values {
	// What is stored was encoded by this file.
	parameters, _ := url.ParseQuery(v.Query)
	return parameters
}

// ColumnNames are the fields that the view shows, none for those that the list has anyway.
func (v *View) ColumnNames() []string { return split(v.Columns) }

// ViewsOf are a person's views of a kind and those that others share, by name. An empty kind is all.
func ViewsOf(s *resource.Session, kind string) ([]View, error) {
	found, err := resource.Select[View](s,
		"SELECT * FROM {view} WHERE ? IN ('', kind) AND (owner_id = ? OR shared <> 'nobody') ORDER BY name, n LIMIT 500", kind, s.Actor.Person())
	return slices.DeleteFunc(found, func(v View) bool {
		of, ok := s.Kernel().Kind(v.Kind)
		return !ok || !s.May(of.Spec(), resource.List)
	}), err
}

// ViewOf finds a view that the person sees. Somebody else's private view does not exist.
func ViewOf(s *resource.Session, id string) (*View, error) {
	v, err := resource.SelectOne[View](s, "SELECT * FROM {view} WHERE id = ? AND (owner_id = ? OR shared <> 'nobody')", id, s.Actor.Person())
	if fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.NotFound, "This view does not exist, or you can't see it.")
	}
	return &v, err
}

// ViewChange is what a person sets of a view; what is nil stays.
type ViewChange struct {
	ID         string
	Name       *string
	Parameters map[string]string
	Columns    []string
	Shared     *Sharing
	// First makes it the view that opens first for the person.
	First *bool
}

// apply checks a change and makes it.
func (v *View) apply(s *resource.Session, in *ViewChange) error {
	kind, ok := s.Kernel().Kind(v.Kind)
	if !ok || !kind.Spec().Has(resource.List) {
		return fault.InvalidField("kind", "names no list")
	}
	if in.Name != nil {
		v.Name = field.Line(*in.Name)
	}
	if length := utf8.RuneCountInString(v.Name); length == 0 || length > longestName {
		return fault.InvalidField("name", "needs between 1 and 60 letters")
	}
	if in.Parameters != nil {
		parameters := url.Values{}
		for name, value := range in.Parameters {
			parameters.Set(name, value)
		}
		query, only, err := request.List(parameters)
		if err != nil || query.Page > 0 || query.Limit > 0 || query.Cursor != "" || only != nil || len(parameters.Encode()) > longestQuery {
			return fault.InvalidField("parameters", "takes filters, search, sort_by, sort_order and deleted, as a list does")
		}
		query.Limit = 1
		if _, err := kind.List(s, query); err != nil {
			return err
		}
		v.Query = parameters.Encode()
	}
	if in.Columns != nil {
		columns, err := columnsText(kind.Spec(), in.Columns)
		if err != nil {
			return err
		}
		v.Columns = columns
	}
	if in.Shared != nil && *in.Shared != v.Shared {
		if *in.Shared != Nobody && *in.Shared != Organization {
			return fault.InvalidField("shared", "is nobody or organization")
		}
		if err := s.RequirePermission("view:share"); err != nil {
			return err
		}
		v.Shared = *in.Shared
	}
	return nil
}

// CreateView keeps a new view of the person.
func CreateView(s *resource.Session, kind string, in *ViewChange) (*View, error) {
	if s.Tenant() == "" {
		return nil, fault.New(fault.Forbidden, "You are no member of an organization.")
	}
	v := &View{ID: resource.NewID(), OwnerID: s.Actor.Person(), Kind: kind, Shared: Nobody, Version: 1, CreatedAt: s.Now, UpdatedAt: s.Now}
	err := s.Write(func(s *resource.Session) error {
		kept, err := resource.SelectOne[int](s, "SELECT count(*) FROM {view} WHERE owner_id = ?", v.OwnerID)
		if err != nil {
			return err
		}
		if kept >= mostViews {
			return fault.New(fault.Conflict, "You keep %d views, which is the most. Delete one first.", kept)
		}
		if err := v.apply(s, in); err != nil {
			return err
		}
		if err := s.Insert(views, v); err != nil {
			return err
		}
		if err := v.setFirst(s, in.First); err != nil {
			return err
		}
		return s.RecordObject("view", "created", v.ID, "", v.object())
	})
	return v, err
}

// ChangeView changes a view of the person.
func ChangeView(s *resource.Session, in *ViewChange) (v *View, err error) {
	err = s.Write(func(s *resource.Session) error {
		if v, err = ViewOf(s, in.ID); err != nil {
			return err
		}
		if err := v.setFirst(s, in.First); err != nil {
			return err
		}
		if in.Name == nil && in.Parameters == nil && in.Columns == nil && in.Shared == nil {
			return nil
		}
		if v.OwnerID != s.Actor.Person() {
			return fault.New(fault.Forbidden, "This view belongs to somebody else. Keep a view of your own with what it shows.")
		}
		if err := v.apply(s, in); err != nil {
			return err
		}
		v.Version, v.UpdatedAt = v.Version+1, s.Now
		_, err := s.Change(views, []resource.Pair{
			{Column: "name", Value: v.Name},
			{Column: "query", Value: v.Query},
			{Column: "columns", Value: v.Columns},
			{Column: "shared", Value: string(v.Shared)},
			{Column: "version", Value: v.Version},
			{Column: "updated_at", Value: int64(v.UpdatedAt)},
		}, []resource.Pair{{Column: "id", Value: v.ID}})
		if err != nil {
			return err
		}
		return s.RecordObject("view", "updated", v.ID, "", v.object())
	})
	return v, err
}

// DeleteView removes a view of the person, or for an administrator one that is shared.
func DeleteView(s *resource.Session, id string) error {
	return s.Write(func(s *resource.Session) error {
		v, err := ViewOf(s, id)
		if err != nil {
			return err
		}
		if v.OwnerID != s.Actor.Person() && !s.Holds("view:delete") {
			return fault.New(fault.Forbidden,
				"This view belongs to somebody else. Its owner or an administrator of the organization can delete it.")
		}
		if _, err := s.Erase(views, resource.Pair{Column: "id", Value: id}); err != nil {
			return err
		}
		if _, err := s.Change(listPreferences, []resource.Pair{
			{Column: "view_id", Value: ""},
		}, []resource.Pair{{Column: "view_id", Value: id}}); err != nil {
			return err
		}
		return s.RecordObject("view", "deleted", id, "", v.object())
	})
}

func (v *View) object() field.JSON {
	// A struct of texts always encodes.
	text, _ := json.Marshal(v.shown(false))
	return field.JSON(text)
}
