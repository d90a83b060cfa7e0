package platform

import (
	"regexp"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Variable is a text that workflows use by its name, such as the address of a service that differs between workspaces.
type Variable struct {
	resource.Row
	Name        string         `z:"required,max=100,list,search,help=Letters, digits and underscores; workflows use it as $vars.NAME."`
	Value       field.LongText `z:"max=20000,list,search,help=Everybody who sees workflows may read it. What nobody may read is a secret."`
	Description string         `z:"max=500,search"`
}

// Variables is the kind. One of a workspace stands for one of the organization that has the same name.
var Variables = resource.Kind[Variable]{
	Name: "variable", Path: "settings/environment", API: "env-vars", Area: "Data", Icon: "braces", Order: "name", Shared: true,
	Help: "A variable is a text that workflows use as $vars.NAME, so that what differs between workspaces stands in one place. One of a " +
		"workspace takes the place of the organization's with the same name.",
	Unique: [][]string{{"tenant_id", "workspace_id", "name"}},
	Check:  (*Variable).check,
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (v *Variable) check(*resource.Change[Variable]) error {
	if !variableName.MatchString(v.Name) {
		return fault.InvalidField("name", "must be letters, digits and underscores, and begin with no digit, such as SHOP_URL")
	}
	return nil
}
