package keys

import (
	"slices"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/tenants"
	"zygo/app/resource"
	"zygo/app/rights"
)

// Key lets a program use the API for the person who made it, or for the organization.
type Key struct {
	resource.Row
	Name    string     `z:"required,max=100,list,help=What uses it, such as the backup of the web server."`
	OwnerID field.Ref  `z:"to=user,inverse=API keys,readonly,list,filter,label=Owner"`
	Acts    Acting     `z:"required,default=owner,list,label=Acts for"`
	Access  Access     `z:"required,default=read,list"`
	Scopes  field.Tags `z:"max=200,dropdown=any_permission,label=Permissions,when=access:some"`
	// Start are the first letters of the key, by which people recognize it.
	Start      string     `z:"readonly,max=20,list,label=Begins with"`
	State      State      `z:"readonly,default=active,list,filter"`
	ExpiresAt  field.Time `z:"list,label=Ends,help=It never does when empty."`
	Networks   field.Tags `z:"max=20,fold,label=Used from,help=Networks or addresses, such as 203.0.113.0/24. Everywhere when empty."`
	PerMinute  int        `z:"min=0,max=100000,fold,short,label=Requests in a minute,help=0 lets it make as many as a person."`
	LastUsedAt field.Time `z:"readonly,list,label=Last used"`
	LastFrom   string     `z:"readonly,max=64,label=Last used from"`
	// Hash is that of the key, and FormerHash that of the one before, which is good until FormerEnds.
	Hash       string     `z:"internal,max=64"`
	FormerHash string     `z:"internal,max=64"`
	FormerEnds field.Time `z:"readonly,label=The key before is good until"`
}

// Acting is for whom a key acts.
type Acting string

// A key of its owner may never do more than they may at that moment, and ends with their membership. One of the organization stays
// when its maker goes.
const (
	ForOwner        Acting = "owner"
	ForOrganization Acting = "organization"
)

// Choices are those for whom a key may act.
func (Acting) Choices() []field.Choice {
	return []field.Choice{{Value: string(ForOwner), Label: "Its owner"}, {Value: string(ForOrganization), Label: "The organization"}}
}

// Access is what a key may do.
type Access string

// A key reads all, does all, or has some permissions. In each case no more than who made it.
const (
	Reads Access = "read"
	All   Access = "all"
	Some  Access = "some"
)

// Choices are what a key may do.
func (Access) Choices() []field.Choice {
	return []field.Choice{{Value: string(Reads), Label: "Read everything that you may read"},
		{Value: string(Some), Label: "What you choose"}, {Value: string(All), Label: "Everything that you may do"}}
}

// State tells whether a key is good.
type State string

// A revoked key never comes back.
const (
	Active  State = "active"
	Revoked State = "revoked"
)

// Choices are the states.
func (State) Choices() []field.Choice {
	return []field.Choice{{Value: string(Active), Label: "Active", Tone: "green"}, {Value: string(Revoked), Label: "Revoked"}}
}

// Kind is that of the keys. Its rows are made by an operation, which alone knows the key.
var Kind = resource.Kind[Key]{
	Name: "api_key", Label: "API key", Path: "settings/api-keys", API: "api-keys", Area: "Access", Icon: "key-round", State: "state",
	Help:  "An API key lets a program work with what the organization has.",
	Verbs: []string{resource.List, resource.Get, resource.Update, resource.Delete},
	Owner: "owner_id", InPerson: true,
	Roles: map[string]resource.Role{
		resource.Create: resource.Viewer,
		resource.Update: resource.Viewer,
		resource.Delete: resource.Viewer,
		"rotate":        resource.Viewer,
		"revoke":        resource.Viewer,
		ofOrganization:  resource.Admin,
	},
	Indexes: []resource.Index{
		{Columns: []string{"hash"}, Across: true},
		{Columns: []string{"former_hash"}, Across: true},
		{Columns: []string{"owner_id"}},
		{Columns: []string{"state"}},
	},
	Check: (*Key).check,
	Actions: []resource.Action[Key]{
		{Name: "revoke", Icon: "ban", Danger: true, When: (*Key).isActive, Do: (*Key).revoke},
	},
}

// ofOrganization is the verb of keys that act for the organization.
const ofOrganization = "organize"

func (k *Key) isActive() bool { return k.State == Active }

func (k *Key) revoke(*resource.Session) error {
	k.State, k.Hash, k.FormerHash, k.FormerEnds = Revoked, "", "", 0
	return nil
}

// check keeps a key to what the person who writes it may do themselves.
func (k *Key) check(c *resource.Change[Key]) error {
	if c.Verb == resource.Delete {
		return k.revoke(c.Session)
	}
	if k.State != Active || c.Verb == resource.Restore {
		return nil
	}
	if err := tenants.Mask("networks", k.Networks); err != nil {
		return err
	}
	if c.Before != nil && k.isLike(c.Before) {
		return nil
	}
	if k.ExpiresAt != 0 && k.ExpiresAt <= c.Now {
		return fault.InvalidField("expires_at", "has passed")
	}
	if c.Before != nil && string(k.OwnerID) != c.Actor.Person() {
		return fault.New(fault.Forbidden, "The key belongs to somebody else: you can revoke it, and what it may do is up to them.")
	}
	if err := c.RequireRecent(); err != nil {
		return err
	}
	if k.Acts == ForOrganization {
		if err := c.RequireNamed("api_key:" + ofOrganization); err != nil {
			return err
		}
	}
	return k.checkScopes(c.Session)
}

// isLike tells whether the key may do the same as before, as long and from the same places.
func (k *Key) isLike(before *Key) bool {
	return k.Acts == before.Acts && k.Access == before.Access && slices.Equal(k.Scopes, before.Scopes) &&
		slices.Equal(k.Networks, before.Networks) && k.ExpiresAt == before.ExpiresAt && k.PerMinute == before.PerMinute
}

// checkScopes refuses what no key has, and what the person lacks. A key of the organization has what its maker may do everywhere;
// one of its owner may do on some rows what they may do on those alone.
func (k *Key) checkScopes(s *resource.Session) error {
	if k.Acts == ForOrganization && k.Access != Some {
		k.Scopes = scopesOf(s, k.Access)
		k.Access = Some
	}
	if k.Access != Some {
		k.Scopes = nil
		return nil
	}
	if len(k.Scopes) == 0 {
		return fault.InvalidField("scopes", "choose what the key may do")
	}
	for _, name := range k.Scopes {
		p, ok := permissionNamed(s, name)
		switch {
		case !ok:
			return fault.InvalidField("scopes", "holds %q, which is no permission", name)
		case p.InPerson:
			return fault.InvalidField("scopes", "holds %q, which is for people alone", name)
		case !s.MayNamed(name) || k.Acts == ForOrganization && !s.Rights.Everywhere(p):
			return fault.InvalidField("scopes", "holds %q, which you may not do yourself", name)
		}
	}
	return nil
}

// scopesOf are the permissions that a person can give a key: those to read, or all.
func scopesOf(s *resource.Session, access Access) (scopes field.Tags) {
	for _, p := range s.Kernel().Permissions() {
		if !p.InPerson && (access == All || p.Reads()) && s.Rights.Everywhere(p) {
			scopes = append(scopes, p.Name)
		}
	}
	return scopes
}

func permissionNamed(s *resource.Session, name string) (rights.Permission, bool) {
	for _, p := range s.Kernel().Permissions() {
		if p.Name == name {
			return p, true
		}
	}
	return rights.Permission{}, false
}
