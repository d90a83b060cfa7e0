package keys

import (
	"context"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/identity/tenants"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
	"zygo/app/rights"
)

// recognized is all that a request needs to know of its key, read in one query.
type recognized struct {
	Key
	TenantName, Slug, TenantZone string
	Role, Status                 *string
	TenantNetworks               field.Tags
	SuspendedAt, DeleteAt        field.Time
	Gone                         bool
	// only are the permissions that the key leaves.
	only map[string]bool
}

const recognizing = `SELECT k.*, t.name AS tenant_name, t.slug, coalesce(t.time_zone, '') AS tenant_zone, m.role, m.status,
	coalesce(t.networks, '[]') AS tenant_networks, t.suspended_at, t.delete_at, u.id IS NULL OR u.suspended_at IS NOT NULL AS gone
	FROM {api_key} k JOIN {tenant} t ON t.id = k.tenant_id LEFT JOIN {user} u ON u.id = k.owner_id
	LEFT JOIN {membership} m ON m.user_id = k.owner_id AND m.tenant_id = k.tenant_id
	WHERE (k.hash = ? OR k.former_hash = ?) AND k.state = 'active'`

// ActorKind is that of who acts by a key.
const ActorKind = "api_key"

// IsKey tells whether a bearer's token has the form of a key.
func IsKey(token string) bool { return strings.HasPrefix(token, Prefix) }

func refused(format string, args ...any) error {
	return fault.New(fault.Unauthenticated, format, args...)
}

// Program is who a key acts for, and how many requests it may make in a minute, 0 for as many as a person.
type Program struct {
	*people.Person
	PerMinute int
}

// Recognize finds what a program may do by its key. One that is unknown, revoked, late or used from elsewhere is a fault.
func (a *Service) Recognize(ctx context.Context, token string, origin resource.Origin) (*Program, error) {
	system, hash := a.kernel.System(ctx, "a key names its organization before anything else is known"), tokens.Hash(token)
	row, err := resource.Remembered(system, "key "+hash, func() (*recognized, []resource.Watch, error) {
		return find(system, hash)
	})
	if err != nil {
		return nil, err
	}
	if err := row.check(hash, system.Now, origin); err != nil {
		a.counts.add(row.TenantID, row.ID, origin.Address, system.Now, true)
		return nil, err
	}
	held, err := row.rights(a.kernel.Member(ctx, row.actor(), row.TenantID, nil, origin))
	if err != nil {
		return nil, err
	}
	p := &people.Person{Session: a.kernel.Member(ctx, row.actor(), row.TenantID, held, origin)}
	p.Tenant = tenants.Tenant{
		InstanceRow: resource.InstanceRow{ID: row.TenantID},
		Name:        row.TenantName,
		Slug:        row.Slug,
		TimeZone:    row.TenantZone,
	}
	return &Program{p, row.PerMinute}, nil
}

// Used counts a request that a program makes.
func (a *Service) Used(p *Program) {
	a.counts.add(p.Session.Tenant(), p.Actor.ID, p.Origin.Address, p.Now, false)
}

// find reads a key by its hash, with what decides it: a change of any of that ends what is remembered of it.
func find(system *resource.Session, hash string) (*recognized, []resource.Watch, error) {
	found, err := resource.Select[recognized](system, recognizing, hash, hash)
	if err == nil && len(found) == 0 {
		err = refused("This API key is not known. It was revoked, or is not whole.")
	}
	if err != nil {
		return nil, nil, err
	}
	row := &found[0]
	row.only = map[string]bool{}
	for _, p := range system.Kernel().Permissions() {
		chosen := row.Access == Some && slices.Contains(row.Scopes, p.Name)
		row.only[p.Name] = !p.InPerson && (row.Access == All || row.Access == Reads && p.Reads() || chosen)
	}
	return row, []resource.Watch{
		{Name: Kind.Name, Subject: row.TenantID},
		{Name: people.Memberships.Name, Subject: row.TenantID},
		{Name: tenants.Kind.Name, Subject: row.TenantID},
		{Name: people.Users.Name, Subject: string(row.OwnerID)},
	}, nil
}

// check refuses a key that is not good at this moment, or not from there. It is never remembered.
func (r *recognized) check(hash string, now field.Time, origin resource.Origin) error {
	active := r.Status != nil && *r.Status == string(people.Active) && !r.Gone
	switch {
	case r.ExpiresAt != 0 && r.ExpiresAt <= now:
		return refused("This API key has ended. Make another one under Settings, API keys.")
	case r.Hash != hash && r.FormerEnds <= now:
		return refused("This API key was made anew, and the one before is good no more.")
	case r.Acts == ForOwner && !active:
		return refused("This API key acts for somebody who is no active member of %s any more.", r.TenantName)
	case r.SuspendedAt != 0 || r.DeleteAt != 0:
		return fault.New(fault.Forbidden, "%s is suspended or being deleted.", r.TenantName)
	case !tenants.Admits(r.TenantNetworks, origin.Address):
		return fault.New(fault.Forbidden, "%s can be entered from its own networks only, and your address is %s.", r.TenantName, origin.Address)
	case !tenants.Admits(r.Networks, origin.Address):
		return fault.New(fault.Forbidden, "This API key can't be used from your address %s.", origin.Address)
	}
	return nil
}

func (r *recognized) actor() resource.Actor {
	actor := resource.Actor{Kind: ActorKind, ID: r.ID, Name: r.Name}
	if r.Acts == ForOwner {
		actor.OnBehalfOf = string(r.OwnerID)
	}
	return actor
}

// rights are those of the owner at this moment, or those that the organization gave it; never more than the key leaves.
func (r *recognized) rights(within *resource.Session) (*rights.Rights, error) {
	if r.Acts == ForOwner {
		held, err := within.RightsOf(string(r.OwnerID), *r.Role)
		if err != nil {
			return nil, err
		}
		return held.Only(r.only), nil
	}
	held, err := within.RightsOf("", resource.Viewer.String())
	if err != nil {
		return nil, err
	}
	given := *held
	given.Set, given.RoleID, given.RoleName = rights.Set{Added: r.only}, "", r.Name
	return given.Only(r.only), nil
}
