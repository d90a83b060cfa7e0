package platform

import (
	"regexp"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Secret is a value that workflows use by its name and that nobody reads back.
type Secret struct {
	resource.Row
	Name        string       `z:"required,max=100,list,search,unique,help=Capital letters, digits and underscores; workflows use it as $secrets.NAME."`
	Value       field.Secret `z:"required,max=65536,help=Shown to nobody again once it is stored."`
	Description string       `z:"max=500,list,search"`
}

// Secrets is the kind.
var Secrets = resource.Kind[Secret]{
	Name: "secret", Area: "Data", Icon: "key", Order: "name",
	Help:  "A secret is a password, key or token that workflows use without anybody seeing it.",
	Roles: map[string]resource.Role{resource.Create: resource.Admin, resource.Update: resource.Admin, resource.Delete: resource.Admin},
	Check: (*Secret).check,
}

// Secret opens a secret of the session's organization.
func (keeper) Secret(s *resource.Session, name string) (string, error) {
	found, err := resource.Select[Secret](s, "SELECT id, value FROM {secret} WHERE name = ?", name)
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", fault.New(fault.NotFound, "There is no secret %q. Make it under Settings, Secrets.", name)
	}
	return s.Reveal(found[0].Value, found[0].ID, "value")
}

var secretName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

func (s *Secret) check(*resource.Change[Secret]) error {
	if !secretName.MatchString(s.Name) {
		return fault.InvalidField("name", "must be capital letters, digits and underscores, such as GITHUB_WEBHOOK_SECRET")
	}
	return nil
}
