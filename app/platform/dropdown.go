package platform

import (
	"regexp"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// dropdownFields are what a dropdown value of an organization and one of the instance have in common.
type dropdownFields struct {
	Category string     `z:"required,max=50,list,short,help=Small letters and underscores, such as incident_source. It says which fields offer the value."`
	Value    string     `z:"required,max=100,list,search,short,help=What is stored and what the API shows."`
	Label    string     `z:"required,max=100,list,search,help=What people read."`
	Colour   field.Tone `z:"default=grey,list,short"`
	Position int64      `z:"list,short,help=The lowest stands first."`
}

// Dropdown is one value that forms offer in the fields of a category.
type Dropdown struct {
	resource.Row
	dropdownFields
	Hidden bool `z:"list,help=Forms no longer offer the value, also where the instance has it; rows keep it."`
}

// InstanceDropdown is a value that every organization is offered.
type InstanceDropdown struct {
	resource.InstanceRow
	dropdownFields
}

// Dropdowns is the kind of an organization.
var Dropdowns = resource.Kind[Dropdown]{
	Name: "dropdown", Label: "dropdown value", Area: "Data", Icon: "list-filter", Order: "category", Roles: content,
	Unique: [][]string{{"tenant_id", "category", "value"}}, Check: (*Dropdown).check,
	Help: "Dropdown values are what fields such as an incident's source offer. Yours stand beside those of the instance, and replace one of the same value.",
}

// InstanceDropdowns is the kind of the instance.
var InstanceDropdowns = resource.Kind[InstanceDropdown]{
	Name:      "instance_dropdown",
	Label:     "default dropdown value",
	Path:      "admin/content/dropdowns",
	Area:      "Operator",
	Icon:      "list-filter",
	Order:     "category",
	Operators: true,
	Visible:   everywhere,
	Unique:    [][]string{{"category", "value"}},
	Check:     (*InstanceDropdown).check,
	Help:      "Every organization is offered these values. It may add its own, and replace or hide one of these.",
}

var dropdownCategory = regexp.MustCompile(`^[a-z][a-z_]*$`)

func (d *dropdownFields) checkCategory() error {
	if !dropdownCategory.MatchString(d.Category) {
		return fault.InvalidField("category", "must be small letters and underscores, such as incident_source")
	}
	return nil
}

func (d *Dropdown) check(*resource.Change[Dropdown]) error { return d.checkCategory() }

func (d *InstanceDropdown) check(*resource.Change[InstanceDropdown]) error {
	return d.checkCategory()
}

// Choice is a dropdown value as forms offer it.
type Choice struct {
	Value  string     `json:"value"`
	Label  string     `json:"label"`
	Colour field.Tone `json:"colour"`
	// Source is organization or instance.
	Source string `json:"source"`

	position int64
}

// choices are the values of a category: the organization's in the place of the instance's.
func choices(s *resource.Session, category string) ([]Choice, error) {
	return resource.Cached(s, "dropdown "+category, []string{"dropdown", "instance_dropdown"}, func(s *resource.Session) ([]Choice, error) {
		own, err := resource.Select[Dropdown](s, "SELECT * FROM {dropdown} WHERE category = ?", category)
		if err != nil {
			return nil, err
		}
		common, err := resource.Select[InstanceDropdown](s, "SELECT * FROM {instance_dropdown} WHERE category = ?", category)
		if err != nil {
			return nil, err
		}
		all := []Choice{}
		for _, d := range own {
			if !d.Hidden {
				all = append(all, d.choice("organization"))
			}
		}
		for _, d := range common {
			if !slices.ContainsFunc(own, func(o Dropdown) bool { return o.Value == d.Value }) {
				all = append(all, d.choice("instance"))
			}
		}
		slices.SortFunc(all, func(a, b Choice) int {
			if a.position != b.position {
				return int(a.position - b.position)
			}
			return strings.Compare(a.Label, b.Label)
		})
		return all, nil
	})
}

func (d *dropdownFields) choice(source string) Choice {
	return Choice{d.Value, d.Label, d.Colour, source, d.Position}
}

func fieldChoices(all []Choice) []field.Choice {
	out := make([]field.Choice, len(all))
	for i, c := range all {
		out[i] = field.Choice{Value: c.Value, Label: c.Label, Tone: string(c.Colour)}
	}
	return out
}
