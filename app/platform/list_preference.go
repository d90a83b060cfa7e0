package platform

import (
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/resource"
)

// ListPreference is how one person wants the list of one kind. It changes nothing for anybody else, so the ledger does not hold it.
type ListPreference struct {
	TenantID string
	UserID   string
	Kind     string
	Columns  string
	// ViewID is the view that opens first, empty for the whole list.
	ViewID string
}

var listPreferences = listPreferenceTable()

func listPreferenceTable() *resource.Table {
	t := resource.NewTable[ListPreference]("list_preference")
	t.Key = []string{"tenant_id", "user_id", "kind"}
	return t
}

// Showable names the fields that a list of the kind can show, as they are declared.
func Showable(spec *resource.Spec) []string {
	var names []string
	for _, f := range spec.Fields {
		if !f.Internal && f.Name != "tenant_id" && (f.Name != "workspace_id" || !f.Standard) {
			names = append(names, f.Name)
		}
	}
	return names
}

// ColumnNames are the fields that the person wants to see, none for the usual ones.
func (l ListPreference) ColumnNames() []string { return split(l.Columns) }

// ListPreferenceOf is how the person wants the list of a kind.
func ListPreferenceOf(s *resource.Session, kind string) (ListPreference, error) {
	user := s.Actor.Person()
	look, err := resource.SelectOne[ListPreference](s, "SELECT * FROM {list_preference} WHERE user_id = ? AND kind = ?", user, kind)
	if fault.Is(err, fault.NotFound) {
		return ListPreference{UserID: user, Kind: kind}, nil
	}
	return look, err
}

// ChooseColumns keeps the columns of a person's list; none is the usual ones.
func ChooseColumns(s *resource.Session, spec *resource.Spec, names []string) error {
	columns, err := columnsText(spec, names)
	if err != nil {
		return err
	}
	return changeListPreference(s, spec.Name, func(look *ListPreference) { look.Columns = columns })
}

// setFirst makes the view the one that opens first for the person, or no longer so.
func (v *View) setFirst(s *resource.Session, first *bool) error {
	if first == nil {
		return nil
	}
	return changeListPreference(s, v.Kind, func(look *ListPreference) {
		if *first {
			look.ViewID = v.ID
		} else if look.ViewID == v.ID {
			look.ViewID = ""
		}
	})
}

func changeListPreference(s *resource.Session, kind string, change func(look *ListPreference)) error {
	return s.Write(func(s *resource.Session) error {
		look, err := ListPreferenceOf(s, kind)
		if err != nil {
			return err
		}
		change(&look)
		return s.Put(listPreferences, &look)
	})
}

// columnsText checks the names of columns and joins them.
func columnsText(spec *resource.Spec, names []string) (string, error) {
	for _, name := range names {
		if !slices.Contains(Showable(spec), name) {
			return "", fault.InvalidField("columns", "can hold fields that a list shows, and not %q", name)
		}
	}
	return strings.Join(names, ","), nil
}

func split(names string) []string {
	if names == "" {
		return nil
	}
	return strings.Split(names, ",")
}
